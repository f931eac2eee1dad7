"""The lines that patterns see: those of one step around the clues, as the step printed them."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator, Mapping, Sequence
from enum import IntEnum
from typing import NamedTuple

from diagnoser.lines import Line, read_line, read_lines
from diagnoser.scan import Hits, Literal, Span, occurrences
from diagnoser.steps import Kind, Log, Segment, own, segment_at

_WHOLE = 1 << 17  # bytes of a step that are read as one window
_MOST = 64  # occurrences of one literal in one place that are looked at: the first and the last
AROUND = 20  # lines on either side of a clue that a pattern sees
_TIME = re.compile(r"\d+\.\d+ ")
_ECHO = re.compile(
    r'(process ")(?:[^"\\]|\\.)*(" did not)|(The command \').*(\' returned a non-zero)|(executor failed running \[).*(\])|'
    r'((?:building|build error) at STEP ").*?(": )'
)
# What builders print on a step's own lines that no step printed.
_FRAME = re.compile(r"(?:Step \d+/\d+ ?|(?:\[\d+/\d+\] )?STEP \d+(?:/\d+)?): | ---> |-{6,}$|=> => # |> \[")


Place = tuple[Kind, int | None]  # and the step


class Region(IntEnum):
    """How much a place says about the cause: the failed step, its error line, what no step printed, other steps."""

    FAILED = 0
    ERROR = 1
    OUTSIDE = 2
    OTHER = 3


class Window(NamedTuple):
    """Lines of one step, joined by newlines in `text`; `starts` are where each begins there.

    `clues`: the numbers of the lines that hold a literal, by literal.
    """

    step: int | None
    region: Region
    lines: tuple[Line, ...]
    text: str
    starts: tuple[int, ...]
    clues: Mapping[int, Sequence[int]]


def windows(log: Log, hits: Hits, literals: Sequence[Literal]) -> Iterator[Window]:
    """The windows around the clues, and in each the literals that occur there."""
    places: dict[Place, dict[int, set[int]]] = {}
    spans = _spans(log)
    for number, chunks in hits.chunks.items():
        for near in spans:
            for offset in occurrences(log.text, literals[number], chunks, near, _MOST):
                place = _place(log, offset)
                if place:
                    places.setdefault(place, {}).setdefault(offset, set()).add(number)
    for (kind, step), clues in places.items():
        for lines, inside in _neighbourhoods(log, kind, step, sorted(clues)):
            yield from _window(log, kind, step, lines, {hit: clues[hit] for hit in inside})


def _spans(log: Log) -> list[list[Span]]:
    """Where clues are looked for: in each place that failed, and in all others together."""
    near: dict[Place, list[Span]] = {}
    other: list[Span] = []
    for segment in log.segments:
        if segment.kind == "frame":
            continue
        if region_of(log, segment.kind, segment.step) is Region.OTHER:
            other.append((segment.start, segment.end))
        else:
            near.setdefault((segment.kind, segment.step), []).append((segment.start, segment.end))
    return [*near.values(), *([other] if other else [])]


def _place(log: Log, offset: int) -> Place | None:
    segment = segment_at(log, offset)
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
    for _ in range(AROUND):
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


def _window(log: Log, kind: Kind, step: int | None, lines: list[Line], hits: dict[int, set[int]]) -> Iterator[Window]:
    if not lines:
        return
    starts, at = [], 0
    for line in lines:
        starts.append(at)
        at += len(line.text) + 1
    text = "\n".join(line.text for line in lines)
    clues: dict[int, list[int]] = {}
    for hit, literals in hits.items():
        number = bisect_right(lines, hit, key=lambda line: line.start) - 1
        if number >= 0 and hit <= lines[number].end:  # else the clue is on a line of the builder's
            for literal in literals:
                clues.setdefault(literal, []).append(number)
    yield Window(step, region_of(log, kind, step), tuple(lines), text, tuple(starts), clues)


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
