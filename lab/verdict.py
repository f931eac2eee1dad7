"""Compares what the diagnoser says of a recording with what its scenario expects."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from typing import Any

from lab.home import REPOSITORY
from lab.recorder import Recording
from lab.scenario import HEALTHY, UNCLEAR, Scenario


COLOUR = re.compile(r"\x1b\[[0-9;]*m")  # the legacy builder colours each write of a step, even half a word


def flaw(recording: Recording) -> str | None:
    """Why the recording itself is not what the scenario promises, or None."""
    scenario = recording.scenario
    if scenario.fails == (recording.status == 0):
        return f"ended with status {recording.status}"
    readable = recording.target.format not in ("tty", "rawjson")
    return None if not readable or _shown(scenario, recording.log.decode(errors="replace")) else f"does not print {scenario.shows}"


def report(log: bytes) -> dict[str, Any] | None:
    """The diagnoser's JSON report of a log; None as long as there is no diagnoser that gives one."""
    run = [sys.executable, "-m", "diagnoser", "--format", "json"]
    done = subprocess.run(run, input=log, capture_output=True, cwd=REPOSITORY)
    try:
        document = json.loads(done.stdout)
    except ValueError:
        return None
    return document if isinstance(document, dict) else None


def disagreement(recording: Recording, document: dict[str, Any]) -> str | None:
    """What in the report differs from the scenario's cause, evidence or step; None when all agree."""
    scenario, found = recording.scenario, document["diagnoses"]
    if scenario.cause == HEALTHY:
        return None if document["outcome"] != "failed" and not found else f"false alarm: {_first(found) or document['outcome']}"
    if scenario.cause == UNCLEAR:
        return f"claims {_first(found)}" if found and found[0]["confidence"] == "high" else None
    if not found:
        return "no cause found"
    if found[0]["id"] not in (scenario.cause, *scenario.also):
        return f"says {found[0]['id']}"
    if not any(_shown(scenario, part["text"]) for part in found[0]["evidence"]):
        return f"rests on {[part['text'] for part in found[0]['evidence']]}"
    step = (document["failing_step"] or {}).get("name") or ""
    return None if scenario.step in step else f"names the step {step!r}"


def _shown(scenario: Scenario, text: str) -> bool:
    plain = COLOUR.sub("", text)
    return not scenario.shows or any(words in plain for words in scenario.shows)


def _first(found: list[dict[str, Any]]) -> str:
    return str(found[0]["id"]) if found else ""
