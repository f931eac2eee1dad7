"""The builders' logs as steps: which one failed, which lines are its own, what it ran and where in the Dockerfile.

Only landmark lines are read; a step knows its spans of the buffer, and its lines are read when something asks for them.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator
from typing import Literal, NamedTuple

from diagnoser.lines import Line, Wrapper, read_lines
from diagnoser.text import Text

_BETWEEN = re.compile(r"\.\.\.$|sha256:[0-9a-f]{64}$")

State = Literal["failed", "done", "cached", "cancelled", "open"]
Builder = Literal["buildkit", "legacy", "buildah", "kaniko", "none"]
Kind = Literal["output", "block", "error", "frame", "outside"]


class Segment(NamedTuple):
    """A run of lines of one step, or of none.

    `block` is the copy of a step's last lines in BuildKit's epilogue; `frame` is what a builder draws itself, such as
    the list of steps on a terminal or the marked Dockerfile lines: nothing there was printed by a step. `error` is the
    builder's final word on the step.
    """

    start: int
    end: int
    step: int | None
    kind: Kind


class Step(NamedTuple):
    """One step of one build of the log. `number` is its place in `Log.steps`; `line` counts in the Dockerfile."""

    number: int
    name: str
    state: State
    stage: str | None = None
    instruction: str | None = None
    vertex: int | None = None
    exit_code: int | None = None
    seconds: float | None = None  # how long it ran, where the log tells
    dockerfile: str | None = None
    line: int | None = None
    start: int = 0  # of its first line in the text


class Log(NamedTuple):
    """`segments` cover the text in order. `failed` and `succeeded` are what the builder said at the end, if it did."""

    text: Text
    wrapper: Wrapper
    builder: Builder
    steps: tuple[Step, ...]
    segments: tuple[Segment, ...]
    failed: bool = False
    succeeded: bool = False
    excerpt: tuple[str, ...] = ()  # the Dockerfile lines of the epilogue


def segment_at(log: Log, offset: int) -> Segment:
    return log.segments[bisect_right(log.segments, offset, key=lambda s: s.start) - 1]


def lines_of(log: Log, segment: Segment) -> Iterator[Line]:
    """The lines of a segment that are the step's own: no headers, no other step's lines."""
    step = None if segment.step is None else log.steps[segment.step]
    for line in read_lines(log.text, segment.start, segment.end, log.wrapper):
        if own(line, step, segment.kind):
            yield line


def own(line: Line, step: Step | None, kind: Kind) -> bool:
    if kind == "output" and step is not None and step.vertex is not None:
        mine = line.vertex == step.vertex or unnumbered(line)
        return mine and line.text != step.name and not _between(line)
    return kind in ("output", "block", "outside") or line.vertex is None


def stray(line: Line, step: Step | None) -> bool:
    """Whether a line among those of a numbered step is no step's, or one's that has no header here."""
    if line.vertex is None or step is None:
        return line.vertex is None
    return line.time is not None and line.vertex != step.vertex and not unnumbered(line)


def unnumbered(line: Line) -> bool:
    """Output that BuildKit 0.11 prints under the number 0, below the header of its step (moby/buildkit#3838)."""
    return line.vertex == 0 and line.time is not None


def _between(line: Line) -> bool:
    """What BuildKit prints where it leaves a step (`...`) or comes back to it (old clients: its digest)."""
    return line.time is None and bool(_BETWEEN.match(line.text))
