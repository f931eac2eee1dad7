"""Runs the patterns that a clue calls, on the lines of one step around that clue."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import islice
from time import process_time
from typing import TYPE_CHECKING, NamedTuple

from diagnoser.catalogue import Catalogue
from diagnoser.cuts import may_be_cut
from diagnoser.pattern import Regex, compiled
from diagnoser.printed import AROUND
from diagnoser.signature import Confidence, Pattern
from diagnoser.steps import Log, Step
from diagnoser.windows import Hits, Region, Regions, Window, find_places, windows

if TYPE_CHECKING:
    import regex

_SECONDS = 1.0  # for one pattern on one window
_TOTAL = 20.0  # seconds of processor time for all patterns on all windows
_LEAST = 0.01
_MATCHES = 40  # of one pattern in one piece


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


class Budget:
    """The processor time that patterns may still take, and those that ran out of theirs: they are not tried again."""

    def __init__(self, seconds: float = _TOTAL) -> None:
        self._until = process_time() + seconds
        self.timed_out: set[tuple[str, int]] = set()

    def left(self) -> float:
        return min(_SECONDS, self._until - process_time())


def find_matches(log: Log, catalogue: Catalogue, budget: Budget, silent: Sequence[Match] = ()) -> list[Match]:
    """The matches of the catalogue's patterns that can tell of this failure, unless a pattern ran out of the budget.

    In the steps that went well only what accounts for a match elsewhere, or for a `silent` one, is looked for.
    """
    regions = Regions(log)
    places = find_places(log, regions, catalogue.literals, catalogue.grams)
    near = {place: hits for place, hits in places.items() if regions.of(*place) is not Region.OTHER}
    found = _found(windows(log, regions, near), log, catalogue, budget)
    ids = _telling({match.signature for match in (*silent, *found)}, catalogue)
    other = {
        place: _that_tell(hits, ids, catalogue, _step(log, place[1]))
        for place, hits in places.items()
        if place not in near
    }
    return found + _found(windows(log, regions, other), log, catalogue, budget)


def _telling(found: set[str], catalogue: Catalogue) -> set[str]:
    """The signatures that can tell something in a step that went well: more of `found`, and what explains it."""
    return found.union(*(catalogue.causes.get(identity, ()) for identity in found))


def _that_tell(hits: Hits, ids: set[str], catalogue: Catalogue, step: Step | None) -> Hits:
    """The clues that call one of these, or an advice, in a step of this kind."""
    telling = {
        literal
        for literal in set().union(*hits.values())
        if any(
            (identity in ids or identity.startswith("advice/"))
            and _told(catalogue.signatures[identity].patterns[number].command, step) is not None
            for identity, number in catalogue.calls[literal]
        )
    }
    return {offset: literals & telling for offset, literals in hits.items() if literals & telling}


def _found(searched: Iterable[Window], log: Log, catalogue: Catalogue, budget: Budget) -> list[Match]:
    found: list[Match] = []
    for window in searched:
        for call, lines in _calls(window, catalogue).items():
            try:
                found += _called(call, lines, window, log, catalogue, budget)
            except TimeoutError:
                budget.timed_out.add(call)
    return found


def _called(
    call: tuple[str, int], lines: list[int], window: Window, log: Log, catalogue: Catalogue, budget: Budget
) -> Iterator[Match]:
    if call in budget.timed_out or budget.left() <= 0:
        raise TimeoutError
    pattern = catalogue.signatures[call[0]].patterns[call[1]]
    for span in _spans(window, lines):
        yield from _matches(call[0], pattern, window, span, log, budget)


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


def _matches(
    identity: str, pattern: Pattern, window: Window, span: tuple[int, int], log: Log, budget: Budget
) -> Iterator[Match]:
    told = _told(pattern.command, _step(log, window.step))
    if told is None:
        return
    left = max(_LEAST, budget.left())
    for found in islice(compiled(pattern.regex).finditer(window.text, *span, timeout=left), _MATCHES):
        yield from _match(identity, pattern, window, found, log, told)


def _match(
    identity: str, pattern: Pattern, window: Window, found: regex.Match[str], log: Log, told: Mapping[str, str]
) -> Iterator[Match]:
    first = bisect_right(window.starts, found.start()) - 1
    last = bisect_right(window.starts, max(found.start(), found.end() - 1)) - 1
    text = "\n".join(line.text for line in window.lines[first : last + 1])
    if pattern.unless and compiled(pattern.unless).search(text, timeout=_SECONDS):
        return
    captures = {**dict(pattern.gives), **told, **_named(found)}
    if pattern.standard and not _came_later(captures, log, window.step):
        return
    weight = max(map(len, pattern.literals.words))
    cut = may_be_cut(window.lines, first, last, found.start() > window.starts[first], len(log.text.data))
    confidence: Confidence = "medium" if cut and pattern.confidence == "high" else pattern.confidence
    yield Match(
        identity, confidence, window.region, window.step,
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


def _step(log: Log, number: int | None) -> Step | None:
    return None if number is None else log.steps[number]


def _told(command: Regex | None, step: Step | None) -> Mapping[str, str] | None:
    """What a pattern's `command` captures in the step's instruction; None where the step is not of that kind."""
    if command is None:
        return {}
    called = (step.instruction or step.name) if step else ""
    found = compiled(command).search(called, timeout=_SECONDS)
    return None if found is None else _named(found)


def _named(found: regex.Match[str]) -> dict[str, str]:
    return {name: value.strip() for name, value in found.groupdict().items() if value}
