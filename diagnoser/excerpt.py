"""The lines a person would have looked for, where no known cause was found."""

from __future__ import annotations

import re
from collections.abc import Iterator

from diagnoser.lines import Line
from diagnoser.steps import Log, Segment, lines_of
from diagnoser.windows import Region, Regions

MOST = 20  # lines
_TAIL = 400  # lines of the failed step that are looked at
_BELOW = 5  # lines that are kept below the last telling one
_TELLING = re.compile(
    r"\b(?:error|fatal|failed|failure|panic|exception|traceback|denied|cannot|can't|could not|couldn't|unable|undefined|"
    r"unknown|missing|invalid|not found|no such|not exist|not supported|unsupported|refused|timed? ?out|killed|abort(?:ed|ing)?|"
    r"conflicts?|mismatch|expected|ERR!|E:)(?!\w)|Error\b|\b[45]\d\d \w",
    re.IGNORECASE,
)
_SYMPTOM = re.compile(
    r"returned a non-zero code|did not complete successfully|failed to solve|executor failed running|make(?:\[\d+\])?: \*\*\*|"
    r"at STEP|^ ---> |^Step \d+(?:/| : )|exit status \d+$|For more information|--verbose|complete log|0 (?:errors|failed)|To learn more"
)


def telling_lines(log: Log) -> list[Line]:
    """At most `MOST` consecutive lines of the log, around the last one of the failed step that tells of an error."""
    lines = _tail(log)
    if not lines:
        return []
    anchor = _anchor(lines)
    end = min(len(lines), anchor + 1 + _BELOW)
    return lines[max(0, end - MOST) : end]


def telling_line(log: Log) -> Line | None:
    """The last line of the failed step that tells of an error, else its last line; none where there are only symptoms."""
    lines = _tail(log)
    own = [line for line in lines[: _anchor(lines) + 1] if not _SYMPTOM.search(line.text)]
    return own[-1] if own else None


def _anchor(lines: list[Line]) -> int:
    for number in range(len(lines) - 1, -1, -1):
        if _TELLING.search(lines[number].text) and not _SYMPTOM.search(lines[number].text):
            return number
    return len(lines) - 1


def _tail(log: Log) -> list[Line]:
    regions = Regions(log)
    best = min((regions.of(s.kind, s.step) for s in log.segments if s.kind != "frame"), default=Region.OUTSIDE)
    lines: list[Line] = []
    for segment in reversed(log.segments):
        if segment.kind == "frame" or regions.of(segment.kind, segment.step) != best:
            continue
        own = [line for line in _last(log, segment) if line.text.strip()]
        lines = own + lines
        if len(lines) >= _TAIL:
            break
    return lines[-_TAIL:]


def _last(log: Log, segment: Segment) -> Iterator[Line]:
    """The lines in the last `_TAIL` lines' worth of bytes of a segment."""
    start, data = segment.end, log.text.data
    for _ in range(_TAIL):
        if start <= segment.start:
            break
        start = max(segment.start, data.rfind(b"\n", segment.start, start - 1) + 1)
    return lines_of(log, Segment(start, segment.end, segment.step, segment.kind))
