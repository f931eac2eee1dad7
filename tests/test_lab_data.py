"""The lab's scenarios are data: every one is read strictly, without an engine."""

from __future__ import annotations

from pathlib import Path

import pytest

from lab.home import RECORDINGS, SCENARIOS
from lab.recorder import recording_file
from lab.scenario import HEALTHY, UNCLEAR, Scenario, read, scenarios, write_context
from lab.targets import target

from .conftest import ROOT

ALL = scenarios()
KNOWN = {f"{file.parent.name}/{file.stem}" for file in (ROOT / "signatures").glob("*/*.toml")} | {HEALTHY, UNCLEAR}
AREAS = {"modules", "compile", "cgo", "docker", "os-packages", "runtime"}


@pytest.mark.parametrize("scenario", ALL, ids=lambda scenario: scenario.name)
def test_a_scenario_names_known_causes_and_targets(scenario: Scenario, tmp_path: Path) -> None:
    assert {scenario.cause, *scenario.also} <= KNOWN
    for on in scenario.on:
        assert target(on).name == on
    write_context(scenario, tmp_path)


@pytest.mark.parametrize("scenario", ALL, ids=lambda scenario: scenario.name)
def test_every_run_of_a_scenario_has_its_recording(scenario: Scenario) -> None:
    missing = [on for on in scenario.on if not recording_file(scenario, target(on)).exists()]
    assert not missing, f"make record S={scenario.name}"


def test_the_lab_covers_its_areas() -> None:
    assert len([scenario for scenario in ALL if scenario.cause.split("/")[0] in AREAS]) >= 150
    assert len(list((RECORDINGS / HEALTHY).glob("*.log"))) >= 25
    assert {scenario.cause.split("/")[0] for scenario in ALL} >= AREAS


def test_names_are_unique() -> None:
    assert len({scenario.name for scenario in ALL}) == len(ALL)


@pytest.mark.parametrize(
    ("table", "complaint"),
    [
        ('[x]\non = []\nshows = "a"\n', "names no target"),
        ('[x]\non = ["go1.22"]\n', "`shows` is missing"),
        ('[x]\non = ["go1.22"]\nshows = "a"\nhosts = {"a.test" = "nosuch"}\n', "no world 'nosuch'"),
        ('[x]\non = ["go1.22"]\nshows = "a"\ncontext = "nosuch"\n', "no context 'nosuch'"),
        ('[x]\non = ["go1.22"]\nshows = "a"\nshow = "b"\n', "show"),
        ('[x]\non = ["go1.22"]\nshows = "a"\nstop = {after = 1, signal = "HUP"}\n', "unknown signal HUP"),
    ],
)
def test_a_faulty_scenario_is_refused_with_its_name(table: str, complaint: str, tmp_path: Path) -> None:
    file = tmp_path / "docker" / "wrong.toml"
    file.parent.mkdir()
    file.write_text(table)
    with pytest.raises(ValueError, match=f"docker/wrong/x: .*{complaint}"):
        list(read(file))


def test_every_scenario_file_lies_under_its_cause() -> None:
    assert all(len(file.relative_to(SCENARIOS).parts) == 2 for file in SCENARIOS.glob("*/**/*.toml"))
