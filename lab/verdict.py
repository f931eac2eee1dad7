"""Compares what the diagnoser says of a recording with what its scenario expects."""

from __future__ import annotations

import base64
import re
from typing import Any

from diagnoser import diagnose
from diagnoser.render import json
from lab.recorder import Recording
from lab.scenario import HEALTHY, UNCLEAR, Scenario

COLOUR = re.compile(r"\x1b\[[0-9;]*m")  # the legacy builder colours each write of a step, even half a word


def flaw(recording: Recording) -> str | None:
    """Why the recording itself is not what the scenario promises, or None."""
    scenario = recording.scenario
    if scenario.fails == (recording.status == 0):
        return f"ended with status {recording.status}"
    return None if _shown(scenario, _readable(recording.log)) else f"does not print {scenario.shows}"


def report(log: bytes) -> dict[str, Any]:
    """The diagnoser's report of a log, as plain values."""
    return json.report(diagnose(log))


def disagreement(recording: Recording, document: dict[str, Any]) -> str | None:
    """What in the report differs from the scenario's cause, evidence or step; None when all agree."""
    scenario, found = recording.scenario, document["diagnoses"]
    if scenario.cause == HEALTHY:
        return (
            None
            if document["outcome"] != "failed" and not found
            else f"false alarm: {_first(found) or document['outcome']}"
        )
    if scenario.cause == UNCLEAR:
        return f"claims {_first(found)}" if found and found[0]["confidence"] == "high" else None
    if not found:
        return "no cause found"
    if found[0]["id"] not in (scenario.cause, *scenario.also):
        return f"says {found[0]['id']}"
    if not any(_shown(scenario, part["text"]) for part in found[0]["evidence"]):
        return f"rests on {[part['text'] for part in found[0]['evidence']]}"
    named = document["failing_step"] or {}
    step = f"{named.get('name')} {named.get('instruction')}"
    return None if scenario.step in step or recording.target.format == "quiet" else f"names the step {step!r}"


def _readable(log: bytes) -> str:
    """The log, and under it what rawjson holds in base64."""
    chunks = b"".join(base64.b64decode(chunk) for chunk in re.findall(rb'"data": ?"([A-Za-z0-9+/=]*)"', log))
    return (log + b"\n" + chunks).decode(errors="replace")


def _shown(scenario: Scenario, text: str) -> bool:
    plain = COLOUR.sub("", text)
    return not scenario.shows or any(words in plain for words in scenario.shows)


def _first(found: list[dict[str, Any]]) -> str:
    return str(found[0]["id"]) if found else ""
