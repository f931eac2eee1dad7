"""The silence in which a build ended, or the one before the line that tells why it failed."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from diagnoser.lines import Line, read_line
from diagnoser.stalls import between, ended_steps, last_lines, silence_of
from diagnoser.steps import Log, Segment, Step, segment_at

_NOTICED = 10.0  # seconds; a shorter pause is nothing that a person would call silence
_BACK = 12  # pieces of a step in which the line printed before another one is looked for


class Gap(NamedTuple):
    """A silence as places in the text: after the line at `start`, up to the one at `end`, where there was one."""

    seconds: float
    start: int
    end: int | None
    text: str


def gap(log: Log, step: Step | None, evidence: int | None) -> Gap | None:
    """The silence in which the step was ended, or else the one before the line at `evidence`."""
    found = _ended(log, step) if step and step in ended_steps(log) else None
    if found is None and evidence is not None:
        found = _before(log, evidence)
    return found if found and found.seconds >= _NOTICED else None


def _ended(log: Log, step: Step) -> Gap | None:
    silence = silence_of(log, step)
    if silence.seconds is None:
        return None
    return Gap(silence.seconds, silence.start, None, silence.line.text if silence.line else step.name)


def _before(log: Log, offset: int) -> Gap | None:
    segment = segment_at(log, offset)
    if segment.kind not in ("output", "outside"):
        return None
    line = read_line(log.text, offset, log.wrapper)
    step = None if segment.step is None else log.steps[segment.step]
    for earlier in _earlier(log, segment, step, line.start):
        seconds = _passed(earlier, line, step)
        if seconds is not None:
            return Gap(seconds, earlier.start, line.start, earlier.text)
    return None


def _earlier(log: Log, segment: Segment, step: Step | None, offset: int) -> Iterator[Line]:
    """The step's lines before `offset`, last first; then its header."""
    number = step.number if step else None
    pieces = [s for s in log.segments if step and s.step == number and s.kind == "output" and s.end <= segment.start]
    for piece in reversed([*pieces[-_BACK:], segment._replace(end=offset)]):
        yield from (line for line in reversed(last_lines(log, piece)) if line.text.strip())
    if step is not None:
        yield read_line(log.text, step.start, log.wrapper)


def _passed(earlier: Line, line: Line, step: Step | None) -> float | None:
    if line.time is not None:
        begun = step is not None and earlier.start == step.start
        return line.time - (0.0 if begun else earlier.time or 0.0) if begun or earlier.time is not None else None
    return between(earlier.stamp, line.stamp) if earlier.stamp and line.stamp else None
