"""Whether a signature says what it must, names only what can be known, and reads well."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping

from diagnoser.facts import NAMES
from diagnoser.gate.firing import captured
from diagnoser.gate.flaw import Flaw, flaw
from diagnoser.signature import Signature, capture_names
from diagnoser.template import Program, names, render, texts

_TODO = re.compile(r"\bTODO\b[^\n]*")
_EMPTY = re.compile(r"``|\*\*\*\*|\*\* +\*\*|`@|@`|` +`(?=\W)")  # what an empty name leaves in Markdown
_REMEDY = "[[remedy]]\ntitle = \"…\"\ntarget = \"dockerfile\"\ntext = '''…'''"


def wording_flaws(signature: Signature, known: Collection[str]) -> Iterator[Flaw]:
    """`known`: the ids of all signatures."""
    yield from _unfinished(signature)
    yield from _unknown_ids(signature, known)
    yield from _unknown_names(signature)
    yield from _unreadable(signature)


def _unfinished(signature: Signature) -> Iterator[Flaw]:
    for found in _TODO.finditer(signature.title):
        yield flaw(signature.id, "title", f"still to fill in: {found[0]}")
    for key, program in _templates(signature):
        for found in (f for text in texts(program) for f in _TODO.finditer(text)):
            yield flaw(signature.id, key, f"still to fill in: {found[0]}")
    if not signature.remedies:
        yield flaw(signature.id, "remedy", "missing; say what to do", _REMEDY)
    if not signature.recordings and not signature.unrecorded:
        paste = '[[log]]\nfile = "….log"\nline = 1'
        yield flaw(
            signature.id, "log", "no recording shows it; record one, or say in `unrecorded` why there is none", paste
        )


def _unknown_ids(signature: Signature, known: Collection[str]) -> Iterator[Flaw]:
    areas = {identity.split("/")[0] + "/*" for identity in known}
    for number, example in enumerate(signature.examples, 1):
        if example.other and example.other not in known:
            todo = f'no signature is named {example.other!r}; name the right one, or "" for none'
            yield flaw(signature.id, f"[[example]] {number}: not", todo)
    for explained in signature.explains:
        if explained not in known and explained not in areas:
            yield flaw(signature.id, "explains", f"no signature or area is named {explained!r}; see: diagnoser list")


def _unknown_names(signature: Signature) -> Iterator[Flaw]:
    allowed = capture_names(signature) | NAMES
    for key, program in _templates(signature):
        for name in sorted(set(names(program)) - allowed):
            yield flaw(
                signature.id, key, f"names {{{{ {name} }}}}, which no pattern captures; capture it, or take it out"
            )


def _unreadable(signature: Signature) -> Iterator[Flaw]:
    """Templates that read badly with what an example gives."""
    told: set[str] = set()
    for example in (e for e in signature.examples if e.other is None):
        for captures in captured(signature, example.line):
            for key, program in _templates(signature):
                if key not in told and reads_badly(render(program, captures)):
                    told.add(key)
                    todo = f"a name is empty for {example.line!r}; write the template around it with {{% if … %}}"
                    yield flaw(signature.id, key, todo)


def reads_badly(text: str) -> bool:
    """Whether a name that is empty left a hole."""
    return bool(_EMPTY.search(text.replace("```", "")))


def _templates(signature: Signature) -> Iterator[tuple[str, Program]]:
    yield "cause", signature.cause
    for number, remedy in enumerate(signature.remedies, 1):
        place = f"[[remedy]] {number}: "
        yield f"{place}title", remedy.title
        yield f"{place}text", remedy.text
        for name, value in remedy.edit.items():
            for program in value.values() if isinstance(value, Mapping) else (value,):
                yield f"{place}edit.{name}", program
