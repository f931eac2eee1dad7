"""A log on a pipe: shown as it comes, and watched for stalls where that is asked."""

from __future__ import annotations

import contextlib
import io
import os
import select
import signal
import time
from collections.abc import Iterator
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from diagnoser.live.sentry import Sentry

_BUFFER = 1 << 18


class Interrupted:
    """Tells whether the stream was cut short by Ctrl-C."""

    happened = False


def read_pipe(echo: bool, interrupted: Interrupted, sentry: Sentry | None = None) -> Iterator[memoryview]:
    """Standard input; what comes is passed on to standard output before anything is done with it.

    It is given a buffer at a time, good until the next is asked for: a line that is passed on costs two calls of the
    system and little else. With a `sentry` the stream ends also where a step has been silent for too long.
    """
    buffer = memoryview(bytearray(_BUFFER))
    rest, read, write = buffer, io.FileIO(0, closefd=False).readinto, os.write
    with _ending_on_interrupt(interrupted):
        while (sentry is None or _something_came(sentry)) and (size := read(rest)):
            if echo and (written := write(1, rest[:size])) < size:
                _write(rest[written:size])
            if sentry:
                sentry.hear(time.monotonic(), 0, bytes(rest[:size]))
            rest = rest[size:]
            if not rest:
                yield buffer
                rest = buffer
        if sentry:
            sentry.close(time.monotonic())
    yield buffer[: len(buffer) - len(rest)]


def _something_came(sentry: Sentry) -> bool:
    while not select.select([0], [], [], sentry.TICK)[0]:
        sentry.look(time.monotonic())
        if sentry.lost:
            return False
    return True


@contextlib.contextmanager
def _ending_on_interrupt(interrupted: Interrupted) -> Iterator[None]:
    """Ctrl-C ends the stream like its own end: what was read is not lost, and is diagnosed."""

    def end(_signal: int, _frame: object) -> None:
        interrupted.happened = True
        os.dup2(os.open(os.devnull, os.O_RDONLY), 0)

    before = signal.signal(signal.SIGINT, end)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)


def _write(piece: memoryview) -> None:
    while piece:
        piece = piece[os.write(1, piece) :]
