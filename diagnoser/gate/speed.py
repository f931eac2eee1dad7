"""Patterns that a hostile or merely long line could keep busy.

A pattern sees lines of 4,096 characters at the most, of a step of 128 KiB, and is stopped after a second: a slow one
cannot hang the tool, but would miss its line. So it must be quick on the worst texts of that size (`pumping`).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import islice
from time import process_time
from typing import Any

from diagnoser.gate.flaw import Flaw, flaw
from diagnoser.gate.pumping import REPEATS, Pump, pumps
from diagnoser.literals import syntax
from diagnoser.pattern import Regex, compiled
from diagnoser.signature import Pattern, Signature

_SECONDS = 0.8  # of the processor, for the largest text
# Characters, and the seconds below which no larger text need be tried: what is cubic takes 512 times as long on an
# eight times larger one. A pattern may meet 32 of the longest lines in a window, but only one such window.
_ONE_LINE = ((512, 0.0003), (4096, 0.4))
_MANY_LINES = ((4096, 0.0004), (16384, 0.008), (65536, _SECONDS))
_MATCHES = 40  # of one pattern, as `matching` takes
_MANY = 1000
_BOUND = "bound its repeats: {1,80}, or [^\\s:] for ."


def speed_flaws(signature: Signature) -> Iterator[Flaw]:
    for number, pattern in enumerate(signature.patterns, 1):
        for name, regex in _regexes(pattern):
            if todo := _todo(regex):
                yield flaw(signature.id, f"[[pattern]] {number}: {name}", todo)


def _regexes(pattern: Pattern) -> Iterator[tuple[str, Regex]]:
    named = (("regex", pattern.regex), ("unless", pattern.unless), ("command", pattern.command))
    return ((name, regex) for name, regex in named if regex)


def _todo(regex: Regex) -> str | None:
    if _nested(syntax(regex.source)):
        return "repeats what repeats, as in (a+)+; put a fixed character between, or bound it: {1,20}"
    if pump := next((pump for pump in pumps(regex.source) if _slow(regex, pump)), None):
        return f"takes too long on many {pump.piece[:40]!r} after {pump.head[-40:]!r}; {_BOUND}"
    return None


def _slow(regex: Regex, pump: Pump) -> bool:
    seconds, quick = 0.0, 0.0
    for size, quick in _MANY_LINES if "\n" in pump.piece else _ONE_LINE:
        seconds = _cost(regex, pump.text(size))
        if seconds < quick:
            return False
        if seconds >= _SECONDS:
            return True
    return seconds >= quick


def _cost(regex: Regex, text: str) -> float:
    """Seconds of the processor; no more are spent than are too many."""
    start = process_time()
    try:
        for _ in islice(compiled(regex).finditer(text, timeout=_SECONDS), _MATCHES):
            pass
    except TimeoutError:
        return _SECONDS
    return process_time() - start


def _nested(nodes: Sequence[tuple[Any, Any]]) -> bool:
    """Whether an endless repeat holds nothing but endless repeats: n characters can then be cut in 2^n ways."""
    for op, value in nodes:
        if str(op) in REPEATS[:2] and value[1] >= _MANY and _elastic(value[2]):
            return True
        if any(_nested(inner) for inner in _inner(str(op), value)):
            return True
    return False


def _elastic(nodes: Sequence[tuple[Any, Any]]) -> bool:
    return any(_endless(*node) for node in nodes) and all(_endless(*node) or _optional(*node) for node in nodes)


def _endless(op: Any, value: Any) -> bool:
    if str(op) in REPEATS[:2]:
        return bool(value[1] >= _MANY)
    return any(_elastic(inner) for inner in _inner(str(op), value))


def _optional(op: Any, value: Any) -> bool:
    return str(op) in REPEATS and value[0] == 0


def _inner(op: str, value: Any) -> list[Any]:
    if op == "SUBPATTERN":
        return [value[3]]
    if op == "BRANCH":
        return list(value[1])
    return [value[2]] if op in REPEATS[:2] else []
