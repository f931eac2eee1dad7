"""What was printed at one place of a log: its own lines, as the program printed them."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice

from diagnoser.lines import Line, read_line, read_lines
from diagnoser.steps import Kind, Log, Segment, own, stray

AROUND = 20  # lines on either side of a clue that a pattern sees
_REACH = 400  # lines of others that are passed over on the way to them
_TIME = re.compile(r"\d+\.\d+ ")
_PROCESS = re.compile(r'(process ")(?:[^"\\]|\\.)*(" did not)')
_ECHOES = (("The command '", "' returned a non-zero"), ("executor failed running [", "]"), ('at STEP "', '": '))
# What builders print on a step's own lines that no step printed.
_FRAME = re.compile(r"(?:Step \d+/\d+ ?|(?:\[\d+/\d+\] )?STEP \d+(?:/\d+)?): | ---> |-{6,}$|=> => # |> \[")


class Printed:
    """The lines of a place, which are these segments."""

    def __init__(self, log: Log, kind: Kind, segments: Sequence[Segment]) -> None:
        self._log, self._kind, self._segments = log, kind, segments
        self._timed = kind in ("block", "outside") or log.builder == "none"  # a paste may lack the header of a block

    def lines(self, start: int = 0) -> Iterator[Line]:
        """All of them from `start` on, which begins a line."""
        return (line for _, line in self._on(start) if line is not None)

    def around(self, hits: Iterable[int]) -> Iterator[tuple[list[Line], list[int]]]:
        """Runs of lines with `AROUND` of them on either side of each hit, and the hits inside. Hits ascend."""
        run: list[Line] = []
        inside: list[int] = []
        end = 0  # of the run
        for hit in hits:
            if hit >= end:
                start = self._begin(hit)
                before, met = self._before(start, end)
                if inside and not met:
                    yield run, inside
                    run, inside = [], []
                run += before
                end = start
            inside.append(hit)
            end = self._extend(run, hit, end)
        if inside:
            yield run, inside

    def _begin(self, hit: int) -> int:
        first = self._segments[self._at(hit)].start
        return self._log.text.data.rfind(b"\n", first, hit) + 1 or first

    def _before(self, start: int, end: int) -> tuple[list[Line], bool]:
        """The lines before `start`, down to `end` at the most, and whether that was met."""
        found: list[Line] = []
        for at, line in islice(self._back(start), _REACH):
            if at < end:
                return found[::-1], True
            if line is not None:
                found.append(line)
            if len(found) == AROUND:
                return found[::-1], False
        return found[::-1], False

    def _extend(self, run: list[Line], hit: int, end: int) -> int:
        """Read on until `AROUND` lines follow the hit; where the run ends then."""
        missing = AROUND - (len(run) - bisect_right(run, hit, key=lambda line: line.start))
        missing += end <= hit
        reach = _REACH if missing > 0 else 0
        for at, line in islice(self._on(end), reach):
            end = at
            if line is not None:
                run.append(line)
                missing -= 1
            if missing <= 0:
                break
        return end

    def _on(self, start: int) -> Iterator[tuple[int, Line | None]]:
        """From `start` on: where each line ends, and the line if it is the place's own."""
        for number in range(self._at(start), len(self._segments)):
            segment = self._segments[number]
            for line in read_lines(self._log.text, max(start, segment.start), segment.end, self._log.wrapper):
                yield line.end + 1, self._own(line, segment)

    def _back(self, start: int) -> Iterator[tuple[int, Line | None]]:
        """The same backwards, and where each line begins."""
        for number in range(self._at(start), -1, -1):
            segment = self._segments[number]
            at = min(start, segment.end)
            while at > segment.start:
                line = read_line(self._log.text, at - 1, self._log.wrapper)
                at = line.start
                yield at, self._own(line, segment)

    def _at(self, offset: int) -> int:
        return max(0, bisect_right(self._segments, offset, key=lambda s: s.start) - 1)

    def _own(self, line: Line, segment: Segment) -> Line | None:
        step = None if segment.step is None else self._log.steps[segment.step]
        if self._kind == "outside":  # in a paste also a step's lines without its header
            mine = segment.kind == "outside" or stray(line, step)
        else:
            mine = own(line, step, self._kind)
        return _unmarked(line, self._timed) if mine and not _FRAME.match(line.text) else None


def _unmarked(line: Line, timed: bool) -> Line:
    text = line.text
    if timed:
        text = _TIME.sub("", text, count=1) if _TIME.match(text) else text
    if "did not" in text or "non-zero" in text or "executor failed" in text or "at STEP" in text:
        text = without_echo(_PROCESS.sub(r"\1…\2", text))
    return line if text is line.text else line._replace(text=text)


def without_echo(text: str) -> str:
    """The line without the instruction that it repeats: a word in there was not printed by a program."""
    for before, after in _ECHOES:
        head, found, rest = text.partition(before)
        _, ended, tail = rest.partition(after) if after == '": ' else rest.rpartition(after)
        if found and ended:
            text = head + before + "…" + after + tail
    return text
