"""A log on a pipe: shown as it comes, and watched for stalls where that is asked."""

from __future__ import annotations

import contextlib
import os
import select
import signal
import time
from collections.abc import Iterator
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from diagnoser.live.sentry import Sentry

_CHUNK = 1 << 16


class Interrupted:
    """Tells whether the stream was cut short by Ctrl-C."""

    happened = False


def read_pipe(echo: bool, interrupted: Interrupted, sentry: Sentry | None = None) -> Iterator[bytes]:
    """Standard input as it comes; each piece is passed on to standard output before anything is done with it.

    With a `sentry` the stream ends also where a step has been silent for too long.
    """
    with _ending_on_interrupt(interrupted):
        while chunk := os.read(0, _CHUNK) if sentry is None else _read_watched(sentry):
            if echo:
                _write(chunk)
            yield chunk
        if sentry:
            sentry.close(time.monotonic())


def _read_watched(sentry: Sentry) -> bytes:
    while not select.select([0], [], [], sentry.TICK)[0]:
        sentry.look(time.monotonic())
        if sentry.lost:
            return b""
    chunk = os.read(0, _CHUNK)
    sentry.hear(time.monotonic(), 0, chunk)
    return chunk


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


def _write(data: bytes) -> None:
    view = memoryview(data)
    while view:
        view = view[os.write(1, view) :]
