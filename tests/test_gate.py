"""Each thing that the gate looks for is seen to be reported, and `diagnoser check` prints it."""

from __future__ import annotations

from pathlib import Path

import pytest

from diagnoser.gate import Flaw, check

from .test_cli import run

GOOD = """\
title = "The broker is down"
cause = '''The broker at `{{ host }}` did not answer.'''
[[remedy]]
title = "Start it"
target = "host"
text = '''`brokerd`'''
[[pattern]]
regex = '''frobctl: cannot reach broker at (?<host>[\\w.-]+)'''
[[log]]
file = "a.log"
line = 2
[[example]]
line = "frobctl: cannot reach broker at mq.example"
[[example]]
line = "frobctl: cannot reach the door"
not = ""
"""
LOG = b"$ frobctl sync\nfrobctl: cannot reach broker at mq-3.example\n"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "signatures" / "team").mkdir(parents=True)
    (tmp_path / "sample_logs" / "team" / "broker-down").mkdir(parents=True)
    (tmp_path / "sample_logs" / "team" / "broker-down" / "a.log").write_bytes(LOG)
    (tmp_path / "signatures" / "team" / "broker-down.toml").write_text(GOOD)
    return tmp_path / "signatures"


def changed(folder: Path, *changes: tuple[str, str]) -> list[Flaw]:
    source = GOOD
    for old, new in changes:
        assert old in source
        source = source.replace(old, new, 1)
    (folder / "team" / "broker-down.toml").write_text(source)
    return list(check(folder))


def test_a_good_signature_has_no_flaw(folder: Path) -> None:
    assert not list(check(folder))


HOST = "[\\w.-]+)"
UNUSED = "[[pattern]]\nregex = 'broker (?<port>said no)'\n[[pattern]]"


@pytest.mark.parametrize(
    ("change", "key", "told"),
    [
        (("title =", "titel ="), "", "title: missing"),
        (("regex = '''", "regex = '''("), "", "not a regex"),
        (('"The broker is down"', '"TODO: say it"'), "title", "still to fill in: TODO: say it"),
        (("did not answer", "TODO: why"), "cause", "still to fill in: TODO: why"),
        (("{{ host }}", "{{ hots }}"), "cause", "{{ hots }}"),
        (("[[pattern]]", UNUSED), "[[pattern]] 1: regex", "fires on no example"),
        (('not = ""', 'not = "team/none"'), "[[example]] 2: not", "team/none"),
        (("at mq.example", "by mail"), "[[example]] 1: line", "no pattern fires"),
        (("the door", "broker at all"), "[[example]] 2: line", "a near miss, but [[pattern]] 1 fires"),
        (("title", "explains = ['none/*']\ntitle"), "explains", "none/*"),
        ((HOST, "(?:\\w+[.-]?)+)"), "[[pattern]] 1: regex", "repeats what repeats"),
        ((HOST, "\\S+)(?:.*.*.*=?!)?"), "[[pattern]] 1: regex", "takes too long on many"),
        (("regex =", "unless = 'at .*.*.*=?!'\nregex ="), "[[pattern]] 1: unless", "takes too long on many"),
        (('"a.log"', '"b.log"'), '[[log]] "b.log": file', "no such recording"),
        (("line = 2", "line = 1"), '[[log]] "a.log": line', "rests on line 2"),
        (("cannot reach broker at (", "cannot find broker at ("), '[[log]] "a.log": file', "not diagnosed as this"),
        (("cannot reach broker at (", "cannot find broker at ("), "verdict", "the diagnosis is no cause"),
    ],
)
def test_what_is_missing_is_told(folder: Path, change: tuple[str, str], key: str, told: str) -> None:
    flaws = changed(folder, change)
    assert any(flaw.key == key and told in flaw.todo for flaw in flaws), flaws


def test_a_name_that_is_empty_for_an_example_is_told(folder: Path) -> None:
    flaws = changed(folder, (HOST, "[\\w.-]*)"), ("at mq.example", "at "))
    assert [(flaw.key, flaw.todo.split(" for ")[0]) for flaw in flaws] == [("cause", "a name is empty")]


def test_a_name_that_is_empty_for_a_recording_is_told(folder: Path) -> None:
    (folder.parent / "sample_logs" / "team" / "broker-down" / "b.log").write_bytes(LOG.replace(b"mq-3.example", b""))
    assert [flaw.key for flaw in changed(folder, (HOST, "[\\w.-]*)"))] == ["verdict"]


def test_no_remedy_and_no_recording_are_told_with_what_to_paste(folder: Path) -> None:
    source = GOOD[: GOOD.index("[[remedy]]")] + GOOD[GOOD.index("[[pattern]]") : GOOD.index("[[log]]")]
    (folder / "team" / "broker-down.toml").write_text(source)
    pasted = {flaw.key: flaw.paste for flaw in check(folder)}
    assert "[[remedy]]" in pasted["remedy"] and "[[log]]" in pasted["log"]


def test_healthy_and_unclear_recordings_stay_without_a_cause(folder: Path) -> None:
    for name in ("not-a-failure", "unclear"):
        (folder.parent / "sample_logs" / "other" / name).mkdir(parents=True)
        (folder.parent / "sample_logs" / "other" / name / "a.log").write_bytes(LOG)
    files = [flaw.file for flaw in check(folder)]
    assert files == ["../sample_logs/other/not-a-failure/a.log", "../sample_logs/other/unclear/a.log"]


def test_a_second_right_cause_may_be_named(folder: Path) -> None:
    (folder.parent / "sample_logs" / "team" / "other").mkdir()
    (folder.parent / "sample_logs" / "team" / "other" / "a.log").write_bytes(LOG)
    assert len(list(check(folder))) == 1
    (folder.parent / "also.toml").write_text('"team/other/a.log" = ["team/broker-down"]')
    out = run("check", "signatures", "--also-right", "also.toml", cwd=folder.parent)
    assert out.returncode == 0 and b"nothing to mend" in out.stderr and not out.stdout


def test_the_command_prints_file_key_and_what_to_do(folder: Path) -> None:
    changed(folder, ("line = 2", "line = 1"))
    out = run("check", "signatures", cwd=folder.parent)
    assert out.returncode == 1 and b"1 to mend" in out.stderr
    assert out.stdout.startswith(
        b'signatures/team/broker-down.toml: [[log]] "a.log": line: the diagnosis rests on line 2'
    )
    assert out.stdout.endswith(b"\n    line = 2\n")


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["nowhere"], b"no such folder"),
        (["."], b"holds no signature"),
        (["signatures", "--also-right", "nowhere.toml"], b"cannot be read"),
    ],
)
def test_wrong_use_exits_with_2(folder: Path, arguments: list[str], told: bytes) -> None:
    (folder.parent / "empty").mkdir()
    out = run("check", *arguments, cwd=folder.parent if len(arguments) > 1 else folder.parent / "empty")
    assert out.returncode == 2 and told in out.stderr and b"Traceback" not in out.stderr
