"""Whether the patterns fire where they must, and nowhere else."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from diagnoser import gostd
from diagnoser.gate.flaw import Flaw, flaw
from diagnoser.pattern import compiled
from diagnoser.signature import Pattern, Signature

if TYPE_CHECKING:
    import regex


def fires(signature: Signature, text: str) -> set[int]:
    """Numbers of the patterns that match `text`, from 0."""
    return {number for number, pattern in enumerate(signature.patterns) if any(_ours(pattern, text))}


def captured(signature: Signature, text: str) -> list[dict[str, str]]:
    """The captures of every match of the signature in `text`."""
    found = ((p, m) for p in signature.patterns for m in compiled(p.regex).finditer(text))
    return [{**dict(p.gives), **{name: value for name, value in m.groupdict().items() if value}} for p, m in found]


def example_flaws(signature: Signature) -> Iterator[Flaw]:
    """Examples on which nothing fires, and near misses on which something does."""
    for number, example in enumerate(signature.examples, 1):
        key, fired = f"[[example]] {number}: line", fires(signature, example.line)
        if example.other is None and not fired:
            yield flaw(signature.id, key, f"no pattern fires on {example.line!r}; mend a pattern or the line")
        if example.other is not None and fired:
            names = ", ".join(f"[[pattern]] {n + 1}" for n in sorted(fired))
            yield flaw(
                signature.id,
                key,
                f"a near miss, but {names} fires on {example.line!r}; ask more of it, or add `unless`",
            )


def silent_flaws(signature: Signature, recorded: Iterable[str]) -> Iterator[Flaw]:
    """Patterns without a line that they fire on. `recorded`: texts of the recordings, read only as far as needed."""
    waiting = set(range(len(signature.patterns)))
    examples = (e.line for e in signature.examples if e.other is None)
    for texts in (examples, recorded):
        for text in texts:
            if not waiting:
                return
            waiting -= fires(signature, text)
    for number in sorted(waiting):
        todo = "fires on no example and no recording; add a line that the program prints, or take the pattern out"
        yield flaw(signature.id, f"[[pattern]] {number + 1}: regex", todo, "[[example]]\nline = '''…'''")


def _ours(pattern: Pattern, text: str) -> Iterator[bool]:
    for match in compiled(pattern.regex).finditer(text):
        start = text.rfind("\n", 0, match.start()) + 1
        end = text.find("\n", match.end())
        lines = text[start : end if end >= 0 else len(text)]
        yield not (pattern.unless and compiled(pattern.unless).search(lines)) and _in_standard(pattern, match)


def _in_standard(pattern: Pattern, match: regex.Match[str]) -> bool:
    if not pattern.standard:
        return True
    seen = {**dict(pattern.gives), **match.groupdict()}
    name = ".".join(filter(None, (seen.get("receiver"), seen.get("symbol")))) or None
    return gostd.since(seen["package"], name) is not None
