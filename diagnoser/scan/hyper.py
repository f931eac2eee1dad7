"""`scan` by Hyperscan: all literals and landmarks in one pass, whatever their number. Linux, macOS and Windows wheels."""

from __future__ import annotations

import contextlib
import hashlib
import platform
import re
from collections.abc import Sequence
from functools import lru_cache
from importlib.metadata import version

import hyperscan

from diagnoser import cache
from diagnoser.scan import LANDMARKS, Hits, Literal, Span, chunks
from diagnoser.text import Text


def scan_chunks(text: Text, literals: Sequence[Literal]) -> Hits:
    """As `scan.search`. Each chunk reports a literal once."""
    database = _database(tuple(literals))
    landmarks: list[int] = []
    found: dict[int, list[Span]] = {}
    span: Span = (0, 0)
    view = memoryview(text.data)

    def seen(number: int, _start: int, end: int, _flags: int, _context: object) -> None:
        if number < 0 or number >= len(literals):
            landmarks.append(span[0] + end - 1)
        else:
            found.setdefault(number, []).append(span)

    try:
        for span in chunks(text.data):
            database.scan(view[span[0] : span[1]], match_event_handler=seen)  # type: ignore[type-var]
    finally:
        view.release()
    return Hits(landmarks, found)


@lru_cache(maxsize=4)
def _database(literals: tuple[Literal, ...]) -> hyperscan.Database:
    """Compiling takes a twentieth of a second, so the result is kept in the user's cache."""
    name = f"{_key(literals)}.hyperscan"
    stored = cache.read(name)
    if stored:
        with contextlib.suppress(hyperscan.HyperscanError):
            return _ready(hyperscan.loadb(stored, hyperscan.HS_MODE_BLOCK))
    database = hyperscan.Database(mode=hyperscan.HS_MODE_BLOCK)
    once = hyperscan.HS_FLAG_SINGLEMATCH
    clues = [re.escape(literal) for literal, _ in literals]
    flags = [once | (hyperscan.HS_FLAG_CASELESS if caseless else 0) for _, caseless in literals]
    expressions = [*clues, *LANDMARKS]
    database.compile(
        expressions=expressions,
        ids=list(range(len(expressions))),
        elements=len(expressions),
        flags=[*flags, *([0] * len(LANDMARKS))],
    )
    cache.write(name, hyperscan.dumpb(database))
    return _ready(database)


def _ready(database: hyperscan.Database) -> hyperscan.Database:
    database.scratch = hyperscan.Scratch(database)
    return database


def _key(literals: tuple[Literal, ...]) -> str:
    facts = f"{version('hyperscan')} {platform.machine()} {platform.system()} {LANDMARKS!r} {literals!r}"
    return hashlib.sha256(facts.encode()).hexdigest()[:32]
