"""The verdict over every recording of the lab: the id, and the line it rests on."""

from __future__ import annotations

import json
import tomllib
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator

from diagnoser.catalogue import Catalogue, load_catalogue
from diagnoser.diagnosis import diagnose
from diagnoser.render.json import report
from lab.scenario import also_right

from .conftest import ROOT

RECORDINGS = ROOT / "sample_logs"
SCHEMA = Draft202012Validator(json.loads((ROOT / "docs" / "report.schema.json").read_text()))
ALSO_RIGHT = also_right() | tomllib.loads((ROOT / "tests" / "data" / "verdicts.toml").read_text())
LINES = [
    (signature.id, recording.file, recording.line)
    for signature in load_catalogue().signatures.values()
    for recording in signature.recordings
]
ALL = sorted(path.relative_to(RECORDINGS).as_posix() for path in RECORDINGS.rglob("*.log"))


@pytest.mark.parametrize(("identity", "file", "line"), LINES, ids=[f"{i}/{f}" for i, f, _ in LINES])
def test_the_cause_rests_on_the_line_that_proves_it(identity: str, file: str, line: int, catalogue: Catalogue) -> None:
    raw = (RECORDINGS / identity / file).read_bytes()
    found = diagnose(raw, catalogue=catalogue)
    if identity.startswith("advice/"):
        places = [e for a in found.advice if a.id == identity for e in a.evidence]
    else:
        assert found.diagnoses and found.diagnoses[0].id == identity, [(d.id, d.confidence) for d in found.diagnoses]
        places = list(found.diagnoses[0].evidence)
    assert any(e.line <= line <= e.end_line for e in places), [(e.line, e.end_line, e.text) for e in places]


@pytest.mark.parametrize("name", ALL)
def test_every_recording_has_its_verdict(name: str, catalogue: Catalogue) -> None:
    found = diagnose((RECORDINGS / name).read_bytes(), catalogue=catalogue)
    SCHEMA.validate(report(found))
    area, slug, _ = name.split("/")
    accepted = {f"{area}/{slug}", *ALSO_RIGHT.get(name, [])}
    first = found.diagnoses[0] if found.diagnoses else None
    if area == "advice":
        assert f"{area}/{slug}" in [advice.id for advice in found.advice]
    elif slug == "not-a-failure":
        assert found.outcome != "failed" and first is None, first
    elif area == "other" and slug == "unclear":
        assert first is None or first.confidence != "high", first
    else:
        assert first and first.id in accepted, (first and (first.id, first.evidence), accepted)
