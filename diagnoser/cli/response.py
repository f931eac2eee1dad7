"""What a failure means to CI, by its root cause: the table `[response]` of the settings file.

    [response]
    transient = "retry"
    "modules/*" = "warn"
    "modules/checksum-mismatch" = "fail"

An id goes before its area, an area before `transient`; what nothing names fails.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import TYPE_CHECKING, Literal, get_args

if TYPE_CHECKING:
    from diagnoser.diagnosis import Diagnosis

Action = Literal["fail", "retry", "warn", "pass"]
Response = Mapping[str, Action]
ACTIONS: tuple[Action, ...] = get_args(Action)
FAIL, RETRY = 1, 75  # exit codes; 75 is EX_TEMPFAIL of sysexits.h: it may work when tried again


def flaw(response: object) -> str | None:
    """What is wrong with the form of the table."""
    if not isinstance(response, dict):
        return f"response: must be a table of causes and actions ({', '.join(ACTIONS)})"
    for key, action in response.items():
        if key != "transient" and key.count("/") != 1:
            known = 'an id ("modules/proxy-timeout"), an area ("modules/*") or "transient"'
            return f"response: {key!r} is no cause; name {known}"
        if action not in ACTIONS:
            return f"response: {key}: {action!r} is no action; the actions are {', '.join(ACTIONS)}"
    return None


def unknown(response: Response, ids: Collection[str]) -> str | None:
    """What the table names and the catalogue does not have."""
    areas = {f"{i.split('/')[0]}/*" for i in ids} if response else set()
    for key in response:
        if key != "transient" and key not in ids and key not in areas:
            from difflib import get_close_matches

            near = get_close_matches(key, [*ids, *areas], n=2, cutoff=0.5)
            hint = f"did you mean {' or '.join(near)}?" if near else "see: diagnoser list"
            return f"response: no root cause {key!r}; {hint}"
    return None


def action(diagnosis: Diagnosis, response: Response) -> Action | None:
    """What the table says to the root cause, if it says anything."""
    if not diagnosis.diagnoses:
        return None
    root = diagnosis.diagnoses[0]
    named = response.get(root.id) or response.get(f"{root.id.split('/')[0]}/*")
    return named or (response.get("transient") if root.transient else None)


def exit_code(diagnosis: Diagnosis, response: Response) -> int:
    """Of `diagnoser LOG`: 0 without a failure or where it is to pass, 75 where the build is to be run again, else 1."""
    if diagnosis.outcome != "failed":
        return 0
    return {"pass": 0, "warn": 0, "retry": RETRY}.get(action(diagnosis, response) or "fail", FAIL)


def warning(diagnosis: Diagnosis, response: Response) -> str | None:
    """The line that goes with `warn`."""
    if diagnosis.outcome == "failed" and action(diagnosis, response) == "warn":
        root = diagnosis.diagnoses[0]
        return f"warning: {root.title} ({root.id}); let pass by the settings"
    return None
