"""The literals a pattern cannot match without.

A pattern is only run near a line that holds one of its literals, so each needs some: a set of strings of which every
match contains at least one, on one line. They are read off the pattern's own syntax tree, never written by hand.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from itertools import count
from typing import Any

from diagnoser.signature import Literals

SHORTEST = 4  # bytes; shorter ones occur in every line
_WIDEST = 64  # alternatives that a set may hold
_RARER = 3.0  # times rarer with each character: `.go:` is in many more lines than one of forty phrases of a compiler
_GROUP_NAME = re.compile(r"\(\?P?<([A-Za-z_]\w*)>")


class NoLiteralError(ValueError):
    """The pattern can match text that holds none of a few known words."""


def required_literals(pattern: str) -> Literals:
    """Read the required literals off `pattern`. Raises `NoLiteralError`, or `re.error` for syntax beyond `re`'s."""
    tree = syntax(pattern)
    best = _Sequence().read(tree).best()
    if best is None:
        raise NoLiteralError(
            f"every match must contain a fixed text of {SHORTEST} or more characters on one line; "
            "add the words the program always prints"
        )
    words = (w for w in best if not any(other != w and other in w for other in best))
    return Literals(tuple(sorted(words)), bool(tree.state.flags & re.IGNORECASE) or "(?i" in pattern)


def syntax(pattern: str) -> Any:
    """The pattern's tree, as `re` parses it. Raises `re.error` for syntax beyond `re`'s."""
    # `regex` lets a name stand in several branches, `re` does not: number the names before parsing
    numbers = count()
    unique = _GROUP_NAME.sub(lambda m: f"(?P<{m[1]}_{next(numbers)}>", pattern)
    return re._parser.parse(unique)  # type: ignore[attr-defined]


class _Sequence:
    """Walks a sequence of nodes: grows the texts that may stand here, and keeps the best set met so far."""

    def __init__(self) -> None:
        self.open: frozenset[str] = frozenset({""})
        self.sets: list[frozenset[str]] = []
        self.exact = True

    def read(self, nodes: Iterable[tuple[Any, Any]]) -> _Sequence:
        for op, value in nodes:
            self._node(str(op), value)
        return self

    def best(self) -> frozenset[str] | None:
        sets = [s for s in [*self.sets, self.open] if s and min(map(len, s)) >= SHORTEST]
        return min(sets, key=_chance, default=None)

    def _node(self, op: str, value: Any) -> None:
        if op == "LITERAL":
            self._text({chr(value)})
        elif op == "IN":
            self._characters(value)
        elif op == "SUBPATTERN":
            self._inner([value[3]])
        elif op == "ATOMIC_GROUP":
            self._inner([value])
        elif op == "BRANCH":
            self._inner(value[1])
        elif op in ("MAX_REPEAT", "MIN_REPEAT", "POSSESSIVE_REPEAT"):
            self._repeat(*value)
        elif op not in ("AT", "ASSERT", "ASSERT_NOT"):
            self._break()

    def _characters(self, members: Sequence[tuple[Any, Any]]) -> None:
        if all(str(op) == "LITERAL" for op, _ in members) and len(members) <= 4:
            self._text({chr(code) for _, code in members})
        else:
            self._break()

    def _inner(self, branches: Sequence[Any]) -> None:
        walked = [_Sequence().read(branch) for branch in branches]
        if all(w.exact for w in walked):
            self._text(frozenset().union(*(w.open for w in walked)))
            return
        if len(walked) == 1:  # `(\S+\.go):` ends in a fixed text that goes on behind the group
            self._break()
            self.sets += walked[0].sets
            self.open = walked[0].open
            return
        bests = [w.best() for w in walked]
        self._break()
        known = [b for b in bests if b]
        if len(known) == len(bests):
            union = frozenset().union(*known)
            if len(union) <= _WIDEST:
                self.sets.append(union)

    def _repeat(self, least: int, most: int, body: Any) -> None:
        if least == 1 and most == 1:
            self._inner([body])
            return
        inner = _Sequence().read(body)
        if least == 0 and most == 1 and inner.exact:
            self._text(inner.open | {""})
            return
        self._break()
        best = inner.best() if least else None
        if best:
            self.sets.append(best)

    def _text(self, texts: Iterable[str]) -> None:
        grown = frozenset(a + b for a in self.open for b in texts)
        if any("\n" in t or "\r" in t for t in texts):
            self._break()
        elif len(grown) <= _WIDEST:
            self.open = grown
        else:
            self._break()
            self.open = frozenset(texts)

    def _break(self) -> None:
        if self.open != {""}:
            self.sets.append(self.open)
        self.open, self.exact = frozenset({""}), False


def _chance(words: Iterable[str]) -> float:
    """How likely one of these is met where the pattern does not match: each further character makes it rarer."""
    return sum(_RARER ** -len(word) for word in words)
