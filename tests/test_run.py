"""`diagnoser run`: the command is as it would be without us, and the diagnosis comes after it."""

from __future__ import annotations

import fcntl
import json
import os
import pty
import select
import signal
import struct
import subprocess
import termios
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from diagnoser.cli.duration import seconds, several

from .test_cli import COMMAND, ENVIRONMENT

GO_SUM = "main.go:4:2: missing go.sum entry for module providing package example.com/dep (imported by app); to add:"
TIMEOUT = (
    'go: example.com/m@v1.0.0: Get "https://proxy.golang.org/example.com/m/@v/v1.0.0.mod": '
    "dial tcp 192.0.2.1:443: i/o timeout"
)
STEP = "#10 [builder 4/6] RUN go mod download -x"
REQUEST = "#10 0.210 # get https://proxy.golang.org/example.com/m/@v/v1.0.0.zip"
CANCELLED = "ERROR: failed to solve: Canceled: context canceled"
HANGS = (
    f"trap 'echo \"#10 CANCELED\"; echo \"{CANCELLED}\"; exit 1' INT TERM; echo '{STEP}'; echo '{REQUEST}'; "
    "for i in $(seq 200); do sleep 0.1; done"
)


def run(*options: str, script: str, **more: object) -> subprocess.CompletedProcess[bytes]:
    arguments = [*COMMAND, "run", *options, "--", "sh", "-c", script]
    more = {"stdin": subprocess.DEVNULL, **more} if "input" not in more else more
    return subprocess.run(arguments, capture_output=True, env=ENVIRONMENT, timeout=60, **more)  # type: ignore[call-overload,no-any-return]


def on_terminal(
    arguments: list[str], act: Callable[[int, int], None] = lambda fd, pid: None, wait_for: bytes = b""
) -> tuple[bytes, int]:
    """Everything that a terminal of 30 rows and 100 columns would get, and the exit code."""
    pid, fd = pty.fork()
    if pid == 0:
        signal.signal(signal.SIGINT, signal.SIG_DFL)  # a job in the background has it ignored, and hands that on
        os.execvpe(arguments[0], arguments, {**ENVIRONMENT, "TERM": "xterm-256color"})
    fcntl.ioctl(fd, termios.TIOCSWINSZ, struct.pack("HHHH", 30, 100, 0, 0))
    out, deadline, acted = b"", time.monotonic() + 40, False
    while time.monotonic() < deadline:
        if not acted and wait_for in out:
            act(fd, pid)
            acted = True
        if select.select([fd], [], [], 0.1)[0]:
            try:
                out += os.read(fd, 1 << 16)
            except OSError:
                break
    os.close(fd)
    return out, os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])


def terminal(
    script: str, *options: str, act: Callable[[int, int], None] = lambda fd, pid: None, wait_for: bytes = b""
) -> tuple[bytes, int]:
    return on_terminal([*COMMAND, "run", *options, "--", "sh", "-c", script], act, wait_for)


def test_the_streams_are_passed_on_apart_and_unchanged() -> None:
    done = run(script=r"printf 'out\0\r\n\377'; printf '\033[31merr\033[0m' >&2")
    assert (done.stdout, done.stderr, done.returncode) == (b"out\0\r\n\xff", b"\x1b[31merr\x1b[0m", 0)


@pytest.mark.parametrize(
    ("script", "code"), [("exit 0", 0), ("exit 3", 3), ("kill -9 $$", 137), ("kill -TERM $$", 143)]
)
def test_the_exit_code_is_the_commands(script: str, code: int) -> None:
    assert run(script=script).returncode == code


@pytest.mark.parametrize(("command", "code"), [("nosuch-command", 127), ("/etc/passwd", 126)])
def test_a_command_that_cannot_be_started(command: str, code: int) -> None:
    done = subprocess.run([*COMMAND, "run", command], capture_output=True, env=ENVIRONMENT, check=False)
    assert done.returncode == code and command.encode() in done.stderr and b"Traceback" not in done.stderr


def test_the_diagnosis_goes_to_standard_error_below_the_output() -> None:
    done = run(script=f"echo before; echo '{GO_SUM}' >&2; exit 1")
    assert done.stdout == b"before\n"
    assert done.stderr.startswith(GO_SUM.encode()) and b"modules/missing-go-sum" in done.stderr


def test_a_command_that_succeeds_is_not_commented() -> None:
    done = run(script=f"echo '{GO_SUM}'")
    assert (done.stdout, done.stderr) == (f"{GO_SUM}\n".encode(), b"")


def test_both_streams_are_recorded_in_the_order_of_their_lines(tmp_path: Path) -> None:
    script = (
        "printf 'part '; sleep 0.3; echo '--- between' >&2; sleep 0.3; "
        "echo 'of a line'; sleep 0.3; echo 'E: last word' >&2; exit 1"
    )
    run("--report", str(tmp_path / "r.json"), script=script)
    excerpt = json.loads((tmp_path / "r.json").read_text())["excerpt"]
    assert excerpt["text"] == "--- between\npart of a line\nE: last word"


def test_input_is_passed_through() -> None:
    assert run(script="cat; exit 0", input=b"\0\xff binary\n" * 10_000).stdout == b"\0\xff binary\n" * 10_000


def test_options_after_the_command_are_its_own() -> None:
    done = subprocess.run(
        [*COMMAND, "run", "echo", "--retry", "--", "-x"], capture_output=True, env=ENVIRONMENT, check=False
    )
    assert done.stdout == b"--retry -- -x\n"


def test_output_comes_at_once() -> None:
    process = subprocess.Popen(
        [*COMMAND, "run", "--", "sh", "-c", "echo now; sleep 20"], stdout=subprocess.PIPE, env=ENVIRONMENT
    )
    assert process.stdout and process.stdout.readline() == b"now\n"
    process.send_signal(signal.SIGTERM)
    assert process.wait(10) == 143


def test_signals_reach_all_that_the_command_started(tmp_path: Path) -> None:
    child = f"trap 'echo child > {tmp_path}/child; exit' TERM; echo ready; while :; do sleep 0.1; done"
    script = f"({child}) & trap 'wait; exit 9' INT TERM; wait"
    process = subprocess.Popen([*COMMAND, "run", "--", "bash", "-c", script], stdout=subprocess.PIPE, env=ENVIRONMENT)
    assert process.stdout and process.stdout.readline() == b"ready\n"
    process.send_signal(signal.SIGTERM)
    assert process.wait(20) == 9 and (tmp_path / "child").read_text() == "child\n"


def test_what_the_command_leaves_running_does_not_hold_us() -> None:
    start = time.monotonic()
    assert run(script="sleep 30 & echo done").stdout == b"done\n"
    assert time.monotonic() - start < 15


def test_on_a_terminal_the_command_has_one_of_the_same_size() -> None:
    out, code = terminal("stty size; test -t 0 && test -t 1 && test -t 2 && tput colors; exit 0")
    assert out.split() == [b"30", b"100", b"256"] and code == 0


def test_without_a_pty_the_command_has_pipes() -> None:
    out, _ = terminal("test -t 1 || test -t 2 || echo pipes; exit 0", "--no-pty")
    assert out.split() == [b"pipes"]


def test_a_new_window_size_is_passed_on() -> None:
    def resize(fd: int, pid: int) -> None:
        fcntl.ioctl(fd, termios.TIOCSWINSZ, struct.pack("HHHH", 40, 77, 0, 0))

    script = "trap 'stty size; exit 0' WINCH; echo ready; for i in $(seq 100); do sleep 0.1; done"
    out, _ = terminal(script, act=resize, wait_for=b"ready")
    assert b"40 77" in out


def test_what_is_typed_reaches_the_command() -> None:
    out, code = terminal(
        "echo ready; read -r word; echo got $word; exit 0",
        act=lambda fd, pid: os.write(fd, b"hello\n") and None,
        wait_for=b"ready",
    )
    assert b"got hello" in out and code == 0


def test_ctrl_c_reaches_the_command_and_its_answer_is_diagnosed() -> None:
    out, code = terminal(HANGS, "--retry", "2", act=lambda fd, pid: os.write(fd, b"\x03") and None, wait_for=b".zip")
    assert code == 1 and b"docker/cancelled" in out and b"attempt" not in out


def test_a_notice_stays_above_what_is_drawn_again() -> None:
    drawn = r"[+] Building %s.0s (3/7)\r\n => [2/4] RUN go mod download   %s.0s\r\n"
    frame = rf"printf '{drawn}' $i $i; sleep 0.3; printf '\033[2A'"
    out, _ = terminal(f"for i in $(seq 0 12); do {frame}; done; exit 0", "--stall-after", "2s")
    at = out.index(b"diagnoser: [2/4] RUN go mod download: nothing new for 2 s")
    assert out[:at].endswith(b"\x1b[2A") and b"\r\n[+] Building" in out[at:]


@pytest.mark.parametrize("options", [[], ["--no-pty"]])
def test_a_stall_is_told_soon_after_its_threshold(options: list[str]) -> None:
    process = subprocess.Popen(
        [*COMMAND, "run", *options, "--stall-after", "2s", "--", "sh", "-c", HANGS],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        env=ENVIRONMENT,
    )
    start = time.monotonic()
    assert process.stderr
    line = process.stderr.readline()
    assert b"[builder 4/6] RUN go mod download -x: nothing new for 2 s; last named: proxy.golang.org" in line
    assert b"likely: the module proxy" in process.stderr.readline()
    assert time.monotonic() - start < 2 + 5
    process.send_signal(signal.SIGTERM)
    process.communicate(timeout=20)


def test_a_stall_that_lasts_is_ended_and_diagnosed(tmp_path: Path) -> None:
    done = run("--stall-after", "1s", "--stall-kill", "2s", "--report", str(tmp_path / "r.json"), script=HANGS)
    assert done.returncode == 1 and b"ending the build" in done.stderr
    root = json.loads((tmp_path / "r.json").read_text())["diagnoses"][0]
    assert root["id"] == "modules/download-stall" and root["consequences"] == ["docker/cancelled"]
    assert float(root["captures"]["silence"]) >= 2 and root["captures"]["url"].endswith("v1.0.0.zip")


def test_the_same_from_a_pipe() -> None:
    with subprocess.Popen(["sh", "-c", HANGS], stdout=subprocess.PIPE) as build:
        done = subprocess.run(
            [*COMMAND, "--stall-after", "1s", "--stall-kill", "2s"],
            stdin=build.stdout,
            capture_output=True,
            env=ENVIRONMENT,
            timeout=30,
            check=False,
        )
        build.kill()
    assert done.returncode == 1 and b"modules/download-stall" in done.stdout
    assert b"nothing new for 1 s" in done.stderr and b"--stall-kill" in done.stderr


def second_time_passes(folder: Path, line: str) -> str:
    return f"if [ -e {folder}/again ]; then echo fine; exit 0; fi; touch {folder}/again; echo '{line}'; exit 1"


def test_a_transient_failure_is_run_again_and_said(tmp_path: Path) -> None:
    done = run("--retry", "2", "--retry-wait", "100ms", script=second_time_passes(tmp_path, TIMEOUT))
    assert done.returncode == 0 and done.stdout.endswith(b"fine\n")
    assert b"modules/proxy-timeout may pass by itself: attempt 2 of 3 in 0.1 s" in done.stderr
    assert b"passed at attempt 2" in done.stderr


def test_any_other_failure_is_not_run_again(tmp_path: Path) -> None:
    done = run("--retry", "2", "--retry-wait", "100ms", script=second_time_passes(tmp_path, GO_SUM))
    assert done.returncode == 1 and b"not run again: modules/missing-go-sum does not pass by itself" in done.stderr


def test_retries_come_to_an_end() -> None:
    done = run("--retry", "2", "--retry-wait", "0s", script=f"echo '{TIMEOUT}'; exit 5")
    assert done.returncode == 5 and done.stdout.count(b"i/o timeout") == 3
    assert b"after 3 attempts" in done.stderr and done.stderr.count(b"  Why  ") == 1


def test_a_file_on_standard_input_is_read_again_and_a_pipe_cannot_be(tmp_path: Path) -> None:
    (tmp_path / "Dockerfile").write_text("FROM scratch\n")
    command = [
        *COMMAND,
        "run",
        "--retry",
        "1",
        "--retry-wait",
        "0s",
        "--",
        "sh",
        "-c",
        f"cat; echo '{TIMEOUT}'; exit 1",
        "-",
    ]
    with (tmp_path / "Dockerfile").open("rb") as file:
        done = subprocess.run(command, stdin=file, capture_output=True, env=ENVIRONMENT, check=False)
    assert done.stdout.count(b"FROM scratch") == 2
    done = subprocess.run(command, input=b"FROM scratch\n", capture_output=True, env=ENVIRONMENT, check=False)
    assert done.stdout.count(b"FROM scratch") == 1 and b"from a pipe" in done.stderr


@pytest.mark.parametrize(("name", "begins"), [("r.json", '{"schema": 1'), ("r.md", "#"), ("r.html", "<!")])
def test_the_report_is_written_in_the_format_of_its_name(name: str, begins: str, tmp_path: Path) -> None:
    done = run("--report", str(tmp_path / name), script=f"echo '{GO_SUM}'; exit 1")
    assert done.returncode == 1 and (tmp_path / name).read_text().lower().startswith(begins)


def test_a_report_that_has_no_format_is_refused_before_anything_runs(tmp_path: Path) -> None:
    done = run("--report", str(tmp_path / "r.doc"), script="echo ran")
    assert done.returncode == 2 and b".json" in done.stderr and not done.stdout


def test_a_success_is_reported_as_one(tmp_path: Path) -> None:
    run("--report", str(tmp_path / "r.json"), script=f"echo '{GO_SUM}'")
    report = json.loads((tmp_path / "r.json").read_text())
    assert report["outcome"] == "succeeded" and not report["diagnoses"]


def test_an_unknown_failure_is_a_failure(tmp_path: Path) -> None:
    done = run("--report", str(tmp_path / "r.json"), script="echo nothing to see; exit 4")
    assert done.returncode == 4 and json.loads((tmp_path / "r.json").read_text())["outcome"] == "failed"


@pytest.mark.parametrize(
    ("text", "value"), [("90", 90), ("120s", 120), ("10m", 600), ("1h30m", 5400), ("500ms", 0.5), ("2 min", 120)]
)
def test_durations(text: str, value: float) -> None:
    assert seconds(text) == value


def test_several_durations_and_wrong_ones() -> None:
    assert several("5s,15s,1m") == (5, 15, 60)
    for option in ("--stall-after", "--retry-wait"):
        done = run(option, "soon", script="echo ran")
        assert done.returncode == 2 and b"120s, 10m" in done.stderr and not done.stdout
