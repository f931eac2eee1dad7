"""The lines that patterns see: those of one step around the clues, as the step printed them."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Mapping, Sequence
from enum import IntEnum
from typing import NamedTuple

from diagnoser.lines import Line, read_line, read_lines
from diagnoser.scan import Grams, Literal, find_clues, occurrences
from diagnoser.steps import Kind, Log, Segment, own, segment_at
from diagnoser.text import Span

_WHOLE = 1 << 17  # bytes of a step that are read as one window
_MOST, _MOST_OTHER = 64, 16  # occurrences of one literal that are looked at: the first and the last of them
_PLACES = 256  # failed places that are searched: the first and the last
_WIDE = 1 << 12  # characters of a line that patterns see: what is quadratic stays quick on so many
_FAR, _FAR_OTHER = 1 << 25, 1 << 23  # bytes at either end of a failed place, and of all others, that are searched
AROUND = 20  # lines on either side of a clue that a pattern sees
_TIME = re.compile(r"\d+\.\d+ ")
_PROCESS = re.compile(r'(process ")(?:[^"\\]|\\.)*(" did not)')
_ECHOES = (("The command '", "' returned a non-zero"), ("executor failed running [", "]"), ('at STEP "', '": '))
# What builders print on a step's own lines that no step printed.
_FRAME = re.compile(
    r"(?:Step \d+(?:/\d+ ?| (?=: [A-Z]))|(?:\[\d+/\d+\] )?STEP \d+(?:/\d+)?): | ---> |-{6,}$|=> => # |> \["
)


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


def windows(log: Log, literals: Sequence[Literal], index: Grams) -> Iterator[Window]:
    """The windows around the clues, and in each the literals that occur there."""
    places: dict[Place, dict[int, set[int]]] = {}
    regions = Regions(log)
    for spans, most in _looked_at(log, regions):
        for number, chunks in find_clues(log.text, literals, index, spans).items():
            for offset in occurrences(log.text, literals[number], chunks, most):
                place = _place(log, offset)
                if place:
                    places.setdefault(place, {}).setdefault(offset, set()).add(number)
    segments = _by_place(log)
    for (kind, step), clues in places.items():
        for lines, inside in _neighbourhoods(log, kind, segments[kind, step], sorted(clues)):
            yield from _window(regions, kind, step, lines, {hit: clues[hit] for hit in inside})


def _looked_at(log: Log, regions: Regions) -> Iterator[tuple[list[Span], int]]:
    """Where clues are looked for, and how many of each: in each place that failed, and in all others together.

    Of what is huge, both ends are searched.
    """
    near: dict[Place, list[Span]] = {}
    other: list[Span] = []
    for segment in log.segments:
        if segment.kind == "frame":
            continue
        if regions.of(segment.kind, segment.step) is Region.OTHER:
            start = other.pop()[0] if other and other[-1][1] == segment.start else segment.start
            other.append((start, segment.end))
        else:
            near.setdefault((segment.kind, segment.step), []).append((segment.start, segment.end))
    for spans in _first_and_last(list(near.values())):
        yield _ends(spans, _FAR), _MOST
    if other:
        yield _ends(other, _FAR_OTHER), _MOST_OTHER


def _first_and_last(places: list[list[Span]]) -> list[list[Span]]:
    return places if len(places) <= _PLACES else places[: _PLACES // 2] + places[-_PLACES // 2 :]


def _ends(spans: list[Span], most: int) -> list[Span]:
    """The spans, or of more than twice `most` bytes those at both ends."""
    if sum(end - start for start, end in spans) <= 2 * most:
        return spans
    head, tail = [], []
    room = most
    for start, end in spans:
        if room <= 0:
            break
        head.append((start, min(end, start + room)))
        room -= end - start
    room = most
    for start, end in reversed(spans):
        if room <= 0:
            break
        tail.append((max(start, end - room), end))
        room -= end - start
    return head + tail[::-1]


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
    log: Log, kind: Kind, segments: list[Segment], hits: Sequence[int]
) -> Iterator[tuple[list[Line], list[int]]]:
    if sum(s.end - s.start for s in segments) <= _WHOLE:
        yield [line for s in segments for line in _lines(log, s, kind, s.start, s.end)], list(hits)
        return
    for start, end in _merged([_around(log, segments, hit) for hit in hits]):
        inside = [hit for hit in hits if start <= hit < end]
        first = bisect_right(segments, start, key=lambda s: s.end)
        last = bisect_left(segments, end, key=lambda s: s.start)
        yield (
            [line for s in segments[first:last] for line in _lines(log, s, kind, max(s.start, start), min(s.end, end))],
            inside,
        )


def _by_place(log: Log) -> dict[Place, list[Segment]]:
    places: dict[Place, list[Segment]] = {}
    for segment in log.segments:
        if segment.kind != "outside":
            places.setdefault((segment.kind, segment.step), []).append(segment)
        # also the lines without a step's number between those of a step
        if segment.kind == "outside" or (segment.kind == "output" and _numbered(log, segment)):
            places.setdefault(("outside", None), []).append(segment)
    return places


def _numbered(log: Log, segment: Segment) -> bool:
    return segment.step is not None and log.steps[segment.step].vertex is not None


def _lines(log: Log, segment: Segment, kind: Kind, start: int, end: int) -> Iterator[Line]:
    step = None if segment.step is None else log.steps[segment.step]
    for line in read_lines(log.text, start, end, log.wrapper):
        stray = line.vertex is None or segment.kind == "outside"  # in a paste also a step's lines without its header
        mine = stray if kind == "outside" else own(line, step, kind)
        if mine and not _FRAME.match(line.text):
            yield _unmarked(line, kind)


def _unmarked(line: Line, kind: Kind) -> Line:
    text = line.text
    if kind in ("block", "outside"):  # a paste may lack the header of a block
        text = _TIME.sub("", text, count=1) if _TIME.match(text) else text
    if "did not" in text or "non-zero" in text or "executor failed" in text or "at STEP" in text:
        text = _without_echo(_PROCESS.sub(r"\1…\2", text))
    return line if text is line.text else line._replace(text=text)


def _without_echo(text: str) -> str:
    """The line without the instruction that it repeats: a word in there was not printed by a program."""
    for before, after in _ECHOES:
        head, found, rest = text.partition(before)
        _, ended, tail = rest.partition(after) if after == '": ' else rest.rpartition(after)
        if found and ended:
            text = head + before + "…" + after + tail
    return text


def _around(log: Log, segments: list[Segment], hit: int) -> Span:
    """`AROUND` lines of these segments on either side of the hit, however many lines of others lie between."""
    here = max(0, bisect_right(segments, hit, key=lambda s: s.start) - 1)
    before, after = segments[max(0, here - AROUND) : here + 1], segments[here : here + AROUND]
    return _back(log, before, hit), _on(log, after, hit)


def _back(log: Log, segments: list[Segment], hit: int) -> int:
    start, left = hit, AROUND
    for segment in reversed(segments):
        if not left:
            break
        start = min(start, segment.end)
        while left and start > segment.start:
            start, left = max(segment.start, log.text.data.rfind(b"\n", segment.start, start - 1) + 1), left - 1
    return start


def _on(log: Log, segments: list[Segment], hit: int) -> int:
    end, left = hit, AROUND
    for segment in segments:
        if not left:
            break
        end = max(end, segment.start)
        while left and end < segment.end:
            end, left = log.text.data.find(b"\n", end, segment.end) + 1 or segment.end, left - 1
    return end


def _merged(spans: list[tuple[int, int]]) -> list[tuple[int, int]]:
    merged: list[tuple[int, int]] = []
    for start, end in spans:
        if merged and start <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        else:
            merged.append((start, end))
    return merged


def _window(
    regions: Regions, kind: Kind, step: int | None, lines: list[Line], hits: dict[int, set[int]]
) -> Iterator[Window]:
    if not lines:
        return
    lines = [line if len(line.text) <= _WIDE else _narrowed(line, hits) for line in lines]
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
    yield Window(step, regions.of(kind, step), tuple(lines), text, tuple(starts), clues)


def _narrowed(line: Line, hits: Iterable[int]) -> Line:
    """Of a long line how it begins, and what stands around its first clue."""
    clue = min((hit - line.start for hit in hits if line.start <= hit <= line.end), default=0)
    quarter = _WIDE // 4
    if clue <= 3 * quarter:
        return line._replace(text=line.text[:_WIDE])
    return line._replace(text=f"{line.text[:quarter]}…{line.text[clue - quarter : clue + 2 * quarter]}")


class Regions:
    """What each place in a log says about the cause of its failure."""

    def __init__(self, log: Log) -> None:
        self._log = log
        self._failing = any(s.state == "failed" for s in log.steps)
        self._with_output = {s.step for s in log.segments if s.kind == "output"}

    def of(self, kind: Kind, step: int | None) -> Region:
        if kind == "error" and self._failing:
            return Region.ERROR
        if step is None:
            return Region.OUTSIDE if self._failing else Region.FAILED
        state = self._log.steps[step].state
        if state == "failed":
            return Region.ERROR if kind == "block" and step in self._with_output else Region.FAILED
        return Region.FAILED if state == "open" and not self._failing else Region.OTHER
