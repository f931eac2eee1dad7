"""The same finding by Hyperscan: all literals or landmarks in one pass, whatever their number."""

from __future__ import annotations

import contextlib
import hashlib
import platform
import re
from collections.abc import Iterator, Sequence
from functools import lru_cache
from importlib.metadata import version

import hyperscan

from diagnoser import cache
from diagnoser.scan import LANDMARKS, Clues, Literal, chunks
from diagnoser.scan.vertexes import scan_vertexes
from diagnoser.text import Span, Text, views


def scan_landmarks(text: Text) -> Iterator[int]:
    """As `scan.search_landmarks`; the offset is the landmark's last byte."""
    for (start, _), piece in views(text.data, chunks(text.data, [(0, len(text.data))])):
        ends = [*scan_vertexes(piece), *(end for _, end in _found(piece, _landmarks()))]
        yield from (start + end - 1 for end in sorted(ends))


def scan_clues(text: Text, literals: Sequence[Literal], spans: Sequence[Span]) -> Clues:
    """As `scan.search_clues`. Each chunk reports a literal once."""
    found: dict[int, list[Span]] = {}
    database = _clues(literals)
    for span, piece in views(text.data, chunks(text.data, spans)):
        for number, _ in _found(piece, database):
            found.setdefault(number, []).append(span)
    return found


def _found(piece: memoryview, database: hyperscan.Database) -> list[tuple[int, int]]:
    """The number of each expression that is in the piece, and where it ends there."""
    found: list[tuple[int, int]] = []
    database.scan(
        piece,  # type: ignore[type-var]
        match_event_handler=lambda number, _start, end, _flags, _context: found.append((number, end)),
    )
    return found


@lru_cache(maxsize=1)
def _landmarks() -> hyperscan.Database:
    return _ready(_compiled(list(LANDMARKS), [0] * len(LANDMARKS)))


@lru_cache(maxsize=4)
def _clues(literals: Sequence[Literal]) -> hyperscan.Database:
    """Compiling thousands takes a twentieth of a second, so the result is kept in the user's cache."""
    literals = tuple(literals)
    name = f"{_key(literals)}.hyperscan"
    stored = cache.read(name)
    if stored:
        with contextlib.suppress(hyperscan.HyperscanError):
            return _ready(hyperscan.loadb(stored, hyperscan.HS_MODE_BLOCK))
    caseless = hyperscan.HS_FLAG_CASELESS
    flags = [hyperscan.HS_FLAG_SINGLEMATCH | (caseless if ignored else 0) for _, ignored in literals]
    database = _compiled([re.escape(literal) for literal, _ in literals], flags)
    cache.write(name, hyperscan.dumpb(database))
    return _ready(database)


def _compiled(expressions: list[bytes], flags: list[int]) -> hyperscan.Database:
    database = hyperscan.Database(mode=hyperscan.HS_MODE_BLOCK)
    count = len(expressions)
    database.compile(expressions=expressions, ids=list(range(count)), elements=count, flags=flags)
    return database


def _ready(database: hyperscan.Database) -> hyperscan.Database:
    database.scratch = hyperscan.Scratch(database)
    return database


def _key(literals: tuple[Literal, ...]) -> str:
    facts = f"{version('hyperscan')} {platform.machine()} {platform.system()} {literals!r}"
    return hashlib.sha256(facts.encode()).hexdigest()[:32]
