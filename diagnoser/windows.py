"""Where the clues are, and the lines that patterns see: those of one step around them, as the step printed them."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from enum import IntEnum
from typing import NamedTuple

from diagnoser.lines import Line, read_line
from diagnoser.printed import Printed
from diagnoser.scan import Grams, Literal, find_clues, occurrences
from diagnoser.steps import Kind, Log, Segment, own, segment_at, stray
from diagnoser.text import Span, line_start

_MOST, _MOST_OTHER = 64, 16  # occurrences of one literal that are looked at: the first and the last of them
_PLACES = 256  # failed places that are searched: the first and the last
_WIDE = 1 << 12  # characters of a line that patterns see: what is quadratic stays quick on so many
_FAR, _FAR_OTHER = 1 << 25, 1 << 23  # bytes at either end of a failed place, and of all others, that are searched

Place = tuple[Kind, int | None]  # and the step
Hits = Mapping[int, Set[int]]  # the numbers of the literals at an offset


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


def find_places(log: Log, regions: Regions, literals: Sequence[Literal], index: Grams) -> dict[Place, Hits]:
    """Where the literals occur."""
    places: dict[Place, dict[int, set[int]]] = {}
    for spans, most in _looked_at(log, regions):
        for number, chunks in find_clues(log.text, literals, index, spans).items():
            for offset in occurrences(log.text, literals[number], chunks, most):
                place = _place(log, offset)
                if place:
                    places.setdefault(place, {}).setdefault(offset, set()).add(number)
    return dict(places)


def windows(log: Log, regions: Regions, places: Mapping[Place, Hits]) -> Iterator[Window]:
    """The windows around these hits, and in each the literals that occur there."""
    segments = segments_by_place(log)
    for place, clues in places.items():
        for lines, inside in Printed(log, place[0], segments[place]).around(sorted(clues)):
            if lines:
                yield window(regions, place, lines, {hit: clues[hit] for hit in inside})


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
        start, number = line_start(log.text, offset), b"#%d " % step.vertex
        if log.text.data[start : start + len(number)] == number:  # as nearly all are: these need not be read here
            return (segment.kind, segment.step)
        line = read_line(log.text, offset, log.wrapper)
        if stray(line, step):
            return ("outside", None)
        if not own(line, step, "output"):
            return None
    return (segment.kind, segment.step)


def segments_by_place(log: Log) -> dict[Place, list[Segment]]:
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


def window(regions: Regions, place: Place, lines: Sequence[Line], hits: Hits) -> Window:
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
    return Window(place[1], regions.of(*place), tuple(lines), text, tuple(starts), clues)


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
