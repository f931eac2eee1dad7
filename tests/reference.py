"""The slow way to a diagnosis, which the fast way must equal: every line read, every pattern tried on all of them.

`demultiplexed` and `matches` share nothing with the product but the patterns themselves. `diagnose` takes the product's
own readers and its judgement, but gives them every line where the product gives them landmarks and clues.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import NamedTuple

from diagnoser import stalls, windows
from diagnoser.catalogue import Catalogue
from diagnoser.diagnosis import Diagnosis, _Report
from diagnoser.matching import Budget, Match, _matches
from diagnoser.pattern import compiled
from diagnoser.printed import Printed
from diagnoser.ranking import rank
from diagnoser.scan import Landmarks
from diagnoser.signature import Pattern
from diagnoser.steps import Log
from diagnoser.steps.reader import read
from diagnoser.text import line_offsets
from diagnoser.text.rewrite import searchable
from diagnoser.windows import Regions, Window

_CSI = re.compile(r"\x1b\[[0-9;]*[A-Za-z]")
_STAMP = r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d+Z "
_WRAPPER = re.compile(rf"(?:job\tstep\t)?(?:{_STAMP}(?:\d\d[OE][ +])?)?(?:app-1  \| )?")
_NUMBERED = re.compile(r"#(\d+) (\d+\.\d+ ?)?(.*)")
_STATE = re.compile(r"(?:DONE|CACHED|CANCELED|ERROR)\b")
_BETWEEN = re.compile(r"\.\.\.$|sha256:")
_ECHO = re.compile(r'(?<=process ").*(?=" did not complete)')
_AGES = 1e9  # seconds


class Found(NamedTuple):
    """A match as people would see it, wherever it lies in the log. No step is ""."""

    signature: str
    step: str
    text: str
    captures: tuple[tuple[str, str], ...]


def demultiplexed(log: str) -> dict[str, list[str]]:
    """What each step of a plain BuildKit log printed and how it ended, by the step's name; "" is what no step printed."""
    names: dict[str, str] = {}
    printed: dict[str, list[str]] = {"": []}
    for raw in log.split("\n"):
        line = _WRAPPER.sub("", _CSI.sub("", raw).rstrip("\r"), count=1)
        numbered = _NUMBERED.match(line)
        if numbered is None:
            printed[""].append(line.rpartition("\r")[2])
        elif numbered[2] is not None:
            printed[names[numbered[1]]].append(numbered[3].rpartition("\r")[2])
        elif _STATE.match(numbered[3]):
            printed[names[numbered[1]]].append(_ECHO.sub("…", numbered[3]))
        elif not _BETWEEN.match(numbered[3]):
            names[numbered[1]] = numbered[3]
            printed.setdefault(numbered[3], [])
    return printed


def matches(printed: dict[str, list[str]], catalogue: Catalogue) -> set[Found]:
    """Every match of every pattern on all lines of each step."""
    return {
        Found(identity, step, *seen)
        for step, lines in printed.items()
        for identity, signature in catalogue.signatures.items()
        for pattern in signature.patterns
        if not _judged(identity, catalogue)
        and (not pattern.command or compiled(pattern.command).search(step.partition("] ")[2]))
        for seen in _seen(pattern, "\n".join(lines))
    }


def _seen(pattern: Pattern, text: str) -> Iterator[tuple[str, tuple[tuple[str, str], ...]]]:
    for match in compiled(pattern.regex).finditer(text):
        start = text.rfind("\n", 0, match.start()) + 1
        end = text.find("\n", max(match.start(), match.end() - 1))
        lines = text[start : end if end >= 0 else len(text)]
        if pattern.unless is None or not compiled(pattern.unless).search(lines):
            groups = {name: value for name, value in match.groupdict().items() if value}
            yield lines, _sorted({**dict(pattern.gives), **groups})


def as_found(log: Log, found: Iterable[Match], catalogue: Catalogue) -> set[Found]:
    """The product's matches in the same terms."""
    return {
        Found(m.signature, "" if m.step is None else log.steps[m.step].name, m.text, _sorted(m.captures))
        for m in found
        if not _judged(m.signature, catalogue)
    }


def _judged(identity: str, catalogue: Catalogue) -> bool:
    """Whether a match also depends on what Go's standard library holds."""
    return any(pattern.standard for pattern in catalogue.signatures[identity].patterns)


def _sorted(captures: Mapping[str, str]) -> tuple[tuple[str, str], ...]:
    return tuple(sorted((name, value.strip()[:400]) for name, value in captures.items()))


def diagnose(raw: bytes, catalogue: Catalogue) -> Diagnosis:
    """The diagnosis by the product's readers and judgement, with nothing left out."""
    text = searchable(raw)
    log = read(text, Landmarks([start for start, _ in line_offsets(text, 0, len(text.data))]))
    found = [match for window in _whole_places(log) for match in _every_match(window, log, catalogue)]
    verdict = rank(log, found + stalls.find(log, catalogue, None), catalogue.signatures)
    return _Report(log, None).diagnosis(verdict)


def _whole_places(log: Log) -> Iterator[Window]:
    regions = Regions(log)
    for place, segments in windows.segments_by_place(log).items():
        lines = list(Printed(log, place[0], segments).lines())
        if place[0] != "frame" and lines:
            yield windows.window(regions, place, lines, {})


def _every_match(window: Window, log: Log, catalogue: Catalogue) -> Iterator[Match]:
    budget, whole = Budget(_AGES), (0, len(window.text))
    for identity, signature in catalogue.signatures.items():
        for pattern in signature.patterns:
            yield from _matches(identity, pattern, window, whole, log, budget)
