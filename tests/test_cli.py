"""The command line from the outside: exit codes, streams, every kind of bad input."""

from __future__ import annotations

import json
import os
import pty
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from .conftest import ROOT

COMMAND = [sys.executable, "-m", "diagnoser"]
LOG = b"main.go:4:2: missing go.sum entry for module providing package example.com/dep (imported by app); to add:\n"
ENVIRONMENT = {**os.environ, "PYTHONPATH": str(ROOT), "COLUMNS": "80"}


def run(*arguments: str, log: bytes | None = b"", **more: object) -> subprocess.CompletedProcess[bytes]:
    return subprocess.run([*COMMAND, *arguments], input=log, capture_output=True, env=ENVIRONMENT, timeout=60, **more)  # type: ignore[call-overload,no-any-return]


@pytest.mark.parametrize(
    ("log", "code"), [(LOG, 1), (b"all is well\n", 0), (b"", 0), (b"#5 [1/2] RUN x\n#5 ERROR: exit code: 3\n", 1)]
)
def test_the_exit_code_tells_whether_there_was_a_failure(log: bytes, code: int) -> None:
    assert run(log=log).returncode == code


def test_a_pipe_is_passed_through_unchanged_and_the_diagnosis_follows() -> None:
    raw = b"\x1b[31mred\x1b[0m\r\n\xff\n" + LOG
    out = run(log=raw).stdout
    assert out.startswith(raw + b"\n") and b"modules/missing-go-sum" in out[len(raw) :]


@pytest.mark.parametrize(
    "arguments", [["--quiet"], ["-q"], ["-f", "plain"], ["-f", "json"], ["-f", "markdown"], ["-f", "github"]]
)
def test_otherwise_the_log_is_not_repeated(arguments: list[str]) -> None:
    assert not run(*arguments, log=LOG).stdout.startswith(LOG)


def test_a_file_on_standard_input_is_not_repeated(tmp_path: Path) -> None:
    (tmp_path / "a.log").write_bytes(LOG)
    with (tmp_path / "a.log").open("rb") as file:
        out = subprocess.run(COMMAND, stdin=file, capture_output=True, env=ENVIRONMENT, check=False)
    assert out.returncode == 1 and not out.stdout.startswith(LOG) and b"missing-go-sum" in out.stdout


def test_several_logs_give_json_lines(tmp_path: Path) -> None:
    for name in ("a.log", "b.log"):
        (tmp_path / name).write_bytes(LOG)
    out = run("-f", "json", str(tmp_path / "a.log"), str(tmp_path / "b.log"))
    assert [json.loads(line)["source"][-5:] for line in out.stdout.splitlines()] == ["a.log", "b.log"]


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["nowhere.log"], b"no such file"),
        (["."], b"is a folder"),
        (["--format", "xml"], b"xml"),
        (["--bogus"], b"bogus"),
        (["--signatures", "nowhere"], b"no such folder"),
        (["--config", "nowhere.toml"], b"cannot be read"),
        (["explain", "modules/proxy-timeuot"], b"did you mean modules/proxy-timeout"),
        (["explain", "nonsense"], b"diagnoser list"),
        (["list", "nonsense"], b"the areas are"),
        (["fix", "--context", "nowhere"], b"no such folder"),
    ],
)
def test_wrong_use_is_told_in_a_line_and_exits_with_2(arguments: list[str], told: bytes, tmp_path: Path) -> None:
    out = run(*arguments, cwd=tmp_path)
    assert out.returncode == 2 and told in out.stderr and b"Traceback" not in out.stderr and not out.stdout


def test_a_broken_signature_is_told(tmp_path: Path) -> None:
    (tmp_path / "area").mkdir()
    (tmp_path / "area" / "slug.toml").write_text("title = 3")
    out = run("--signatures", str(tmp_path), log=LOG)
    assert out.returncode == 2 and b"slug.toml: title: must be a text" in out.stderr


def own_signature(folder: Path) -> Path:
    (folder / "team").mkdir(parents=True)
    (folder / "team" / "frob.toml").write_text(
        'title = "Frob"\ncause = "c"\n[[pattern]]\nregex = "frobnicator is down"\n'
    )
    return folder


def test_a_teams_own_signatures_are_used_where_they_are_named(tmp_path: Path) -> None:
    own_signature(tmp_path / "own")
    (tmp_path / "settings.toml").write_text('signatures = "own"\n')
    log = b"the frobnicator is down\n"
    assert b"team/frob" in run("--signatures", str(tmp_path / "own"), log=log).stdout
    assert b"team/frob" in run("--config", str(tmp_path / "settings.toml"), log=log).stdout
    assert b"team/frob" not in run(log=log, cwd=tmp_path).stdout


def test_nothing_is_picked_up_from_the_current_folder(tmp_path: Path) -> None:
    own_signature(tmp_path / "signatures")
    (tmp_path / "diagnoser.toml").write_text('signatures = "signatures"\n')
    assert b"team/frob" not in run(log=b"the frobnicator is down\n", cwd=tmp_path).stdout


def test_a_reader_that_goes_away_is_no_traceback() -> None:
    process = subprocess.Popen(
        COMMAND, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=ENVIRONMENT
    )
    assert process.stdin and process.stdout and process.stderr
    process.stdout.close()
    try:
        process.stdin.write(LOG * 50_000)
        process.stdin.close()
    except BrokenPipeError:
        pass
    assert b"Traceback" not in process.stderr.read()
    process.wait(30)


def test_each_piece_is_shown_at_once() -> None:
    process = subprocess.Popen(COMMAND, stdin=subprocess.PIPE, stdout=subprocess.PIPE, env=ENVIRONMENT)
    assert process.stdin and process.stdout
    process.stdin.write(b"first\n")
    process.stdin.flush()
    assert os.read(process.stdout.fileno(), 100) == b"first\n"
    process.stdin.close()
    process.wait(30)


def test_an_interrupted_pipe_is_diagnosed_as_far_as_it_came() -> None:
    process = subprocess.Popen(
        COMMAND, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=ENVIRONMENT
    )
    assert process.stdin and process.stdout and process.stderr
    process.stdin.write(LOG)
    process.stdin.flush()
    assert os.read(process.stdout.fileno(), 4096)
    process.send_signal(signal.SIGINT)
    out, err = process.communicate(timeout=30)
    assert b"modules/missing-go-sum" in out and b"interrupted" in err and b"Traceback" not in err


@pytest.mark.parametrize("end", [b"\x04", b"\x1b[201~\n"], ids=["ctrl-d", "empty-line"])
def test_a_paste_at_the_prompt(end: bytes) -> None:
    main, side = pty.openpty()
    process = subprocess.Popen(COMMAND, stdin=side, stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=ENVIRONMENT)
    assert process.stderr
    assert b"Paste the log" in process.stderr.readline()
    time.sleep(0.3)  # the terminal's mode is set after the line is printed
    os.write(main, b"\x1b[200~" + LOG.replace(b"\n", b"\r"))
    time.sleep(0.5)
    os.write(main, end)
    if end != b"\x04":
        time.sleep(0.5)
        os.write(main, b"\n")
    out, err = process.communicate(timeout=30)
    assert b"modules/missing-go-sum" in out and b"Traceback" not in err
    os.close(main)
    os.close(side)


def test_help_names_every_command() -> None:
    out = run("--help").stdout
    assert all(name in out for name in (b"diagnose", b"explain", b"list", b"fix", b"docker build . 2>&1 | diagnoser"))


def test_colour_follows_the_environment() -> None:
    def output(**change: str) -> bytes:
        environment = {k: v for k, v in ENVIRONMENT.items() if k not in ("NO_COLOR", "FORCE_COLOR")} | change
        return subprocess.run([*COMMAND, "-q"], input=LOG, capture_output=True, env=environment, check=False).stdout

    assert b"\x1b[" not in output()
    assert b"\x1b[" in output(FORCE_COLOR="1")
    assert b"\x1b[" not in output(FORCE_COLOR="1", NO_COLOR="1")


def test_a_capped_spool_says_what_is_missing() -> None:
    log = b"x\n" * 20_000 + LOG
    out = json.loads(run("-f", "json", "--spool-max", "4096", log=log).stdout)
    assert out["dropped_bytes"] > 30_000
    assert out["diagnoses"][0]["evidence"][0]["line"] == 20_001
