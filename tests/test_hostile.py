"""What a hostile log costs: bounded time and memory, and a word where the answer is partial."""

from __future__ import annotations

import json
import re
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from diagnoser import matching
from diagnoser.catalogue import Catalogue, load_catalogue
from diagnoser.diagnosis import diagnose
from diagnoser.lines import Line
from diagnoser.printed import without_echo
from diagnoser.render.json import report
from diagnoser.render.plain import render as plain
from diagnoser.steps import buildkit, draft
from diagnoser.windows import _narrowed

from .hostile import CASES, RESIDENT, Case, cost

LINE = 1 << 14  # characters that are looked at, as in `lines.LONGEST`


@pytest.mark.parametrize("case", CASES, ids=lambda c: c.name)
def test_a_hostile_log_has_its_price(case: Case, tmp_path: Path) -> None:
    if case.name == "gzip bomb":
        log = tmp_path / "log.gz"
        log.write_bytes(b"".join(case.stream(case.small)))
        spent = cost((), str(log))
    else:
        spent = cost(case.stream(case.small), "--quiet")
    assert spent.code in (0, 1), spent.err[-2000:]
    assert json.loads(spent.out)["outcome"] == case.outcome
    assert spent.megabytes < RESIDENT and spent.seconds < 60


def test_an_endless_log_is_diagnosed_when_it_is_interrupted() -> None:
    command = [sys.executable, "-m", "diagnoser", "--format", "json", "--spool-max", "100000"]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as child:
        assert child.stdin and child.stdout and child.stderr
        for _ in range(50):
            child.stdin.write(b"go: x.example/y@v1.0.0: dial tcp: lookup proxy.golang.org: no such host\n" * 100)
        child.stdin.flush()
        time.sleep(1)
        child.send_signal(signal.SIGINT)
        out, err = child.stdout.read(), child.stderr.read()
    assert b"interrupted; this is the diagnosis of what came until then" in err
    assert json.loads(out)["dropped_bytes"] > 0 and b"Traceback" not in err


SLOW = """
title = "Slow"
cause = "Slow."
[[pattern]]
regex = '''(?:a|a|aa)+(?:a|a|aa)+ slow%d!'''
[[example]]
line = "aa slow%d!"
"""


@pytest.fixture
def slow(tmp_path: Path) -> Catalogue:
    for number in range(6):
        path = tmp_path / "slow" / f"s{number}.toml"
        path.parent.mkdir(exist_ok=True)
        path.write_text(SLOW % (number, number))
    return load_catalogue(tmp_path)


def test_a_pattern_that_explodes_is_ended_and_told(slow: Catalogue, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(matching, "_SECONDS", 0.2)
    log = "\n".join("a" * 5000 + f" slow{n}?\n slow{n}!" for n in range(6)) + "\n"
    start = time.process_time()
    found = diagnose(log, catalogue=slow)
    assert time.process_time() - start < 5
    assert found.timed_out == 6 == report(found)["timed_out_patterns"]
    assert "Partial: 6 patterns ran out of time" in plain(found)


def test_the_time_of_all_patterns_is_bounded(slow: Catalogue, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(matching.Budget.__init__, "__defaults__", (0.0,))
    assert diagnose("aa slow1!\n", catalogue=slow).timed_out == 1
    monkeypatch.undo()
    assert diagnose("aa slow1!\n", catalogue=slow).diagnoses[0].id == "slow/s1"


CLUE = " main.go:4:2: missing go.sum entry for module providing package example.com/dep; to add:"


@pytest.mark.parametrize("before", [0, 2000, 3000, 4000, 9000, LINE - 200])
def test_a_clue_deep_in_a_long_line_is_found_and_the_line_is_not_seen_whole(before: int, catalogue: Catalogue) -> None:
    text = "x" * before + CLUE + "y" * LINE
    seen = _narrowed(Line(7, 7 + len(text), text), [7 + before]).text
    assert CLUE in seen and len(seen) <= 4097 and seen.startswith("x" * min(before, 600))
    found = diagnose(text + "\n", catalogue=catalogue)
    assert found.diagnoses[0].id == "modules/missing-go-sum"
    assert found.diagnoses[0].captures["package"] == "example.com/dep"


@pytest.mark.parametrize(
    "read", [buildkit._FRAME.match, buildkit._BLOCK.match, buildkit._PLACE.match, draft.name_parts, without_echo]
)
def test_a_long_landmark_line_is_read_in_linear_time(read: object) -> None:
    lines = [
        "=> " + " " * LINE + "x", "[a " * 5000, "[" + "1" * LINE, "a:1" * 5000, " > a" + ":" * LINE + "x",
        "The command '" * 1200, 'at STEP "' * 1700, "=> " + "a  1.1" * 2500,
    ]  # fmt: skip
    start = time.process_time()
    for line in lines:
        read(line)  # type: ignore[operator]
    assert time.process_time() - start < 0.5


def test_a_step_is_named_apart_from_its_time() -> None:
    log = "[+] Building 3.0s (1/2)\n => ERROR [a 1/2] RUN  make   x                   2.5s\n"
    found = diagnose(log).failing_step
    assert found and found.name == "[a 1/2] RUN  make   x" and not re.search(r"2\.5", found.name)
