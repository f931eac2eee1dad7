"""Runs the patterns that a clue calls, on the lines of one step around that clue."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, NamedTuple

from diagnoser.catalogue import Catalogue
from diagnoser.pattern import Regex, compiled
from diagnoser.signature import Confidence, Pattern
from diagnoser.steps import Log, Step
from diagnoser.windows import AROUND, Region, Window, windows

if TYPE_CHECKING:
    import regex

_SECONDS = 1.0  # for one pattern on one window
_MATCHES = 40  # of one pattern in one piece
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


def find_matches(log: Log, catalogue: Catalogue) -> list[Match]:
    """Every match of the catalogue's patterns in the log."""
    found: list[Match] = []
    for window in windows(log, catalogue.literals, catalogue.grams):
        for (identity, number), lines in _calls(window, catalogue).items():
            pattern = catalogue.signatures[identity].patterns[number]
            for span in _spans(window, lines):
                found += _matches(identity, pattern, window, span, log)
    return found


def _calls(window: Window, catalogue: Catalogue) -> dict[tuple[str, int], list[int]]:
    """The patterns that the window's clues call, and the lines where these clues are."""
    calls: dict[tuple[str, int], list[int]] = {}
    for literal, lines in sorted(window.clues.items()):
        for call in catalogue.calls[literal]:
            calls.setdefault(call, []).extend(lines)
    return calls


def _spans(window: Window, lines: list[int]) -> Iterator[tuple[int, int]]:
    """Pieces of the window's text, `AROUND` lines on either side of these lines."""
    first = last = -1
    for line in sorted(set(lines)):
        if last >= 0 and line - AROUND > last:
            yield window.starts[first], _end(window, last)
            first = -1
        first = max(0, line - AROUND) if first < 0 else first
        last = line + AROUND
    yield window.starts[first], _end(window, last)


def _end(window: Window, line: int) -> int:
    return window.starts[line + 1] - 1 if line + 1 < len(window.starts) else len(window.text)


def _matches(identity: str, pattern: Pattern, window: Window, span: tuple[int, int], log: Log) -> Iterator[Match]:
    step = None if window.step is None else log.steps[window.step]
    if pattern.command and not _runs(pattern.command, step):
        return
    try:
        for count, found in enumerate(compiled(pattern.regex).finditer(window.text, *span, timeout=_SECONDS)):
            if count >= _MATCHES:
                return
            yield from _match(identity, pattern, window, found, log)
    except TimeoutError:
        return


def _match(identity: str, pattern: Pattern, window: Window, found: regex.Match[str], log: Log) -> Iterator[Match]:
    first = bisect_right(window.starts, found.start()) - 1
    last = bisect_right(window.starts, max(found.start(), found.end() - 1)) - 1
    text = "\n".join(line.text for line in window.lines[first : last + 1])
    if pattern.unless and compiled(pattern.unless).search(text, timeout=_SECONDS):
        return
    seen = {name: value.strip()[:_CAPTURE] for name, value in found.groupdict().items() if value}
    captures = {**dict(pattern.gives), **seen}
    if pattern.standard and not _came_later(captures, log, window.step):
        return
    weight = max(map(len, pattern.literals.words))
    yield Match(
        identity, pattern.confidence, window.region, window.step,
        window.lines[first].start, window.lines[last].start, text, captures, weight,
    )  # fmt: skip


def _came_later(captures: dict[str, str], log: Log, step: int | None) -> bool:
    """Whether the standard library has this name since a Go that is not known to be here; keeps that Go as `go_want`."""
    from diagnoser import facts, gostd

    receiver, symbol = captures.get("receiver"), captures.get("symbol")
    came = gostd.since(captures.get("package", ""), f"{receiver}.{symbol}" if receiver else symbol)
    here = facts.of(log, step).get("go_version")
    if came is None or (here and _release(here) >= _release(came)):
        return False
    captures["go_want"] = came
    return True


def _release(version: str) -> tuple[int, ...]:
    return tuple(map(int, version.split(".")[:2]))


def _runs(command: Regex, step: Step | None) -> bool:
    return bool(step and step.instruction and compiled(command).search(step.instruction, timeout=_SECONDS))
