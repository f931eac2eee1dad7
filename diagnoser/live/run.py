"""One run of a command: its output passed on and recorded, its silences told, its end."""

from __future__ import annotations

import os
import selectors
import signal
import time
from collections.abc import Generator, Iterator, Sequence
from typing import NamedTuple

from diagnoser.live.child import Child, attached, exit_code, start
from diagnoser.live.limits import Limits
from diagnoser.live.screen import Screen, write
from diagnoser.live.sentry import Sentry
from diagnoser.live.watch import Silence
from diagnoser.text import Text
from diagnoser.text.rewrite import spooled
from diagnoser.text.spool import spool

_CHUNK = 1 << 16
_LONGEST = 1 << 16  # bytes of a line that are held back to record it whole
_LINGER = 1.0  # seconds for which output is awaited once the command has ended: what it left running may hold it open
_PATIENCE = 10.0  # seconds between the signals that end a build
_CTRL_C = b"\x03"
_ENDING = (signal.SIGINT, signal.SIGTERM, signal.SIGKILL)


class Run(NamedTuple):
    """`text` is all that was printed, both streams by their lines; `silence` the one in which it was ended."""

    exit_code: int
    text: Text
    silence: Silence | None
    signalled: bool  # we passed a signal on: the user wants it to end


def run(command: Sequence[str], on_terminal: bool, limits: Limits) -> Run:
    """Raises `NotStartedError`."""
    child, screen = start(command, on_terminal), Screen()
    sentry = _sentry(limits, screen)
    with attached(child) as passed:
        printed = spool(_Reading(child, screen, sentry, passed).lines(), limits.spool_max)
        code = exit_code(child)
    return Run(code, spooled(printed, "-"), sentry.silence if sentry else None, bool(passed))


def _sentry(limits: Limits, screen: Screen) -> Sentry | None:
    after = limits.stall_after or limits.stall_kill
    now = time.monotonic()
    return Sentry(now, after, limits.stall_kill, lambda words: screen.say(time.monotonic(), words)) if after else None


class _Reading:
    """The loop around what the command prints and what is typed."""

    def __init__(self, child: Child, screen: Screen, sentry: Sentry | None, passed: list[int]) -> None:
        self.child, self.screen, self.sentry, self.passed = child, screen, sentry, passed
        self.partial: dict[int, bytes] = {}
        self.ending: list[tuple[float, int]] | None = None  # when to send which signal
        self.ended: float | None = None

    def lines(self) -> Iterator[bytes]:
        """What is printed, as soon as its line ends: streams mix by lines, as on a screen."""
        with selectors.DefaultSelector() as selector:
            for fd in self.child.outputs:
                selector.register(fd, selectors.EVENT_READ)
            if self.child.keyboard:
                selector.register(0, selectors.EVENT_READ)
            while any(fd in selector.get_map() for fd in self.child.outputs) and not self._left_open():
                for key, _ in selector.select(Sentry.TICK):
                    if not (yield from self._ready(key.fd)):
                        selector.unregister(key.fd)
                self._look(time.monotonic())
        yield from self.partial.values()
        if self.sentry:
            self.sentry.close(time.monotonic())
        self.screen.flush()
        if self.child.terminal is not None:
            os.close(self.child.terminal)

    def _ready(self, fd: int) -> Generator[bytes, None, bool]:
        """Read once; false at the end of the stream."""
        chunk = _read(fd)
        if fd == 0:
            self._typed(chunk)
        elif chunk:
            self.ended = None
            yield from self._printed(fd, chunk)
        return bool(chunk)

    def _typed(self, chunk: bytes) -> None:
        if _CTRL_C in chunk:
            self.passed.append(signal.SIGINT)
        if self.child.terminal is not None:
            write(self.child.terminal, chunk)

    def _printed(self, fd: int, chunk: bytes) -> Iterator[bytes]:
        try:
            self.screen.pass_on(self.child.outputs[fd], chunk)
        except BrokenPipeError:  # our reader went away: the command's output goes nowhere either
            self.child.send(signal.SIGPIPE)
        if self.sentry:
            self._heard(time.monotonic(), fd, chunk)
        whole = self.partial.pop(fd, b"") + chunk
        end = len(whole) if len(whole) > _LONGEST else whole.rfind(b"\n") + 1
        if end < len(whole):
            self.partial[fd] = whole[end:]
        if end:
            yield whole[:end]

    def _heard(self, now: float, fd: int, chunk: bytes) -> None:
        assert self.sentry
        if self.passed:
            self.sentry.close(now)
        self.sentry.hear(now, fd, chunk)

    def _look(self, now: float) -> None:
        self.screen.tick(now)
        if self.sentry:
            self.sentry.look(now)
            if self.passed:
                self.sentry.close(now)
            if self.sentry.lost and self.ending is None:
                self.screen.say(now, "ending the build: it has been silent for too long (--stall-kill)")
                self.ending = [(now + n * _PATIENCE, number) for n, number in enumerate(_ENDING)]
        while self.ending and self.ending[0][0] <= now:
            self.child.send(self.ending.pop(0)[1])

    def _left_open(self) -> bool:
        """The command has ended, and what it left running holds its output open without a word."""
        if self.child.process.poll() is None:
            return False
        now = time.monotonic()
        self.ended = self.ended or now
        return now - self.ended > _LINGER


def _read(fd: int) -> bytes:
    try:
        return os.read(fd, _CHUNK)
    except OSError:  # a pty whose last program has ended
        return b""
