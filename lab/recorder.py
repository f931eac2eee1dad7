"""Runs a scenario on a target and keeps all that it prints, byte for byte."""

from __future__ import annotations

import fcntl
import os
import shutil
import signal
import struct
import subprocess
import termios
import threading
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from lab import debian
from lab.home import RECORDINGS, REPOSITORY, lab_home
from lab.namespace import CONTEXT, HOME, write_names
from lab.scenario import Scenario, Stop, recording_name, write_context
from lab.targets import Target, addresses, command, environment, in_shell
from lab.worlds import dns
from lab.worlds.table import worlds

TTY_ROWS, TTY_COLUMNS = 40, 120
LIMIT_SECONDS = 240


@dataclass(frozen=True, slots=True)
class Recording:
    """What a run printed, and how it ended (negative: the signal)."""

    scenario: Scenario
    target: Target
    log: bytes
    status: int

    @property
    def file(self) -> Path:
        return recording_file(self.scenario, self.target)


def recording_file(scenario: Scenario, on: Target) -> Path:
    """Where the recording of a run lies."""
    return RECORDINGS / recording_name(scenario, on.name)


def record(scenario: Scenario, on: Target, change: Callable[[], None] = lambda: None) -> Recording:
    """Run it once, after `change` to the context. Raises RuntimeError when a command that comes before fails."""
    dns.know(addresses(scenario))
    write_names(addresses(scenario) if on.release else {}, worlds()[scenario.resolver].address)
    _empty(CONTEXT)
    for leftover in ("go", ".config/go", ".netrc", ".gitconfig", ".docker/config.json"):
        _remove(HOME / leftover)
    write_context(scenario, CONTEXT)
    shell = environment(on, scenario)
    for line in scenario.setup:
        _prepare(in_shell(on, line), shell)
    if not on.release:
        change()
    for line in scenario.before:
        _prepare(in_shell(on, line), shell)
    if on.release:
        change()
        write_names(addresses(scenario), worlds()[scenario.resolver].address)
    run = command(on, scenario)
    if scenario.cached:
        _prepare(run, shell)
    log, status = _run(run, shell, scenario.stop, tty=on.format == "tty")
    return Recording(scenario, on, _without_machine(log), status)


def _prepare(line: list[str], shell: dict[str, str]) -> None:
    done = subprocess.run(line, cwd=CONTEXT, env=shell, stdin=subprocess.DEVNULL, capture_output=True, text=True)
    if done.returncode != 0:
        raise RuntimeError(f"{line[-1]}: {done.stdout}{done.stderr}")


def _run(line: list[str], shell: dict[str, str], stop: Stop | None, *, tty: bool) -> tuple[bytes, int]:
    if tty:
        reading, writing = os.openpty()
        fcntl.ioctl(writing, termios.TIOCSWINSZ, struct.pack("HHHH", TTY_ROWS, TTY_COLUMNS, 0, 0))
        shell = shell | {"TERM": "xterm-256color"}
    else:
        reading, writing = os.pipe()
    process = subprocess.Popen(
        line, cwd=CONTEXT, env=shell, stdin=writing if tty else subprocess.DEVNULL, stdout=writing, stderr=writing,
        start_new_session=True, preexec_fn=_default_interrupt,
    )  # fmt: skip
    os.close(writing)
    _end_later(process, stop or Stop(LIMIT_SECONDS, "KILL"))
    log = _read_all(reading)
    return log, process.wait()


def _default_interrupt() -> None:
    """A child of a background job would ignore Ctrl-C."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)


def _end_later(process: subprocess.Popen[bytes], stop: Stop) -> None:
    def end() -> None:
        if process.poll() is None:
            os.killpg(process.pid, signal.Signals[f"SIG{stop.signal}"])

    timer = threading.Timer(stop.after, end)
    timer.daemon = True
    timer.start()


def _read_all(reading: int) -> bytes:
    chunks = []
    try:
        while chunk := os.read(reading, 1 << 16):
            chunks.append(chunk)
    except OSError:  # EIO: the last program on the pty has ended
        pass
    os.close(reading)
    return b"".join(chunks)


def _without_machine(log: bytes) -> bytes:
    """The log with this machine's paths and its package mirror's name replaced."""
    for own, shown in (
        (str(lab_home()), "/lab"),
        (str(REPOSITORY), "/repository"),
        (urlsplit(debian.host_mirror()).netloc, "deb.debian.example"),
    ):
        log = log.replace(own.encode(), shown.encode())
    return log


def _empty(folder: Path) -> None:
    os.chown(folder, 0, 0)
    for path in folder.iterdir():
        _remove(path)


def _remove(path: Path) -> None:
    if path.is_dir() and not path.is_symlink():
        subprocess.run(["chmod", "-R", "u+w", str(path)], check=False)  # Go's module cache is read-only
        shutil.rmtree(path, ignore_errors=True)
    else:
        path.unlink(missing_ok=True)
