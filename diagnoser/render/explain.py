"""A signature in words, as `rustc --explain` gives an error's: its templates with the names left as blanks."""

from __future__ import annotations

import re
from collections.abc import Iterator

from diagnoser.signature import Pattern, Signature
from diagnoser.template import Program

_FOLDED = re.compile(r"\n{3,}")


def render(signature: Signature) -> str:
    """Markdown."""
    return _FOLDED.sub("\n\n", "\n".join(_lines(signature))).strip()


def _lines(signature: Signature) -> Iterator[str]:
    yield f"# {signature.id}: {signature.title}\n"
    yield _blanks(signature.cause).strip() + "\n"
    if signature.transient:
        yield "The same build may pass when it is run again.\n"
    for number, remedy in enumerate(signature.remedies, 1):
        yield f"{number}. **{_blanks(remedy.title)}** ({remedy.target})\n"
        yield "\n".join("   " + line for line in _blanks(remedy.text).strip().split("\n")) + "\n"
        if remedy.unproven:
            yield f"   Not proven by a build: {remedy.unproven}.\n"
    yield from _wordings(signature)
    if signature.explains:
        yield f"Accounts for: {', '.join(signature.explains)}\n"
    yield from (f"- {reference}" for reference in signature.references)


def _wordings(signature: Signature) -> Iterator[str]:
    lines = [example.line for example in signature.examples if example.other is None]
    if lines:
        yield "Printed, for example, as:\n"
        yield "\n".join("    " + part for line in lines[:6] for part in line.strip("\n").split("\n")) + "\n"
    sources = sorted({_origin(p) for p in signature.patterns if p.source})
    if sources:
        yield f"By: {'; '.join(sources)}\n"


def _origin(pattern: Pattern) -> str:
    versions = f"{pattern.since or '…'} to {pattern.until or 'today'}" if pattern.since or pattern.until else ""
    return f"{pattern.source} ({versions})" if versions else pattern.source


def _blanks(program: Program) -> str:
    """The text with every value as <name>, and of every choice the first."""
    return "".join(_blank(node) for node in program)


def _blank(node: Program) -> str:
    if node[0] == "text":
        return str(node[1])
    if node[0] == "out":
        return f"<{_name(node[1])}>"
    return _blanks(node[1][0][1])


def _name(node: Program) -> str:
    return str(node[1]) if node[0] != "filter" else _name(node[2])
