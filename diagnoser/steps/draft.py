"""What the dialects draw a log with: segments in the order of the text, steps that get their facts as they come."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from diagnoser.lines import Wrapper
from diagnoser.steps import Builder, Kind, Log, Segment, Step
from diagnoser.text import Text

_NAME = re.compile(
    r"\[(?P<head>[^\]]{0,400}?) {0,8}(?P<i>\d{1,6})/(?P<n>\d{1,6})\] (?P<instruction>.*)|\[(?:[^\]]* )?internal\] (?P<internal>.*)",
    re.DOTALL,
)
_INSTRUCTION = re.compile(r"(?:ADD|COPY|FROM|RUN|WORKDIR) ")
_EXIT_CODE = re.compile(r"(?:exit code|exit status|non-zero code):? (\d+)")
_RAN = re.compile(
    r"(?:The command ['\[]|process \"|executor failed running \[)(?:/bin/(?:ba|a)?sh -\w+ )?(.{1,8000}?)"
    r"(?:['\]] returned a non-zero|\" did not complete|\]: )"
)


class Draft:
    """A log being read. `enter` opens the segment that goes on until the next `enter`."""

    def __init__(self, text: Text, wrapper: Wrapper) -> None:
        self.text, self.wrapper = text, wrapper
        self.steps: list[Step] = []
        # Where each segment begins. What precedes the first landmark may be a step's output whose header was not pasted.
        self._entered: list[tuple[int, int | None, Kind]] = [(0, None, "output")]
        self.failed = self.succeeded = False
        self.excerpt: tuple[str, ...] = ()

    def add(self, start: int, name: str = "", **facts: Any) -> int:
        facts = {**name_parts(name), "state": "open", **facts}
        self.steps.append(Step(number=len(self.steps), name=name, start=start, **facts))
        return len(self.steps) - 1

    def learn(self, step: int, **facts: Any) -> None:
        self.steps[step] = self.steps[step]._replace(**facts)

    def enter(self, start: int, step: int | None, kind: Kind) -> None:
        begun, *place = self._entered[-1]
        if place == [step, kind]:
            return
        start = max(start, begun)  # what was read already stays what it is
        if start == begun:
            self._entered.pop()
        self._entered.append((start, step, kind))

    def claim(self, step: int, kind: Kind) -> None:
        """The only step of a paste without its header printed what stands outside any frame."""
        if len(self.steps) == 1:
            self._entered = [
                (start, step, kind) if seen is None and was != "frame" else (start, seen, was)
                for start, seen, was in self._entered
            ]

    def log(self, builder: Builder) -> Log:
        return Log(
            self.text,
            self.wrapper,
            builder,
            tuple(self.steps),
            tuple(self._segments()),
            self.failed,
            self.succeeded,
            self.excerpt,
        )

    def _segments(self) -> Iterator[Segment]:
        ends = [start for start, _, _ in self._entered[1:]] + [len(self.text.data)]
        for (start, step, kind), end in zip(self._entered, ends, strict=True):
            yield Segment(start, end, step, kind)


def name_parts(name: str) -> dict[str, str | None]:
    """Stage and instruction of a BuildKit step's name: `[linux/amd64 builder 2/6] RUN make`."""
    match = _NAME.match(name)
    if not match:
        return {"stage": None, "instruction": name if _INSTRUCTION.match(name) else None}
    if match["internal"] is not None:
        return {"stage": None, "instruction": None}
    stage = match["head"].split()[-1:]
    known = stage and "/" not in stage[0]
    return {"stage": stage[0] if known else None, "instruction": match["instruction"].strip()}


def exit_code(text: str) -> int | None:
    match = _EXIT_CODE.search(text)
    return int(match[1]) if match and len(match[1]) < 5 else None


def ran(text: str) -> str | None:
    """The instruction of a step whose header was not pasted, from the line that tells of its failure."""
    match = _RAN.search(text)
    return f"RUN {match[1]}" if match else None
