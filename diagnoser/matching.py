"""Runs the patterns that a clue calls, on the lines of one step around that clue."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, NamedTuple

from diagnoser.catalogue import Catalogue
from diagnoser.pattern import Regex, compiled
from diagnoser.scan import Hits
from diagnoser.signature import Confidence, Pattern
from diagnoser.steps import Log, Step
from diagnoser.windows import Region, Window, windows

if TYPE_CHECKING:
    import regex

_SECONDS = 1.0  # for one pattern on one window
_MATCHES = 40  # of one pattern in one window
_CAPTURE = 400  # characters


class Match(NamedTuple):
    """A pattern that matched: `start` and `end` are byte offsets of its first and last line's start."""

    signature: str
    confidence: Confidence
    region: Region
    step: int | None
    start: int
    end: int
    text: str
    captures: Mapping[str, str]
    weight: int  # characters that the pattern demands: the more, the more specific


def match(log: Log, hits: Hits, catalogue: Catalogue) -> list[Match]:
    """Every match of the catalogue's patterns in the log."""
    found: list[Match] = []
    for window in windows(log, hits, catalogue.literals):
        calls = dict.fromkeys(call for literal in sorted(window.clues) for call in catalogue.calls[literal])
        for identity, number in calls:
            pattern = catalogue.signatures[identity].patterns[number]
            found += _matches(identity, pattern, window, log)
    return found


def _matches(identity: str, pattern: Pattern, window: Window, log: Log) -> Iterator[Match]:
    step = None if window.step is None else log.steps[window.step]
    if pattern.command and not _runs(pattern.command, step):
        return
    try:
        for count, found in enumerate(compiled(pattern.regex).finditer(window.text, timeout=_SECONDS)):
            if count >= _MATCHES:
                return
            yield from _match(identity, pattern, window, found)
    except TimeoutError:
        return


def _match(identity: str, pattern: Pattern, window: Window, found: regex.Match[str]) -> Iterator[Match]:
    first = bisect_right(window.starts, found.start()) - 1
    last = bisect_right(window.starts, max(found.start(), found.end() - 1)) - 1
    text = "\n".join(line.text for line in window.lines[first : last + 1])
    if pattern.unless and compiled(pattern.unless).search(text, timeout=_SECONDS):
        return
    seen = {name: value.strip()[:_CAPTURE] for name, value in found.groupdict().items() if value}
    captures = {**dict(pattern.gives), **seen}
    weight = max(map(len, pattern.literals.words))
    yield Match(
        identity, pattern.confidence, window.region, window.step,
        window.lines[first].start, window.lines[last].start, text, captures, weight,
    )  # fmt: skip


def _runs(command: Regex, step: Step | None) -> bool:
    return bool(step and step.instruction and compiled(command).search(step.instruction, timeout=_SECONDS))
