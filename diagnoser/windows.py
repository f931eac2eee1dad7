"""The lines that patterns see: those of one step around the clues, as the step printed them."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from enum import IntEnum
from itertools import groupby
from typing import NamedTuple

from diagnoser.lines import Line, read_line, read_lines
from diagnoser.steps import Kind, Log, Segment, own, segment_at

_WHOLE = 1 << 17  # bytes of a step that are read as one window
_AROUND = 25  # lines on either side of a clue, in a larger step
_TIME = re.compile(r"\d+\.\d+ ")
_ECHO = re.compile(
    r'(process ")(?:[^"\\]|\\.)*(" did not)|(The command \').*(\' returned a non-zero)|(executor failed running \[).*(\])|'
    r'((?:building|build error) at STEP ").*(": )'
)
# What builders print on a step's own lines that no step printed.
_FRAME = re.compile(r"(?:Step \d+/\d+ ?|(?:\[\d+/\d+\] )?STEP \d+(?:/\d+)?): | ---> |-{6,}$|=> => # |> \[")


class Region(IntEnum):
    """How much a place says about the cause: the failed step, its error line, what no step printed, other steps."""

    FAILED = 0
    ERROR = 1
    OUTSIDE = 2
    OTHER = 3


class Window(NamedTuple):
    """Lines of one step, joined by newlines in `text`; `starts` are where each begins there. `hits` are offsets."""

    step: int | None
    region: Region
    lines: tuple[Line, ...]
    text: str
    starts: tuple[int, ...]
    hits: tuple[int, ...]


def windows(log: Log, offsets: Sequence[int]) -> Iterator[Window]:
    """The windows around these byte offsets, in the order of the text."""
    placed = [(place, offset) for offset in offsets if (place := _place(log, offset)) is not None]
    placed.sort(key=lambda p: (p[0][0], p[0][1] is None, p[0][1] or 0, p[1]))
    for (kind, step), group in groupby(placed, key=lambda p: p[0]):
        hits = [offset for _, offset in group]
        for lines, inside in _neighbourhoods(log, kind, step, hits):
            yield from _window(log, kind, step, lines, inside)


def _place(log: Log, offset: int) -> tuple[Kind, int | None] | None:
    segment = segment_at(log, offset)
    if segment.kind == "frame":
        return None
    step = None if segment.step is None else log.steps[segment.step]
    if segment.kind == "output" and step is not None and step.vertex is not None:
        line = read_line(log.text, offset, log.wrapper)
        if line.vertex is None:
            return ("outside", None)
        if not own(line, step, "output"):
            return None
    return (segment.kind, segment.step)


def _neighbourhoods(
    log: Log, kind: Kind, step: int | None, hits: Sequence[int]
) -> Iterator[tuple[list[Line], list[int]]]:
    segments = _segments(log, kind, step)
    if sum(s.end - s.start for s in segments) <= _WHOLE:
        yield [line for s in segments for line in _lines(log, s, kind, s.start, s.end)], list(hits)
        return
    for start, end in _merged([_around(log, hit) for hit in hits]):
        inside = [hit for hit in hits if start <= hit < end]
        lines = [
            line
            for s in segments
            if s.start < end and s.end > start
            for line in _lines(log, s, kind, max(s.start, start), min(s.end, end))
        ]
        yield lines, inside


def _segments(log: Log, kind: Kind, step: int | None) -> list[Segment]:
    if kind == "outside":  # also the lines without a step's number between those of a step
        return [s for s in log.segments if s.kind == "outside" or (s.kind == "output" and _numbered(log, s))]
    return [s for s in log.segments if s.kind == kind and s.step == step]


def _numbered(log: Log, segment: Segment) -> bool:
    return segment.step is not None and log.steps[segment.step].vertex is not None


def _lines(log: Log, segment: Segment, kind: Kind, start: int, end: int) -> Iterator[Line]:
    step = None if segment.step is None else log.steps[segment.step]
    for line in read_lines(log.text, start, end, log.wrapper):
        mine = line.vertex is None if kind == "outside" else own(line, step, kind)
        if mine and not _FRAME.match(line.text):
            yield _unmarked(line, kind)


def _unmarked(line: Line, kind: Kind) -> Line:
    text = line.text
    if kind == "block":
        text = _TIME.sub("", text, count=1) if _TIME.match(text) else text
    if "did not" in text or "non-zero" in text or "executor failed" in text or "at STEP" in text:
        text = _ECHO.sub(lambda m: "…".join(g for g in m.groups() if g), text)
    return line if text is line.text else line._replace(text=text)


def _around(log: Log, offset: int) -> tuple[int, int]:
    data, start, end = log.text.data, offset, offset
    for _ in range(_AROUND):
        start = max(0, data.rfind(b"\n", 0, max(0, start - 1)) + 1) if start > 0 else 0
        end = data.find(b"\n", end) + 1 or len(data)
    return start, end


def _merged(spans: list[tuple[int, int]]) -> list[tuple[int, int]]:
    merged: list[tuple[int, int]] = []
    for start, end in spans:
        if merged and start <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        else:
            merged.append((start, end))
    return merged


def _window(log: Log, kind: Kind, step: int | None, lines: list[Line], hits: list[int]) -> Iterator[Window]:
    if not lines:
        return
    starts, at = [], 0
    for line in lines:
        starts.append(at)
        at += len(line.text) + 1
    text = "\n".join(line.text for line in lines)
    yield Window(step, region_of(log, kind, step), tuple(lines), text, tuple(starts), tuple(hits))


def region_of(log: Log, kind: Kind, step: int | None) -> Region:
    """What a place in the log says about the cause of its failure."""
    failing = any(s.state == "failed" for s in log.steps)
    if kind == "error" and failing:
        return Region.ERROR
    if step is None:
        return Region.OUTSIDE if failing else Region.FAILED
    state = log.steps[step].state
    if state == "failed":
        copied = kind == "block" and any(s.kind == "output" and s.step == step for s in log.segments)
        return Region.ERROR if copied else Region.FAILED
    return Region.FAILED if state == "open" and not failing else Region.OTHER
