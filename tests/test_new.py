"""`diagnoser new`: an unknown log becomes a draft, the gate names what is left, and filled in it diagnoses the log."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest
import regex

from diagnoser.literals import NoLiteralError
from diagnoser.skeleton import pattern_of

from .test_cli import LOG as KNOWN
from .test_cli import run

LOG = b"""#5 [2/3] RUN frobctl sync
#5 0.412 syncing
#5 1.200 frobctl: error: could not reach broker at mq-3.internal:5672 after 30s (attempt 5 of 5)
#5 ERROR: process "/bin/sh -c frobctl sync" did not complete successfully: exit code: 3
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "build.log").write_bytes(LOG)
    return tmp_path


def test_new_check_fill_in_check_diagnose(folder: Path) -> None:
    assert run("new", "team/broker-down", "build.log", cwd=folder).returncode == 0
    assert (folder / "sample_logs" / "team" / "broker-down" / "build.log").read_bytes() == LOG
    left = run("check", "signatures", cwd=folder)
    assert left.returncode == 1 and left.stdout.count(b"TODO") == len(left.stdout.splitlines()) == 4

    file = folder / "signatures" / "team" / "broker-down.toml"
    file.write_text(regex.sub(r"TODO:[^\n\"]*", "The broker is down.", file.read_text()))
    clean = run("check", "signatures", cwd=folder)
    assert clean.returncode == 0 and not clean.stdout

    again = LOG.replace(b"mq-3.internal:5672 after 30s", b"mq-9.internal:5671 after 2m")
    out = run("--signatures", "signatures", "-q", log=again, cwd=folder)
    assert b"team/broker-down" in out.stdout and b"high" in out.stdout


def test_the_draft_names_the_recording_and_its_line(folder: Path) -> None:
    run("new", "team/broker-down", "build.log", cwd=folder)
    draft = tomllib.loads((folder / "signatures" / "team" / "broker-down.toml").read_text())
    assert draft["log"] == [{"file": "build.log", "line": 3}]
    assert "{{ host }}, {{ port }}" in draft["cause"]


def test_another_line_may_be_named(folder: Path) -> None:
    run("new", "team/broker-down", "build.log", "--line", "2", cwd=folder)
    draft = tomllib.loads((folder / "signatures" / "team" / "broker-down.toml").read_text())
    assert draft["pattern"][0]["regex"] == "^syncing" and draft["log"][0]["line"] == 2


def test_nothing_is_overwritten(folder: Path) -> None:
    run("new", "team/broker-down", "build.log", cwd=folder)
    (folder / "signatures" / "team" / "broker-down.toml").write_text("mine")
    out = run("new", "team/broker-down", "build.log", "--force", cwd=folder)
    assert out.returncode == 2 and b"is there already" in out.stderr
    assert (folder / "signatures" / "team" / "broker-down.toml").read_text() == "mine"


def test_a_log_that_is_understood_is_refused(folder: Path) -> None:
    out = run("new", "team/sums", "-", log=KNOWN, cwd=folder)
    assert out.returncode == 1 and b"modules/missing-go-sum" in out.stderr and not (folder / "signatures").exists()
    assert run("new", "team/sums", "-", "--force", log=KNOWN, cwd=folder).returncode == 0
    assert (folder / "sample_logs" / "team" / "sums" / "recorded.log").read_bytes() == KNOWN


def test_a_secret_is_not_recorded_unasked(folder: Path) -> None:
    log = LOG.replace(b"syncing", b"password=hunter2hunter2")
    out = run("new", "team/broker-down", "-", log=log, cwd=folder)
    assert out.returncode == 1 and b"line 2 seems to hold a secret" in out.stderr
    assert b"hunter2" not in out.stderr + out.stdout and not (folder / "sample_logs").exists()
    assert run("new", "team/broker-down", "-", "--keep-secrets", log=log, cwd=folder).returncode == 0


@pytest.mark.parametrize(
    ("arguments", "log", "told"),
    [
        (["Broker Down", "-"], LOG, b"AREA/SLUG"),
        (["team/broker-down", "nowhere.log"], LOG, b"nowhere.log"),
        (["team/broker-down", "-"], b"", b"holds no line"),
        (["team/broker-down", "-"], b"\x1f\x8b\x08", b"unpack it"),
        (["team/broker-down", "-", "--line", "99"], LOG, b"no line 99"),
        (["team/broker-down", "-"], b"404\n", b"name another line"),
        (
            ["team/broker-down", "-"],
            b"Step 1/1 : RUN x\nThe command 'x' returned a non-zero code: 2\n",
            b"no line tells",
        ),
    ],
)
def test_wrong_use_exits_with_2(folder: Path, arguments: list[str], log: bytes, told: bytes) -> None:
    out = run("new", *arguments, log=log, cwd=folder)
    assert out.returncode == 2 and told in out.stderr and b"Traceback" not in out.stderr
    assert not (folder / "signatures").exists()


@pytest.mark.parametrize(
    ("line", "captures"),
    [
        ("cannot reach broker at mq-3.internal:5672", {"host": "mq-3.internal", "port": "5672"}),
        ("licence server https://lic.example.com/v1?x=1 said HTTP 403", {"host": "lic.example.com", "status": "403"}),
        ("acme.dev/lib@v1.2.3: type 'user' is gone", {"module": "acme.dev/lib", "version": "v1.2.3", "symbol": "user"}),
        ("internal/db/conn.go:33:4: no such column", {"file": "internal/db/conn.go", "line": "33"}),
        ("acme-tool 2.13.1-r0 needs libacme >= 1.4", {"version": "2.13.1-r0"}),
        ("pull of reg.example/team/base:1.2 failed", {"image": "reg.example/team/base:1.2"}),
        ("@acme/ui@1.2.3 is blocked", {"package": "@acme/ui", "version": "1.2.3"}),
        ("schema not found in /tmp/b001/x.yaml", {"path": "/tmp/b001/x.yaml"}),
        ('seat "build-7" is taken', {"name": "build-7"}),
        ("[x] (1|2)? a{2}* costs $1 \\ it's + ^ok", {}),
    ],
)  # fmt: skip
def test_what_changes_from_build_to_build_is_captured(line: str, captures: dict[str, str]) -> None:
    found = regex.match(pattern_of(line), line)
    assert found and {name: value for name, value in found.groupdict().items() if value} == captures


def test_numbers_ids_and_times_match_others_of_their_kind() -> None:
    pattern = pattern_of("2024-01-02T03:04:05Z worker 7 (0a1b2c3d4e) gave up on sha256:aaaabbbbcccc1111 after 3.5s")
    assert regex.match(
        pattern, "2025-11-12T13:14:15Z worker 12 (ffee00ddaa99) gave up on sha256:0123456789abcdef after 12m"
    )


def test_the_time_before_a_line_is_no_part_of_it() -> None:
    assert pattern_of("1.749 frobctl: no broker") == "frobctl: no broker"


def test_a_line_without_a_fixed_word_is_refused() -> None:
    with pytest.raises(NoLiteralError):
        pattern_of("404")
