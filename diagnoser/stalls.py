"""Failures that show as silence: a step that printed nothing for minutes and was then ended."""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Iterator
from datetime import datetime
from itertools import chain
from typing import NamedTuple

from diagnoser.catalogue import Catalogue
from diagnoser.lines import Line
from diagnoser.matching import Match
from diagnoser.pattern import compiled
from diagnoser.signature import Confidence, Signature, Stall
from diagnoser.steps import Log, Segment, Step, lines_of
from diagnoser.windows import Region

_TAIL = 1 << 16  # bytes of a step's end that are read
_PIECES = 256  # of a step, at its end, in which its last line is looked for
_PARALLEL = 64  # steps that may have been running when the log ended
_IMPATIENT = 10.0  # seconds of silence after which somebody may have ended a build by hand
_ENDED = (124, 130, 137, 143)  # timeout(1), SIGINT, SIGKILL, SIGTERM
# What is printed about the end of a step that was ended from outside; none of it came from the step. (`re` keeps what it
# has compiled: few logs need this.)
_EPITAPH = (
    r"exit status \d+$|(?:subprocess|process) exited|Terminated|Killed$|\^C|signal: (?:terminated|killed|interrupt)|"
    r"SIGQUIT: quit|context canceled|CANCELED|ERROR: |DONE |Error: building at STEP|.*(?:has timed out|exceeded the maximum|operation was canceled|"
    r"cancell?ed|execution took longer|did not complete successfully|returned a non-zero code)|\s*$| ---> "
)


class Silence(NamedTuple):
    """The last line a step printed (none: its header) and the seconds until it was ended, where the log tells."""

    line: Line | None
    start: int
    seconds: float | None
    ended: bool
    watched: bool = False  # somebody saw it, and found it too long


class Watched(NamedTuple):
    """A silence that was seen while the build ran, until it was ended: the step's name ("" for none) and the seconds."""

    step: str
    seconds: float


def find(log: Log, catalogue: Catalogue, watched: Watched | None = None) -> list[Match]:
    """A match for every stall signature whose command was silent when the log ended."""
    if log.succeeded and not log.failed:
        return []
    declared = [(s, stall) for s in map(catalogue.signatures.__getitem__, catalogue.stalls) for stall in s.stalls]
    if not declared:
        return []
    return [
        found
        for step in deque(ended_steps(log), maxlen=_PARALLEL)
        for silence in [_with_watched(silence_of(log, step), step, watched)]
        for signature, stall in declared
        for found in _match(signature, stall, step, silence)
    ]


def _with_watched(silence: Silence, step: Step | None, watched: Watched | None) -> Silence:
    """Somebody saw the step's silence; how long it was, the log itself may tell better."""
    name = step.name if step else ""
    if watched is None or not (name.startswith(watched.step) or (name and watched.step.startswith(name))):
        return silence
    seconds = watched.seconds if silence.seconds is None else silence.seconds
    return silence._replace(seconds=seconds, ended=True, watched=True)


def ended_steps(log: Log) -> Iterator[Step | None]:
    """The steps that were ended from outside, or may have been; none stands for a log without steps."""
    if not log.steps:
        yield None
    failed = [s for s in log.steps if s.state == "failed"]
    for step in failed or log.steps:
        if (step.state in ("open", "cancelled") and step.instruction) or (
            step.state == "failed" and (step.exit_code in _ENDED or step.exit_code is None or log.builder == "buildah")
        ):
            yield step


def _match(signature: Signature, stall: Stall, step: Step | None, silence: Silence) -> Iterator[Match]:
    last = silence.line.text if silence.line else ""
    found = compiled(stall.last).search(last, timeout=1.0) if stall.last else None
    if stall.last and not found and (last or step is None):
        return
    if step is None and (not silence.ended or not stall.last):
        return  # which command was silent, only its last line could tell
    if not last and silence.seconds is None and step is not None and step.state == "failed":
        return  # it failed with lines that are not in this log
    if step is not None and not found and not _may_hang(step, stall):
        return  # a step's last line may tell what a script or a Makefile runs; else its command must
    ended = step is not None and step.state in ("open", "cancelled")
    if not silence.watched and silence.seconds is not None and silence.seconds < (_IMPATIENT if ended else stall.after):
        return
    captures = {k: v for k, v in found.groupdict().items() if v} if found else {}
    if silence.seconds is not None:
        captures["silence"] = f"{silence.seconds:.0f}"
    confidence: Confidence = "high" if silence.seconds is not None and silence.seconds >= stall.after else "medium"
    start = silence.line.start if silence.line else silence.start
    number = None if step is None else step.number
    yield Match(
        signature.id,
        confidence,
        Region.FAILED,
        number,
        start,
        start,
        last or (step.name if step else ""),
        captures,
        1000,
    )


def _may_hang(step: Step, stall: Stall) -> bool:
    """Whether the step runs what the stall is about: the name tells the platform, the instruction the command."""
    runs = (step.instruction or "").lstrip().upper().startswith("RUN")
    return runs and bool(compiled(stall.command).search(f"{step.name}\n{step.instruction}", timeout=1.0))


def silence_of(log: Log, step: Step | None) -> Silence:
    """What the step printed last, and how long nothing followed."""
    last, after = _last_printed(log, step)
    if last is None:
        start = step.start if step else 0
        return Silence(None, start, step.seconds if step else None, bool(after) or step is not None)
    return Silence(last, last.start, _seconds(last, after, step), any(line.text.strip() for line in after))


def _last_printed(log: Log, step: Step | None) -> tuple[Line | None, list[Line]]:
    """The last line that is the step's own words, and those that follow it: the log is read from its end."""
    follow: list[list[Line]] = []
    for segment in _segments(log, step)[: -_PIECES - 1 : -1]:
        lines = last_lines(log, segment)
        last = next((n for n in reversed(range(len(lines))) if not re.match(_EPITAPH, lines[n].text)), None)
        follow.append(lines if last is None else lines[last + 1 :])
        if last is not None:
            return lines[last], [*chain.from_iterable(reversed(follow))]
    return None, [*chain.from_iterable(reversed(follow))]


def _seconds(last: Line, after: list[Line], step: Step | None) -> float | None:
    if step and step.seconds is not None and last.time is not None:
        return step.seconds - last.time
    stamped = [line for line in after if line.stamp]
    if last.stamp and stamped:
        return between(last.stamp, stamped[-1].stamp or "")
    timed = [line.time for line in after if line.time is not None]
    return timed[-1] - last.time if timed and last.time is not None else None


def between(first: str, second: str) -> float | None:
    """Seconds from one stamp to the other; none where they are no times."""
    try:
        if ":" not in first:
            return float(second) - float(first)
        return (_parsed(second) - _parsed(first)).total_seconds()
    except (ValueError, TypeError):
        return None


def _parsed(stamp: str) -> datetime:
    stamp = stamp.replace("/", "-").replace(",", ".")
    return datetime.fromisoformat(stamp if "-" in stamp[:5] else f"1970-01-01T{stamp}")


def _segments(log: Log, step: Step | None) -> list[Segment]:
    number = None if step is None else step.number
    kinds = ("outside", "output") if step is None else ("output", "outside", "error")
    last = max((n for n, s in enumerate(log.segments) if s.step == number), default=0)
    return [s for n, s in enumerate(log.segments) if s.kind in kinds and (s.step == number or (n > last and step))]


def last_lines(log: Log, segment: Segment) -> list[Line]:
    """A segment's own lines, of a long one those near its end."""
    start = segment.start
    if segment.end - start > _TAIL:
        start = log.text.data.find(b"\n", segment.end - _TAIL) + 1
    return list(lines_of(log, Segment(start, segment.end, segment.step, segment.kind)))
