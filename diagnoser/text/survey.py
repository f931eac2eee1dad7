"""One look at every byte of a log, at the speed of memory."""

from __future__ import annotations

from typing import NamedTuple

import stringzilla

from diagnoser.text import Buffer, grid, views

_IS_NEWLINE = bytes(byte == ord("\n") for byte in range(256))


class Survey(NamedTuple):
    """Whether there are NULs and escapes, and the newlines before each chunk."""

    nul: bool
    escape: bool
    newlines: tuple[int, ...]


def survey(data: Buffer) -> Survey:
    """Look at every byte once, in flat memory."""
    nul = escape = False
    before = [0]
    for _, piece in views(data, grid(0, len(data))):
        nul = nul or stringzilla.find(piece, b"\0") >= 0
        escape = escape or stringzilla.find(piece, b"\x1b") >= 0
        before.append(before[-1] + newlines(piece))
    return Survey(nul, escape, tuple(before))


def newlines(piece: memoryview) -> int:
    """How many there are: three times as fast as counting them, thirteen times as fast as `bytes.count`."""
    return int(stringzilla.bytesum(stringzilla.translate(piece, _IS_NEWLINE)))
