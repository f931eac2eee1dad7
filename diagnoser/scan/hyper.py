"""The same finding by Hyperscan: all literals or landmarks in one pass, whatever their number."""

from __future__ import annotations

import contextlib
import hashlib
import platform
import re
from collections.abc import Callable, Sequence
from functools import lru_cache
from importlib.metadata import version

import hyperscan

from diagnoser import cache
from diagnoser.scan import LANDMARKS, Clues, Literal, Span, chunks
from diagnoser.text import Text, forget


def scan_landmarks(text: Text) -> Sequence[int]:
    """As `scan.search_landmarks`; the offset is the landmark's last byte."""
    landmarks: list[int] = []
    _scan(text, [(0, len(text.data))], _landmarks(), lambda span, _number, end: landmarks.append(span[0] + end - 1))
    return landmarks


def scan_clues(text: Text, literals: Sequence[Literal], spans: Sequence[Span]) -> Clues:
    """As `scan.search_clues`. Each chunk reports a literal once."""
    found: dict[int, list[Span]] = {}
    _scan(text, spans, _clues(tuple(literals)), lambda span, number, _end: found.setdefault(number, []).append(span))
    return found


def _scan(
    text: Text, spans: Sequence[Span], database: hyperscan.Database, seen: Callable[[Span, int, int], None]
) -> None:
    view = memoryview(text.data)
    try:
        for span in chunks(text.data, spans):
            database.scan(
                view[span[0] : span[1]],  # type: ignore[type-var]
                match_event_handler=lambda number, _start, end, _flags, _context: seen(span, number, end),  # noqa: B023
            )
            forget(text.data, *span)
    finally:
        view.release()


@lru_cache(maxsize=1)
def _landmarks() -> hyperscan.Database:
    return _ready(_compiled(list(LANDMARKS), [0] * len(LANDMARKS)))


@lru_cache(maxsize=4)
def _clues(literals: tuple[Literal, ...]) -> hyperscan.Database:
    """Compiling thousands takes a twentieth of a second, so the result is kept in the user's cache."""
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
