"""How long each step took: what a log tells of time, and nothing that it does not.

Times come from BuildKit (`DONE 3.1s`, the seconds before each line of output), from the stamps that a CI puts before
the lines or that rawjson carries, and from kaniko (`INFO[0042]`). Only landmark lines and the ends of steps are read,
never the whole log.
"""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from typing import Literal, NamedTuple

from diagnoser.lines import Line, read_line
from diagnoser.silence import Gap
from diagnoser.stalls import between
from diagnoser.steps import Log, Segment, State, Step

Clock = Literal["stamps", "builder", "cumulated"]
MOST = 500  # steps that are told: the last ones
_BACK = 24  # lines from a step's end in which its own last one is looked for
_KANIKO = re.compile(r"INFO\[(\d{1,9})\]")
_FROM_STAGE = re.compile(r"--from=(\S+)")


class Span(NamedTuple):
    """A step in time: `start` in seconds since the first step began; none where the log does not tell."""

    name: str
    stage: str | None
    state: State
    start: float | None
    seconds: float | None


class Silence(NamedTuple):
    """`seconds` without a line: from `line` of the raw log, which reads `text`, to `end_line`."""

    seconds: float
    line: int
    end_line: int | None
    text: str
    step: str | None


class Timeline(NamedTuple):
    """`clock` is where the starts come from.

    "stamps": of a CI, or rawjson's. "builder": kaniko's own. "cumulated": each stage's steps put one after the other,
    as BuildKit runs them; waits between them are not in the log. `seconds` is where the last step ends.
    """

    clock: Clock | None
    seconds: float | None
    steps: tuple[Span, ...]
    silence: Silence | None = None


def read(log: Log, gap: Gap | None = None) -> Timeline | None:
    """The steps in time, none where the log tells no step's time; a step lasts until its `gap` is over."""
    steps = [step for step in log.steps[-MOST:] if _name(step) and not step.name.startswith("building with ")]
    ends = _ends(log, {step.number for step in steps})
    seen = [_seen(log, step, ends[step.number], gap) for step in steps]
    clock: Clock = "stamps"
    if log.text.starts:
        begun = dict(log.text.starts)
        times = [(begun.get(step.vertex or 0), s.seconds) for step, s in zip(steps, seen, strict=True)]
    elif any(s.first for s in seen):
        times = _stamped(seen)
    elif log.builder == "kaniko":
        clock, times = "builder", _kaniko(log, steps)
    else:
        clock, times = "cumulated", _cumulated(steps, [s.seconds for s in seen])
    spans = tuple(_span(step, *time) for step, time in zip(steps, times, strict=True))
    finishes = [s.start + (s.seconds or 0.0) for s in spans if s.start is not None]
    told = finishes and any(s.seconds is not None for s in spans)
    return Timeline(clock, _tenth(max(finishes)), spans) if told else None


class _Seen(NamedTuple):
    """Stamps of a step's first and last line, and how long it ran."""

    first: str | None
    last: str | None
    seconds: float | None


_Time = tuple[float | None, float | None]  # start and seconds


def _span(step: Step, start: float | None, seconds: float | None) -> Span:
    return Span(_name(step), step.stage, step.state, _tenth(start), _tenth(seconds))


def _ends(log: Log, steps: set[int]) -> dict[int, deque[Segment]]:
    """The last pieces of what each of these steps printed."""
    ends: dict[int, deque[Segment]] = {step: deque(maxlen=_BACK) for step in steps}
    for segment in log.segments:
        if segment.kind == "output" and segment.step in steps:
            ends[segment.step].append(segment)
    return ends


def _seen(log: Log, step: Step, segments: Iterable[Segment], gap: Gap | None) -> _Seen:
    first = read_line(log.text, step.start, log.wrapper).stamp
    end = _end(log, step, segments)
    seconds = 0.0 if step.state == "cached" else step.seconds
    if seconds is None and end:
        passed = between(first, end.stamp) if first and end.stamp else None
        seconds = passed if passed is not None and passed >= 0 else end.time
        if seconds is not None and gap and gap.end is None and gap.start == end.start:
            seconds += gap.seconds
    return _Seen(first, end.stamp if end else None, seconds)


def _end(log: Log, step: Step, segments: Iterable[Segment]) -> Line | None:
    """The last line of the step that carries a time."""
    for line in islice(_backwards(log, segments), _BACK):
        if (step.vertex is None or line.vertex == step.vertex) and (line.stamp or line.time is not None):
            return line
    return None


def _backwards(log: Log, segments: Iterable[Segment]) -> Iterator[Line]:
    for segment in reversed([*segments]):
        start = segment.end
        while start > segment.start:
            line = read_line(log.text, start - 1, log.wrapper)
            yield line
            start = line.start


def _stamped(seen: Sequence[_Seen]) -> list[_Time]:
    """BuildKit may print a step's header long after it began, but its end and its seconds are true."""
    origin = next(s.first for s in seen if s.first)
    times: list[_Time] = []
    for first, last, seconds in seen:
        done = between(origin, last) if last else None
        shown = between(origin, first) if first else None
        begun = done - seconds if done is not None and seconds is not None else None
        known = [time for time in (shown, begun) if time is not None]
        times.append((max(0.0, min(known)) if known else None, seconds))
    return times


def _cumulated(steps: Sequence[Step], seconds: Sequence[float | None]) -> list[_Time]:
    ends: dict[str | None, float] = {}
    times: list[_Time] = []
    for step, took in zip(steps, seconds, strict=True):
        source = _FROM_STAGE.search(step.instruction or "")
        start = max(ends.get(step.stage, ends.get(None, 0.0)), ends.get(source[1], 0.0) if source else 0.0)
        if step.name.startswith("exporting"):
            start = max(ends.values(), default=0.0)
        ends[step.stage] = start + (took or 0.0)
        times.append((start if took is not None else None, took))
    return times


def _kaniko(log: Log, steps: Sequence[Step]) -> list[_Time]:
    """One step after the other: each lasts until the next begins."""
    marks = [_KANIKO.search(read_line(log.text, step.start, log.wrapper).text) for step in steps]
    starts = [float(mark[1]) if mark else None for mark in marks]
    ends = [*starts, None][1:]
    return [(a, b - a if a is not None and b is not None else None) for a, b in zip(starts, ends, strict=True)]


def _name(step: Step) -> str:
    """The step's name, with its instruction where a builder numbers its steps only."""
    if not step.instruction or step.instruction in step.name:
        return step.name
    return f"{step.name} : {step.instruction}" if step.name else step.instruction


def _tenth(seconds: float | None) -> float | None:
    return None if seconds is None else round(seconds, 1)


def in_words(seconds: float) -> str:
    """A time for people: 0.4 s, 12.3 s, 2 min 5 s, 1 h 3 min."""
    if seconds < 60:
        return f"{seconds:.1f} s"
    minutes, rest = divmod(round(seconds), 60)
    return f"{minutes} min {rest} s" if minutes < 60 else f"{minutes // 60} h {minutes % 60} min"
