"""Logs that were written for a terminal: colour codes inside words, and frames that are drawn over each other."""

from __future__ import annotations

import re
from collections.abc import Iterator

from diagnoser.text import Buffer, LineMap, Span, pieces
from diagnoser.text.scratch import rewritten

# ECMA-48: CSI sequences, OSC strings up to BEL or ST, and the two-byte escapes.
_ESCAPE = re.compile(rb"\x1b(?:\[[0-?]*[ -/]*[@-~]|\][^\x07\x1b\n]*(?:\x07|\x1b\\)?|[ -/]*[0-Z\\^-~])")
_LONGEST = 1 << 10  # bytes of an escape sequence
_FRAME = b"[+] Building "
_CURSOR_UP = b"\x1b[1A"


def to_plain(data: Buffer) -> tuple[Buffer, LineMap | None]:
    """The last frame and everything around the frames, without escape sequences."""
    cut = _redrawn(data)
    if not cut:
        return rewritten(_without_escapes(pieces(data))), None
    start, end = cut
    line = _newlines(data, 0, start) + 1
    raw = _newlines(data, 0, end) + 1
    return rewritten(_joined(data, (0, start), (end, len(data)))), LineMap((1, line + 1), (1, raw))


def _joined(data: Buffer, before: Span, after: Span) -> Iterator[bytes]:
    yield from _without_escapes(pieces(data, *before))
    yield b"\n"
    yield from _without_escapes(pieces(data, *after))


def _newlines(data: Buffer, start: int, end: int) -> int:
    return sum(piece.count(b"\n") for piece in pieces(data, start, end))


def _redrawn(data: Buffer) -> Span | None:
    """The span of BuildKit's frames that later ones have drawn over."""
    first = last = -1
    moved, at, before = False, 0, b""
    for piece in pieces(data):
        seen = before + piece
        moved = moved or _CURSOR_UP in seen
        if first < 0 and _FRAME in seen:
            first = at - len(before) + seen.find(_FRAME)
        if _FRAME in seen:
            last = at - len(before) + seen.rfind(_FRAME)
        at, before = at + len(piece), piece[-len(_FRAME) + 1 :]
    return (first, last) if moved and 0 <= first < last else None


def _without_escapes(pieces: Iterator[bytes]) -> Iterator[bytes]:
    """A sequence that goes on in the next piece is kept until that is there."""
    rest = b""
    for piece in pieces:
        seen = rest + piece
        open_at = seen.rfind(b"\x1b", max(0, len(seen) - _LONGEST))
        cut = open_at if open_at >= 0 and b"\n" not in seen[open_at:] else len(seen)
        rest = seen[cut:]
        yield _ESCAPE.sub(b"", seen[:cut])
    yield _ESCAPE.sub(b"", rest)
