"""Broken surroundings: closed streams, a full disk, no home, no temporary folder, another run at the same time."""

from __future__ import annotations

import os
import resource
import signal
import subprocess
import sys
from functools import partial
from pathlib import Path

import pytest

from .conftest import ROOT

LOG = b"main.go:4:2: missing go.sum entry for module providing package example.com/dep (imported by app); to add:\n"
PROVEN = ROOT / "sample_logs" / "modules" / "proxy-timeout" / "docker28.5-plain-mod-dial-timeout.log"
DOCKERFILE = "FROM golang:1.22 AS builder\nWORKDIR /src\nCOPY go.mod go.sum ./\nRUN go mod download\n"
COMMAND = f"{sys.executable} -m diagnoser"
ENVIRONMENT = {**os.environ, "PYTHONPATH": str(ROOT)}


def shell(line: str, log: bytes = LOG, **environment: str) -> subprocess.CompletedProcess[bytes]:
    """Run a line of bash in which `D` is the program."""
    env = {**ENVIRONMENT, **environment, "D": COMMAND}
    return subprocess.run(["bash", "-c", line], input=log, capture_output=True, env=env, timeout=60)


@pytest.mark.parametrize(
    "line",
    [
        "$D <&-",
        "$D -f json >&-",
        "$D -f json 2>&-",
        "$D <&- >&- 2>&-",
        "$D | head -c 1",
        "$D -f json | true",
        "yes | $D | head -1",
    ],
)
def test_a_closed_stream_is_no_traceback(line: str) -> None:
    done = shell(f"set -o pipefail; {line}")
    assert b"Traceback" not in done.stderr and b"Exception" not in done.stderr, done.stderr


def test_a_closed_standard_input_is_told() -> None:
    done = shell("$D <&-")
    assert done.returncode == 2 and b"standard input is closed" in done.stderr


@pytest.mark.parametrize("home", ["/nonexistent", "/proc", ""])
def test_no_home_is_no_error(home: str) -> None:
    done = shell("$D -f plain", HOME=home, XDG_CACHE_HOME=home)
    assert done.returncode == 1 and b"modules/missing-go-sum" in done.stdout, done.stderr


@pytest.mark.parametrize("locale", ["C", "POSIX", "tr_TR.UTF-8"])
def test_the_locale_does_not_matter(locale: str) -> None:
    done = shell(
        "$D -f terminal",
        log=b"\xff\xc3\xa9 " + LOG,
        LC_ALL=locale,
        LANG=locale,
        PYTHONCOERCECLOCALE="0",
        PYTHONUTF8="0",
    )
    assert done.returncode == 1 and b"modules/missing-go-sum" in done.stdout, done.stderr


def test_no_temporary_folder_is_told_and_not_needed_for_a_file(tmp_path: Path) -> None:
    log = tmp_path / "build.log"
    log.write_bytes(LOG)
    done = shell(f"cd /; $D -f plain {log}", TMPDIR="/nonexistent")
    assert done.returncode == 1 and b"modules/missing-go-sum" in done.stdout, done.stderr


def test_a_full_disk_leaves_no_broken_cache(tmp_path: Path) -> None:
    """The cache cannot be written whole: it is not there afterwards, and the answer is."""
    own = tmp_path / "own" / "area"
    own.mkdir(parents=True)
    (own / "slug.toml").write_text("title = 'T'\ncause = 'C'\n[[pattern]]\nregex = 'certain words'\n")
    (tmp_path / "log").write_bytes(b"certain words\n")
    command = [*COMMAND.split(), "-f", "plain", "--signatures", str(tmp_path / "own"), str(tmp_path / "log")]
    env = {**ENVIRONMENT, "XDG_CACHE_HOME": str(tmp_path / "cache")}
    done = subprocess.run(command, capture_output=True, env=env, preexec_fn=_full_disk, timeout=120)
    assert b"area/slug" in done.stdout, done.stderr
    assert not list((tmp_path / "cache").rglob("*.catalogue")) and not list((tmp_path / "cache").rglob("tmp*"))


@pytest.mark.parametrize(
    "arguments",
    [
        ["run", "--report", "a.html", "--", "sh", "-c", f"echo '{LOG.decode().strip()}'; exit 1"],
        ["ci", "github", "log", "--html", "a.html"],
        ["ci", "github", "log"],
        ["fix", "log", "--apply", "--allow-dirty"],
        ["new", "team/broker-down", "log", "--signatures", "own", "--force"],
    ],
)
def test_a_full_disk_leaves_nothing_half_written(arguments: list[str], tmp_path: Path) -> None:
    """What was there is as it was, what was not is not there, and why is told."""
    (tmp_path / "log").write_bytes(PROVEN.read_bytes() + b"#9 said\n" * 1000)
    (tmp_path / "Dockerfile").write_text(DOCKERFILE + "# a long story\n" * 500)
    (tmp_path / "summary").write_text("before\n" * 500)
    before = {path.name: path.read_bytes() for path in tmp_path.iterdir()}
    env = {**ENVIRONMENT, "GITHUB_STEP_SUMMARY": str(tmp_path / "summary")}
    command = [*COMMAND.split(), *arguments]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, env=env, preexec_fn=_full_disk, timeout=120)
    assert b"File too large" in done.stderr and b"Traceback" not in done.stderr, done.stderr
    after = {path.name: path.read_bytes() for path in tmp_path.iterdir() if path.is_file()}
    assert after == before and not [path for path in tmp_path.rglob("*") if path.is_file() and path.name not in before]


@pytest.mark.parametrize("room", [0, 4096])
def test_a_pipe_is_diagnosed_also_where_no_temporary_file_can_grow(room: int) -> None:
    command = [*COMMAND.split(), "-f", "json"]
    log, full = LOG * 1000, partial(_full_disk, room)
    done = subprocess.run(command, input=log, capture_output=True, env=ENVIRONMENT, preexec_fn=full, timeout=120)
    assert done.returncode == 1, done.stderr
    assert b'"modules/missing-go-sum"' in done.stdout and b'"dropped_bytes": 0' in done.stdout


def test_a_build_that_fails_on_a_full_disk_keeps_its_exit_code() -> None:
    build = f"head -c 20000 /dev/zero | tr '\\0' '\\n'; echo '{LOG.decode().strip()}'; exit 7"
    command = [*COMMAND.split(), "run", "--", "sh", "-c", build]
    done = subprocess.run(command, capture_output=True, env=ENVIRONMENT, preexec_fn=_full_disk, timeout=120)
    assert done.returncode == 7 and b"modules/missing-go-sum" in done.stderr, done.stderr


def _full_disk(room: int = 4096) -> None:
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (room, room))


def test_runs_at_the_same_time_share_the_cache(tmp_path: Path) -> None:
    (tmp_path / "log").write_bytes(LOG)
    env = {**ENVIRONMENT, "XDG_CACHE_HOME": str(tmp_path / "cache")}
    command = [*COMMAND.split(), "-f", "plain", str(tmp_path / "log")]
    runs = [subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=env) for _ in range(3)]
    for run in runs:
        out, err = run.communicate(timeout=120)
        assert run.returncode == 1 and b"modules/missing-go-sum" in out, err
    assert not list((tmp_path / "cache").rglob("tmp*"))
