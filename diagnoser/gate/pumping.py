"""Texts on which a pattern works as hard as it can, read off its own syntax tree.

A repeat is slow where what it eats may also be eaten by what follows, or where the pattern begins anew inside of it. So
a text is what stands before a repeat, then many times a piece that it can eat, and then what the pattern still asks for,
on another line, where it comes too late.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any, NamedTuple

from diagnoser.literals import syntax

Node = tuple[str, Any]
LONG = 64  # times that a repeat may eat, from which on it counts
REPEATS = ("MAX_REPEAT", "MIN_REPEAT", "POSSESSIVE_REPEAT")
_PALETTE = "a1 /.:-_=\"'(),@[]{}<>A\t\n~+*#$%&;!?\\|^`"
_PATHS = 6  # ways through alternatives that are followed
_AHEAD = 4  # nodes behind a repeat with which it may compete
_CATEGORIES: dict[str, Callable[[str], bool]] = {
    "DIGIT": str.isdigit,
    "SPACE": str.isspace,
    "WORD": lambda character: character.isalnum() or character == "_",
}


class Pump(NamedTuple):
    head: str
    piece: str
    tail: str

    def text(self, size: int) -> str:
        """About `size` characters."""
        return self.head + self.piece * (size // len(self.piece)) + self.tail


def pumps(pattern: str) -> Iterator[Pump]:
    """Each text once. Raises `re.error` for syntax beyond `re`'s."""
    seen: set[Pump] = set()
    for path in paths(syntax(pattern)):
        for pump in _along(path):
            if pump.piece and pump not in seen:
                seen.add(pump)
                yield pump


def paths(nodes: Sequence[tuple[Any, Any]]) -> list[list[Node]]:
    """The pattern as sequences without groups and alternatives: one for each way through, of the first few."""
    found: list[list[Node]] = [[]]
    for op, value in nodes:
        ways = _ways(str(op), value)
        found = [before + after for before in found for after in ways][:_PATHS]
    return found


def _ways(op: str, value: Any) -> list[list[Node]]:
    if op == "SUBPATTERN":
        return paths(value[3])
    if op == "ATOMIC_GROUP":
        return paths(value)
    if op == "BRANCH":
        return [way for branch in value[1] for way in paths(branch)][:_PATHS]
    if op in REPEATS and value[1] == 1:
        return paths(value[2])
    return [[(op, value)]]


def _along(path: Sequence[Node]) -> Iterator[Pump]:
    long = [place for place, node in enumerate(path) if is_long(node)]
    for number, place in enumerate(long):
        tail = "\n" + sample(path[place + 1 :])
        before = sample(path[:place])
        for piece in _pieces(path, place, long[number + 1 : number + 3]):
            yield Pump(before, piece, tail)
        for later in (place, *long[number + 1 : number + 2]):
            yield Pump("", sample(path[:later]) + eaten(path[place])[:1], tail)


def _pieces(path: Sequence[Node], place: int, later: Sequence[int]) -> Iterator[str]:
    """What the repeat eats alone and together with what follows, and what leads from it to the next repeats."""
    mine = eaten(path[place])
    yield mine[:1] or sample(path[place][1][2]) or "".join(eaten(node)[:1] for node in path[place][1][2])
    for node in path[place + 1 : place + 1 + _AHEAD]:
        yield next((c for c in eaten(node) if c in mine), "")
    for other in later:
        yield sample(path[place + 1 : other])


def is_long(node: Node) -> bool:
    """Whether it may eat much."""
    return node[0] in REPEATS and node[1][1] >= LONG


def sample(nodes: Sequence[tuple[Any, Any]]) -> str:
    """A short text that the nodes match, where they look neither ahead nor behind."""
    out = ""
    for op, value in nodes:
        out += _sampled(str(op), value, out)
    return out


def _sampled(op: str, value: Any, before: str) -> str:
    if op == "SUBPATTERN":
        return sample(value[3])
    if op == "ATOMIC_GROUP":
        return sample(value)
    if op == "BRANCH":
        return sample(value[1][0])
    if op in REPEATS:
        return sample(value[2]) * int(value[0])
    if op == "AT":
        return "\n" if str(value) == "AT_BEGINNING" and before[-1:] not in ("", "\n") else ""
    return eaten((op, value))[:1]


def eaten(node: tuple[Any, Any]) -> str:
    """The characters that a node of one character, or a repeat of one, may take, of a palette of usual ones."""
    op, value = str(node[0]), node[1]
    if op in REPEATS or (op == "SUBPATTERN" and len(value[3]) == 1):
        body = value[2] if op in REPEATS else value[3]
        return eaten(body[0]) if len(body) == 1 else ""
    if op == "LITERAL":
        return chr(value)
    if op == "NOT_LITERAL":
        return _PALETTE.replace(chr(value), "")
    if op == "ANY":
        return _PALETTE.replace("\n", "")
    return "".join(c for c in _PALETTE + _named(value) if _holds(value, c)) if op == "IN" else ""


def _named(members: Sequence[tuple[Any, Any]]) -> str:
    return "".join(chr(value) for op, value in members if str(op) == "LITERAL")


def _holds(members: Sequence[tuple[Any, Any]], character: str) -> bool:
    inside = any(_is(str(op), value, character) for op, value in members)
    return inside != any(str(op) == "NEGATE" for op, _ in members)


def _is(op: str, value: Any, character: str) -> bool:
    if op == "LITERAL":
        return chr(value) == character
    if op == "RANGE":
        return bool(value[0] <= ord(character) <= value[1])
    if op == "CATEGORY":
        name = str(value).removeprefix("CATEGORY_")
        return _CATEGORIES[name.removeprefix("NOT_")](character) != name.startswith("NOT_")
    return False
