"""Where a log comes from, and the one buffer it is searched in.

A plain log is searched as it is. What cannot be (compressed, UTF-16, rawjson, a terminal's redraws, words cut by colour
codes) is rewritten first, with a map back to the line numbers of the raw log.
"""

from __future__ import annotations

import mmap
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

Buffer = bytes | mmap.mmap
Span = tuple[int, int]  # byte offsets
CHUNK = 1 << 18
_LARGE = 1 << 25
_KEPT = 1 << 22  # bytes of a large log that were read and are still in memory
_FAULTED = 1 << 22  # bytes before a piece that the system may have mapped along with it


class LineMap(NamedTuple):
    """Where the lines of a rewritten log were before, counted from 1: from line `new[n]` on, which was `old[n]`, both
    count alike. Both ascend; they may hold millions of numbers, in a tuple, an array or a mapped file."""

    new: Sequence[int]
    old: Sequence[int]


class Spooled(NamedTuple):
    """A stream's bytes, how many were dropped from its middle, and the line map over that gap, where there is one."""

    data: Buffer
    dropped: int = 0
    gap: LineMap | None = None


class Text(NamedTuple):
    """A log as one searchable buffer of UTF-8 lines that end in LF.

    `maps` lead from a line of `data` to its line in the raw log, one after the other.
    `dropped` is how many bytes of the raw log are missing from the middle of `data`. `newlines[n]` counts those before
    byte n * `CHUNK`, where they were counted. `starts`: when each of BuildKit's vertexes began, in seconds after the
    first one, where the raw log tells (rawjson).
    """

    data: Buffer
    maps: tuple[LineMap, ...] = ()
    source: str = "-"
    dropped: int = 0
    newlines: tuple[int, ...] = (0,)
    starts: tuple[tuple[int, float], ...] = ()


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
    from diagnoser.text.survey import newlines

    numbers: dict[int, int] = {}
    at, before = 0, 0
    for offset in sorted(set(offsets)):
        known = min(offset // CHUNK, len(text.newlines) - 1)
        if known * CHUNK > at:
            at, before = known * CHUNK, text.newlines[known]
        before += sum(newlines(piece) for _, piece in views(text.data, grid(at, offset)))
        at = offset
        numbers[offset] = raw_line(text, before + 1)
    return numbers


def forget(data: Buffer, start: int, end: int) -> None:
    """Let the system take back the memory of a mapped piece that was read: a large log must not fill it."""
    if isinstance(data, mmap.mmap) and len(data) > _LARGE and hasattr(mmap, "MADV_DONTNEED"):
        first = max(0, start - _FAULTED) // mmap.PAGESIZE * mmap.PAGESIZE
        if end > first:
            data.madvise(mmap.MADV_DONTNEED, first, min(end, len(data)) - first)


def views(data: Buffer, spans: Iterable[Span]) -> Iterator[tuple[Span, memoryview]]:
    """Each span with its bytes, which are there until the next is asked for: of a large log little stays in memory."""
    with memoryview(data) as whole:
        kept = end = 0
        for start, end in spans:
            with whole[start:end] as piece:
                yield (start, end), piece
            if end - kept > _KEPT:
                forget(data, kept, end)
                kept = end
        forget(data, kept, end)


def pieces(data: Buffer, start: int = 0, end: int | None = None) -> Iterator[bytes]:
    """The bytes from `start` to `end`, a chunk at a time."""
    return (bytes(piece) for _, piece in views(data, grid(start, len(data) if end is None else end)))


def raw_line(text: Text, line: int) -> int:
    """The raw log's number of a line of the text."""
    for new, old in text.maps:
        at = bisect_right(new, line) - 1
        line += old[at] - new[at]
    return line


def grid(start: int, end: int) -> Iterator[Span]:
    """Pieces of `CHUNK` bytes from `start`, up to `end`."""
    return ((at, min(at + CHUNK, end)) for at in range(start, end, CHUNK))
