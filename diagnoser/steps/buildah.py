"""buildah and podman build: `STEP n/m: …` of each stage. Source: containers/buildah `imagebuildah/stage_executor.go`."""

from __future__ import annotations

import re
from collections.abc import Sequence

from diagnoser.lines import Line, Wrapper, read_line
from diagnoser.steps import Log
from diagnoser.steps.draft import Draft, exit_code
from diagnoser.text import Text

_STEP = re.compile(r"(?:\[(\d+)/\d+\] )?STEP (\d+)(?:/\d+)?: (.*)")
_FROM = re.compile(r"FROM\s+\S+(?:\s+AS\s+(\S+))?", re.IGNORECASE)
_ERROR = re.compile(r"(?:Error: )?(?:error )?(?:building|build error) at STEP")
_IMAGE = re.compile(r"[0-9a-f]{64}")
_TAIL = 64  # bytes in which a log's last line ends


def recognise(line: Line) -> bool:
    return bool(_STEP.match(line.text) or _ERROR.match(line.text))


def read(text: Text, wrapper: Wrapper, lines: Sequence[Line]) -> Log:
    draft = Draft(text, wrapper)
    step: int | None = None
    stages: dict[str, str | None] = {}
    for line in lines:
        match = _STEP.match(line.text)
        if match:
            if step is not None and draft.steps[step].state == "open":
                draft.learn(step, state="done")
            named = _FROM.match(match[3])
            if named:
                stages[match[1] or ""] = named[1]
            step = draft.add(
                line.start, line.text.split(":", 1)[0], stage=stages.get(match[1] or ""), instruction=match[3].strip()
            )
            draft.enter(line.end + 1, step, "output")
        elif _ERROR.match(line.text):
            draft.failed = True
            if step is not None:
                draft.learn(step, state="failed", exit_code=exit_code(line.text))
        elif line.text.startswith("Successfully tagged ") or line.text.startswith("COMMIT"):
            if step is not None and draft.steps[step].state == "open":
                draft.learn(step, state="done")
            draft.succeeded = not draft.failed
    if step is not None and draft.steps[step].state == "open" and not draft.failed and _ends_with_image(text, wrapper):
        draft.learn(step, state="done")
        draft.succeeded = True
    return draft.log("buildah")


def _ends_with_image(text: Text, wrapper: Wrapper) -> bool:
    """An untagged image that was built: its id alone is the last line."""
    tail = bytes(text.data[-_TAIL:])
    end = len(text.data) - len(tail) + len(tail.rstrip())
    return end > 0 and bool(_IMAGE.fullmatch(read_line(text, end - 1, wrapper).text))
