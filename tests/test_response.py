"""What a failure means to CI: the table [response] of the settings, in `diagnoser LOG` and in `diagnoser run`."""

from __future__ import annotations

from pathlib import Path

import pytest

from .test_cli import run as diagnose
from .test_run import GO_SUM, TIMEOUT, second_time_passes
from .test_run import run as run_command

SUCCESS = b"all is well\n"


def settings(folder: Path, table: str) -> str:
    (folder / "settings.toml").write_text(f"[response]\n{table}\n")
    return str(folder / "settings.toml")


def code(folder: Path, table: str, log: str) -> int:
    return diagnose("-f", "json", "--config", settings(folder, table), log=log.encode()).returncode


@pytest.mark.parametrize(
    ("table", "log", "expected"),
    [
        ("", TIMEOUT, 1),
        ('transient = "retry"', TIMEOUT, 75),
        ('transient = "retry"', GO_SUM, 1),
        ('"modules/*" = "pass"', GO_SUM, 0),
        ('"docker/*" = "pass"', GO_SUM, 1),
        ('"modules/missing-go-sum" = "warn"', GO_SUM, 0),
        ('transient = "retry"\n"modules/*" = "pass"', TIMEOUT, 0),
        ('"modules/*" = "pass"\n"modules/proxy-timeout" = "fail"', TIMEOUT, 1),
        ('"modules/*" = "pass"', "#5 [1/2] RUN x\n#5 ERROR: exit code: 3\n", 1),
    ],
)
def test_the_exit_code_of_a_diagnosis(table: str, log: str, expected: int, tmp_path: Path) -> None:
    assert code(tmp_path, table, log) == expected


def test_a_success_needs_no_response(tmp_path: Path) -> None:
    assert code(tmp_path, 'transient = "retry"', SUCCESS.decode()) == 0


def test_of_several_logs_the_one_that_fails_decides(tmp_path: Path) -> None:
    config = settings(tmp_path, 'transient = "retry"')
    (tmp_path / "a.log").write_text(TIMEOUT)
    (tmp_path / "b.log").write_text(GO_SUM)
    a, b = str(tmp_path / "a.log"), str(tmp_path / "b.log")
    codes = [diagnose("-f", "json", "--config", config, *names).returncode for names in ([a], [a, b], [b, a])]
    assert codes == [75, 1, 1]


def test_a_warning_is_said_and_a_pass_is_not(tmp_path: Path) -> None:
    warned = diagnose("--config", settings(tmp_path, '"modules/*" = "warn"'), log=GO_SUM.encode())
    assert warned.stderr.startswith(b"diagnoser: warning: ") and b"modules/missing-go-sum" in warned.stderr
    passed = diagnose("--config", settings(tmp_path, '"modules/*" = "pass"'), log=GO_SUM.encode())
    assert passed.stderr == b"" and b"modules/missing-go-sum" in passed.stdout


@pytest.mark.parametrize(
    ("table", "told"),
    [
        ('"modules/proxy-timeout" = "ignore"', "is no action; the actions are fail, retry, warn, pass"),
        ('"modules/proxy-timeout" = 3', "is no action"),
        ('timeout = "retry"', '"modules/*") or "transient"'),
        ('"modules/proxy-timeuot" = "retry"', "did you mean modules/proxy-timeout"),
        ('"module/*" = "retry"', "did you mean modules/*"),
    ],
)
def test_a_wrong_table_is_told_with_what_would_be_right(table: str, told: str, tmp_path: Path) -> None:
    done = diagnose("--config", settings(tmp_path, table), log=b"")
    assert done.returncode == 2 and told in done.stderr.decode() and b"settings.toml" in done.stderr


@pytest.mark.parametrize(
    ("text", "told"),
    [("response = 3", b"must be a table"), ("signatures = 3", b"name of a folder"), ("answer = 1", b"unknown key")],
)
def test_wrong_settings_are_told(text: str, told: bytes, tmp_path: Path) -> None:
    (tmp_path / "settings.toml").write_text(text)
    done = diagnose("--config", str(tmp_path / "settings.toml"), log=b"")
    assert done.returncode == 2 and told in done.stderr


def test_own_signatures_may_be_named(tmp_path: Path) -> None:
    (tmp_path / "own" / "team").mkdir(parents=True)
    (tmp_path / "own" / "team" / "frob.toml").write_text(
        'title = "Frob"\ncause = "c"\n[[pattern]]\nregex = "frobnicator is down"\n'
    )
    (tmp_path / "settings.toml").write_text('signatures = "own"\n[response]\n"team/frob" = "pass"\n')
    done = diagnose("--config", str(tmp_path / "settings.toml"), log=b"the frobnicator is down\n")
    assert done.returncode == 0 and b"team/frob" in done.stdout


@pytest.mark.parametrize(("action", "expected"), [("fail", 5), ("warn", 0), ("pass", 0)])
def test_the_exit_code_of_a_run(action: str, expected: int, tmp_path: Path) -> None:
    done = run_command("--config", settings(tmp_path, f'"modules/*" = "{action}"'), script=f"echo '{GO_SUM}'; exit 5")
    assert done.returncode == expected and b"modules/missing-go-sum" in done.stderr
    assert (b"warning" in done.stderr) == (action == "warn")


def test_retry_by_the_settings_needs_no_option(tmp_path: Path) -> None:
    config = settings(tmp_path, '"modules/missing-go-sum" = "retry"')
    done = run_command("--config", config, "--retry-wait", "0s", script=second_time_passes(tmp_path, GO_SUM))
    assert done.returncode == 0 and b"attempt 2 of 3" in done.stderr


@pytest.mark.parametrize("table", ['transient = "fail"', '"modules/*" = "fail"'])
def test_what_is_to_fail_is_not_run_again(table: str, tmp_path: Path) -> None:
    config = settings(tmp_path, table)
    done = run_command(
        "--config", config, "--retry", "2", "--retry-wait", "0s", script=second_time_passes(tmp_path, TIMEOUT)
    )
    assert done.returncode == 1 and b"attempt" not in done.stderr and b"settings" in done.stderr
