"""The verdict over every recording of the lab: the id, and the line it rests on, by the gate of `diagnoser check`."""

from __future__ import annotations

import json
import tomllib

import pytest
from jsonschema import Draft202012Validator

from diagnoser.catalogue import Catalogue, load_catalogue
from diagnoser.diagnosis import diagnose
from diagnoser.gate.recordings import line_flaws, verdict_flaws
from diagnoser.render.json import report
from diagnoser.signature import Recording

from .conftest import ROOT

RECORDINGS = ROOT / "sample_logs"
SCHEMA = Draft202012Validator(json.loads((ROOT / "docs" / "report.schema.json").read_text()))
ALSO_RIGHT = tomllib.loads((ROOT / "tests" / "data" / "verdicts.toml").read_text())
LINES = [(s.id, recording) for s in load_catalogue().signatures.values() for recording in s.recordings]
ALL = sorted(path.relative_to(RECORDINGS).as_posix() for path in RECORDINGS.rglob("*.log"))


@pytest.mark.parametrize(("identity", "recording"), LINES, ids=[f"{i}/{r.file}" for i, r in LINES])
def test_the_cause_rests_on_the_line_that_proves_it(identity: str, recording: Recording, catalogue: Catalogue) -> None:
    assert not list(line_flaws(catalogue.signatures[identity], recording, RECORDINGS, catalogue))


@pytest.mark.parametrize("name", ALL)
def test_every_recording_has_its_verdict(name: str, catalogue: Catalogue) -> None:
    found = diagnose((RECORDINGS / name).read_bytes(), catalogue=catalogue)
    SCHEMA.validate(report(found))
    assert not list(verdict_flaws(name, found, ALSO_RIGHT))
