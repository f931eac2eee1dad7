"""A command of the user's that runs as if it had been started from the shell, while its output is read along.

Each of its streams is a terminal exactly where ours is one, so that it draws, colours and asks as it would without us.
"""

from __future__ import annotations

import contextlib
import fcntl
import os
import pty
import signal
import subprocess
import termios
import tty
from collections.abc import Iterator, Sequence
from typing import NamedTuple

_IN, _OUT, _ERR = 0, 1, 2
_SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP, signal.SIGQUIT)


class NotStartedError(Exception):
    """The command cannot be started; `code` is what a shell would exit with."""

    def __init__(self, message: str, code: int) -> None:
        super().__init__(message)
        self.code = code


class Child(NamedTuple):
    """`outputs`: what we read from, and our own stream that it is passed on to. `terminal`: our end of its pty."""

    process: subprocess.Popen[bytes]
    outputs: dict[int, int]
    terminal: int | None
    keyboard: bool  # what is typed goes to its pty

    def send(self, number: int) -> None:
        """A signal to the command and all that it started."""
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(self.process.pid, number)


def start(command: Sequence[str], on_terminal: bool) -> Child:
    """Start it as the leader of a session of its own. Raises `NotStartedError`."""
    ours = [fd for fd in (_OUT, _ERR) if on_terminal and os.isatty(fd)]
    terminal, side = pty.openpty() if ours else (None, None)
    keyboard = side is not None and os.isatty(_IN)
    if terminal is not None:
        fit(terminal, ours[0])
    try:
        process = subprocess.Popen(
            command,
            stdin=side if keyboard else None,
            stdout=side if _OUT in ours else subprocess.PIPE,
            stderr=side if _ERR in ours else subprocess.PIPE,
            start_new_session=True,
            preexec_fn=None if side is None else lambda: _adopt(side),
            bufsize=0,
        )
    except OSError as error:
        _close(terminal)
        raise NotStartedError(
            f"{command[0]}: {error.strerror}", 127 if isinstance(error, FileNotFoundError) else 126
        ) from error
    finally:
        _close(side)
    outputs = {} if terminal is None else {terminal: ours[0]}
    outputs |= {pipe.fileno(): fd for pipe, fd in ((process.stdout, _OUT), (process.stderr, _ERR)) if pipe}
    return Child(process, outputs, terminal, keyboard)


def _adopt(side: int) -> None:
    """Make the pty the session's own terminal: Ctrl-C typed there, and changes of its size, reach the command."""
    fcntl.ioctl(side, termios.TIOCSCTTY, 0)


def _close(fd: int | None) -> None:
    if fd is not None:
        os.close(fd)


def fit(terminal: int, like: int) -> None:
    """Give the pty the size of our own terminal; its programs are told."""
    with contextlib.suppress(OSError):
        fcntl.ioctl(terminal, termios.TIOCSWINSZ, fcntl.ioctl(like, termios.TIOCGWINSZ, bytes(8)))


def exit_code(child: Child) -> int:
    """The command's own, or 128 + n where signal n ended it, as in a shell."""
    code = child.process.wait()
    return 128 - code if code < 0 else code


@contextlib.contextmanager
def attached(child: Child) -> Iterator[list[int]]:
    """While it runs: keys, signals and window sizes reach the command. Gives the list of the signals passed on."""
    passed: list[int] = []

    def pass_on(number: int, _frame: object) -> None:
        passed.append(number)
        child.send(number)

    def resize(_number: int, _frame: object) -> None:
        for fd, ours in child.outputs.items():
            if fd == child.terminal:
                fit(fd, ours)

    handlers = {**dict.fromkeys(_SIGNALS, pass_on), signal.SIGWINCH: resize}
    before = {number: signal.signal(number, handler) for number, handler in handlers.items()}
    try:
        with _raw_keys() if child.keyboard else contextlib.nullcontext():
            yield passed
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


@contextlib.contextmanager
def _raw_keys() -> Iterator[None]:
    """Keys reach the command's terminal as they are typed; that one echoes them and knows what Ctrl-C means."""
    saved = termios.tcgetattr(_IN)
    tty.setraw(_IN)
    try:
        yield
    finally:
        termios.tcsetattr(_IN, termios.TCSADRAIN, saved)
