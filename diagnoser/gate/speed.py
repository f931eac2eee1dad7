"""Patterns that a hostile or merely long line could keep busy.

A line is cut at 16 KiB and a pattern stopped after a second: a slow one cannot hang the tool, but would miss its line.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from diagnoser.gate.flaw import Flaw, flaw
from diagnoser.literals import syntax
from diagnoser.pattern import Regex, compiled
from diagnoser.signature import Signature

_LENGTH = 2000  # characters: what is cubic takes seconds here, what is quadratic a hundredth
_SECONDS = 0.4
_FILLERS = ("a", "0", " ", "a/", "a.", "a ", "(", '"x', ": ", "a\n")
_REPEATS = ("MAX_REPEAT", "MIN_REPEAT")
_MANY = 1000


def speed_flaws(signature: Signature) -> Iterator[Flaw]:
    for number, pattern in enumerate(signature.patterns, 1):
        key = f"[[pattern]] {number}: regex"
        if _nested(syntax(pattern.regex.source)):
            yield flaw(
                signature.id,
                key,
                "repeats what repeats, as in (a+)+; put a fixed character between, or bound it: {1,20}",
            )
        elif filler := _slow(pattern.regex, pattern.literals.words[0]):
            todo = f"takes longer than {_SECONDS} s near many {filler!r}; bound its repeats: {{1,80}}, or [^\\s:] for ."
            yield flaw(signature.id, key, todo)


def _slow(pattern: Regex, word: str) -> str | None:
    """What makes the pattern slow, before or after a word that calls it."""
    for filler in _FILLERS:
        long = filler * (_LENGTH // len(filler))
        for text in (word + long, long + word):
            try:
                for _ in compiled(pattern).finditer(text, timeout=_SECONDS):
                    pass
            except TimeoutError:
                return filler
    return None


def _nested(nodes: Sequence[tuple[Any, Any]]) -> bool:
    """Whether an endless repeat holds nothing but endless repeats: n characters can then be cut in 2^n ways."""
    for op, value in nodes:
        if str(op) in _REPEATS and value[1] >= _MANY and _elastic(value[2]):
            return True
        if any(_nested(inner) for inner in _inner(str(op), value)):
            return True
    return False


def _elastic(nodes: Sequence[tuple[Any, Any]]) -> bool:
    return any(_endless(*node) for node in nodes) and all(_endless(*node) or _optional(*node) for node in nodes)


def _endless(op: Any, value: Any) -> bool:
    if str(op) in _REPEATS:
        return bool(value[1] >= _MANY)
    return any(_elastic(inner) for inner in _inner(str(op), value))


def _optional(op: Any, value: Any) -> bool:
    return str(op) in (*_REPEATS, "POSSESSIVE_REPEAT") and value[0] == 0


def _inner(op: str, value: Any) -> list[Any]:
    if op == "SUBPATTERN":
        return [value[3]]
    if op == "BRANCH":
        return list(value[1])
    return [value[2]] if op in _REPEATS else []
