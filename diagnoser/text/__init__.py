"""Where a log comes from, and the one buffer it is searched in.

A plain log is searched as it is. What cannot be (compressed, UTF-16, rawjson, a terminal's redraws, words cut by colour
codes) is rewritten first, with a map back to the line numbers of the raw log.
"""

from __future__ import annotations

import mmap
from bisect import bisect_right
from collections.abc import Iterator
from typing import NamedTuple

Buffer = bytes | mmap.mmap
CHUNK = 1 << 20
_LARGE = 1 << 25


class Text(NamedTuple):
    """A log as one searchable buffer of UTF-8 lines that end in LF.

    `anchors` maps a line of `data` to its line in the raw log, both from 1: from an anchor on, both count alike.
    `dropped` is how many bytes of the raw log are missing from the middle of `data`. `newlines[n]` counts those before
    byte n * `CHUNK`, where they were counted. `starts`: when each of BuildKit's vertexes began, in seconds after the
    first one, where the raw log tells (rawjson).
    """

    data: Buffer
    anchors: tuple[tuple[int, int], ...] = ((1, 1),)
    source: str = "-"
    dropped: int = 0
    newlines: tuple[int, ...] = (0,)
    starts: tuple[tuple[int, float], ...] = ()


class Survey(NamedTuple):
    """What one look at every byte tells: whether there are NULs and escapes, and the newlines before each chunk."""

    nul: bool
    escape: bool
    newlines: tuple[int, ...]


def line_start(text: Text, offset: int) -> int:
    return text.data.rfind(b"\n", 0, offset) + 1


def line_end(text: Text, offset: int) -> int:
    end = text.data.find(b"\n", offset)
    return end if end >= 0 else len(text.data)


def line_offsets(text: Text, start: int, end: int) -> Iterator[tuple[int, int]]:
    """Start and end of each line from `start`, which begins one, up to `end`."""
    while start < end:
        stop = min(line_end(text, start), end)
        yield start, stop
        start = stop + 1


def raw_lines(text: Text, offsets: list[int]) -> dict[int, int]:
    """The raw log's line number, from 1, of each offset; one pass however many are asked."""
    numbers: dict[int, int] = {}
    at, before = 0, 0
    for offset in sorted(set(offsets)):
        known = min(offset // CHUNK, len(text.newlines) - 1)
        if known * CHUNK > at:
            at, before = known * CHUNK, text.newlines[known]
        before += _newlines(text.data, at, offset)
        at = offset
        numbers[offset] = _raw_line(text, before + 1)
    return numbers


def forget(data: Buffer, start: int, end: int) -> None:
    """Let the system take back the memory of a mapped piece that was read: a large log must not fill it."""
    if isinstance(data, mmap.mmap) and len(data) > _LARGE and hasattr(mmap, "MADV_DONTNEED"):
        first, end = -(-start // mmap.PAGESIZE) * mmap.PAGESIZE, min(end, len(data))
        if end > first:
            data.madvise(mmap.MADV_DONTNEED, first, (end - first) // mmap.PAGESIZE * mmap.PAGESIZE or mmap.PAGESIZE)


def survey(data: Buffer) -> Survey:
    """Look at every byte once, in flat memory."""
    nul = escape = False
    newlines = [0]
    for start in range(0, len(data), CHUNK):
        piece = data[start : start + CHUNK]
        nul = nul or b"\0" in piece
        escape = escape or b"\x1b" in piece
        newlines.append(newlines[-1] + piece.count(b"\n"))
        forget(data, start, start + len(piece))
    return Survey(nul, escape, tuple(newlines))


def _raw_line(text: Text, line: int) -> int:
    mine, raw = text.anchors[bisect_right(text.anchors, (line, 1 << 62)) - 1]
    return raw + line - mine


def _newlines(data: Buffer, start: int, end: int) -> int:
    count = 0
    for at in range(start, end, CHUNK):
        stop = min(at + CHUNK, end)
        count += data[at:stop].count(b"\n")
        forget(data, at, stop)
    return count
