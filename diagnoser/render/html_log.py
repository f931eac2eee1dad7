"""The log for a page: around the evidence open, else folded; of a large log only the ends and those surroundings."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise
from typing import NamedTuple

from diagnoser.diagnosis import Diagnosis, Evidence, clean
from diagnoser.redact import redact
from diagnoser.text import Buffer, Text, raw_line

_WHOLE = 3000  # lines; a log of no more is shown whole
_ENDS = 300  # lines at either end of a longer one
_NEAR, _OPEN = 150, 8  # lines on either side of the evidence that are kept, and that are not folded
_LAST = 30  # lines at the end that are open where there is no evidence
_WIDTH = 2000  # characters of a line
_MARGIN = 80  # lines before a piece that are redacted with it: a secret may begin there
_CHUNK = 1 << 16  # bytes

Span = tuple[int, int]  # lines of the text, from 1, without the last


class Row(NamedTuple):
    """A line with its number in the raw log."""

    number: int
    text: str
    telling: bool


class Piece(NamedTuple):
    """Rows that follow one another. `skipped` lines before them are left out."""

    rows: tuple[Row, ...]
    folded: bool
    skipped: int


def pieces(text: Text, diagnosis: Diagnosis) -> list[Piece]:
    """The log in the order of its lines, redacted."""
    total = _count(text.data)
    telling = [_inside(text, span) for span in _evidence(diagnosis)] or [(max(1, total - _LAST + 1), total + 1)]
    marked = _merged(telling) if _evidence(diagnosis) else []
    shown = _merged(_widened(telling, _OPEN, total))
    kept = [(1, total + 1)]
    if total > _WHOLE:
        kept = _merged([(1, _ENDS + 1), *_widened(telling, _NEAR, total), (total - _ENDS + 1, total + 1)])
    return list(_pieces(text, list(_folds(kept, shown)), marked))


def _evidence(diagnosis: Diagnosis) -> list[Span]:
    places: list[Evidence | None] = [*(e for finding in diagnosis.diagnoses for e in finding.evidence)] or [
        diagnosis.excerpt
    ]
    return [(e.line, e.end_line + 1) for e in places if e]


def _folds(kept: Iterable[Span], shown: Sequence[Span]) -> Iterator[tuple[Span, bool]]:
    """The kept spans, cut where what is shown begins and ends."""
    for start, end in kept:
        cuts = sorted({start, end, *(at for span in shown for at in span if start < at < end)})
        for first, last in pairwise(cuts):
            yield (first, last), not any(a <= first < b for a, b in shown)


def _pieces(text: Text, folds: Sequence[tuple[Span, bool]], marked: Sequence[Span]) -> Iterator[Piece]:
    starts = _line_starts(text.data, {n for (first, last), _ in folds for n in (max(1, first - _MARGIN), first, last)})
    before = 1
    for (first, last), folded in folds:
        lines = _redacted(text, first, last, starts)
        rows = [
            Row(raw_line(text, number), line, any(a <= number < b for a, b in marked))
            for number, line in enumerate(lines, first)
        ]
        yield Piece(tuple(rows), folded, first - before)
        before = last


def _redacted(text: Text, first: int, last: int, starts: dict[int, int]) -> list[str]:
    margin = max(1, first - _MARGIN)
    raw = bytes(text.data[starts[margin] : starts[last]]).decode("utf-8", "replace")
    lines = redact(raw.removesuffix("\n").replace("\r\n", "\n")).split("\n")[first - margin :]
    return [clean(line[line.rfind("\r") + 1 :][:_WIDTH]) for line in lines]


def _inside(text: Text, raw: Span) -> Span:
    """The lines of the text that come from these lines of the raw log."""
    return _line_of(text, raw[0], first=True), _line_of(text, raw[1] - 1, first=False) + 1


def _line_of(text: Text, line: int, first: bool) -> int:
    for new, old in reversed(text.maps):
        place = bisect_left(old, line)
        if not (first and place < len(old) and old[place] == line):
            place = bisect_right(old, line) - 1
        line += new[max(0, place)] - old[max(0, place)]
    return line


def _widened(spans: Iterable[Span], by: int, total: int) -> list[Span]:
    return [(max(1, start - by), min(total + 1, end + by)) for start, end in spans]


def _merged(spans: Iterable[Span]) -> list[Span]:
    merged: list[Span] = []
    for start, end in sorted(spans):
        if merged and start <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        else:
            merged.append((start, end))
    return merged


def _count(data: Buffer) -> int:
    newlines = sum(data[at : at + _CHUNK].count(b"\n") for at in range(0, len(data), _CHUNK))
    return newlines + (len(data) > 0 and data[-1:] != b"\n")


def _line_starts(data: Buffer, lines: Iterable[int]) -> dict[int, int]:
    """Where these lines begin; the one after the last begins at the end."""
    wanted = sorted(lines, reverse=True)
    starts = {wanted.pop(): 0} if wanted and wanted[-1] == 1 else {}
    line = 1
    for at in range(0, len(data), _CHUNK):
        chunk = data[at : at + _CHUNK]
        count, place, reached = chunk.count(b"\n"), -1, line
        while wanted and wanted[-1] <= line + count:
            for _ in range(wanted[-1] - reached):
                place = chunk.find(b"\n", place + 1)
            reached = wanted.pop()
            starts[reached] = at + place + 1
        line += count
    return starts | dict.fromkeys(wanted, len(data))
