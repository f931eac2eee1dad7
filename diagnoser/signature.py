"""What is known of a root cause: its wordings, its title and cause, its remedies. `signature_file` reads it from TOML."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Literal, NamedTuple

from diagnoser.pattern import Regex
from diagnoser.template import Program

Confidence = Literal["high", "medium", "low"]
Target = Literal["dockerfile", "dockerignore", "command", "go.mod", "source", "ci", "host"]
Edit = Mapping[str, Program | Mapping[str, Program]]

LAST_RESORTS = ("docker/shell-error", "docker/cancelled")  # which everything explains


class Literals(NamedTuple):
    """Strings of which every match holds one, and whether their case may differ."""

    words: tuple[str, ...]
    caseless: bool


class SignatureError(Exception):
    """A signature file cannot be used. The text names the file, the key and what to do."""


class Pattern(NamedTuple):
    """One wording of a cause. `regex` is run on the lines of a step around one of its `literals`."""

    regex: Regex
    literals: Literals
    unless: Regex | None = None  # not ours where this matches the matched lines
    command: Regex | None = None  # only in a step whose instruction matches this
    confidence: Confidence = "high"
    source: str = ""
    since: str = ""
    until: str = ""
    gives: tuple[tuple[str, str], ...] = ()  # captures that the wording implies: (("go_want", "1.21"),)
    standard: bool = False  # only where `package` and `symbol` name what a later Go's standard library has


class Stall(NamedTuple):
    """The cause shows as silence: no line for `after` seconds in a step whose `command` (or last line) matches."""

    after: float
    command: Regex
    last: Regex | None = None  # what the last line before the silence must match; its captures are kept


class Remedy(NamedTuple):
    title: Program
    target: Target
    text: Program
    edit: Edit
    unproven: str  # why no build of the lab shows that this remedy works


class Example(NamedTuple):
    line: str
    other: str | None = None  # the id that a near miss really is; "" for none


class Recording(NamedTuple):
    file: str
    line: int


class Signature(NamedTuple):
    id: str
    title: str
    cause: Program
    transient: bool
    explains: tuple[str, ...]
    patterns: tuple[Pattern, ...]
    stalls: tuple[Stall, ...]
    remedies: tuple[Remedy, ...]
    references: tuple[str, ...]
    recordings: tuple[Recording, ...]
    examples: tuple[Example, ...]
    unrecorded: str  # why no recording shows it


def templates(signature: Signature) -> Iterator[Program]:
    """Every template of the signature."""
    yield signature.cause
    for remedy in signature.remedies:
        yield remedy.title
        yield remedy.text
        for value in remedy.edit.values():
            yield from value.values() if isinstance(value, Mapping) else (value,)


def capture_names(signature: Signature) -> frozenset[str]:
    """The names that the signature's patterns may capture."""
    stalls = [stall.last for stall in signature.stalls if stall.last]
    sources = [*(p.regex for p in signature.patterns), *stalls]
    given = (name for pattern in signature.patterns for name, _ in pattern.gives)
    return frozenset(given).union(*(_GROUP.findall(regex.source) for regex in sources))


_GROUP = re.compile(r"\(\?P?<([A-Za-z_]\w*)>")
