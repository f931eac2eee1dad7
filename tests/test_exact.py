"""The fast way (landmarks, clues, windows around them) finds what reading every line with every pattern finds."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from diagnoser import diagnosis, scan
from diagnoser.catalogue import Catalogue, load_catalogue
from diagnoser.lines import read_line
from diagnoser.matching import Budget, find_matches
from diagnoser.steps import lines_of
from diagnoser.steps.reader import read
from diagnoser.text.rewrite import searchable

from . import reference
from .conftest import ROOT
from .interleaving import Made, interleaved

EVERY = int(os.environ.get("EXACT_EVERY", "40"))  # recordings: each one in so many; 1 for all
EXAMPLES = int(os.environ.get("EXACT_EXAMPLES", "60"))  # generated logs
RECORDINGS = sorted((ROOT / "sample_logs").rglob("*.log"))
_LARGE = 400_000  # bytes: the slow way takes minutes
CATALOGUE = load_catalogue()
_PHASES = [Phase.explicit, Phase.reuse, Phase.generate]  # making a log smaller would take minutes
_EXAMPLES = {example.line.strip("\n") for signature in CATALOGUE.signatures.values() for example in signature.examples}
PIECES = sorted(e for e in _EXAMPLES if not scan.search_landmarks(searchable(e.encode())))  # no builder's own words


@pytest.mark.parametrize("path", [p for p in RECORDINGS if p.stat().st_size < _LARGE][::EVERY], ids=lambda p: p.name)
def test_a_recording_is_diagnosed_as_if_all_were_read(path: Path, catalogue: Catalogue) -> None:
    raw = path.read_bytes()
    assert diagnosis.diagnose(raw, catalogue=catalogue) == reference.diagnose(raw, catalogue)


@given(interleaved(st.sampled_from(PIECES)), st.booleans(), st.sampled_from([64, 1 << 20]))
@settings(max_examples=EXAMPLES, deadline=None, suppress_health_check=list(HealthCheck), phases=_PHASES)
def test_steps_that_take_turns_are_told_apart(made: Made, engine: bool, chunk: int) -> None:
    with pytest.MonkeyPatch.context() as patch:
        if engine:
            patch.setattr(scan, "_SMALL", 0)
        patch.setattr(scan, "CHUNK", chunk)
        found, told = product(made.raw), diagnosis.diagnose(made.raw, catalogue=CATALOGUE)
    every = reference.demultiplexed(made.raw.decode().replace("\r\n", "\n"))
    assert _of_steps(every) == _of_steps(made.printed)
    wanted = reference.matches(every, CATALOGUE)
    assert {f for f in found if f.step == made.failed} == {f for f in wanted if f.step == made.failed}
    assert {f for f in found if f.step} <= wanted
    assert told._replace(excerpt=None) == reference.diagnose(made.raw, CATALOGUE)._replace(excerpt=None)


def _of_steps(printed: dict[str, list[str]]) -> dict[str, list[str]]:
    return {step: lines for step, lines in printed.items() if step}


def product(raw: bytes) -> set[reference.Found]:
    text = searchable(raw)
    log = read(text, scan.find_landmarks(text))
    found = find_matches(log, CATALOGUE, Budget())
    return reference.as_found(log, found, CATALOGUE)


BETWEEN = b"""#5 [1/2] RUN bundle install
#5 sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef
#5 0.100 rbx was here
#5 ...

#6 [2/2] RUN make
#6 0.100 ok
#6 DONE 0.2s

#5 [1/2] RUN bundle install
#5 sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef
#5 0.200 and here
#5 ERROR: process "x" did not complete successfully: exit code: 1
"""


def test_what_buildkit_prints_between_two_lines_of_a_step_is_not_the_steps() -> None:
    text = searchable(BETWEEN)
    log = read(text, scan.find_landmarks(text))
    lines = [line.text for s in log.segments if s.step == 0 for line in lines_of(log, s)]
    assert lines == ["rbx was here", "and here", 'ERROR: process "x" did not complete successfully: exit code: 1']


def test_a_line_that_is_drawn_over_stays_with_its_step() -> None:
    text = searchable(b"#5 [1/2] RUN x\n#5 0.100 10%\r99%\rno such thing\n")
    assert read_line(text, 20, ())[2:5] == ("no such thing", 5, 0.1)
