"""Logs that were written for a terminal: colour codes inside words, and frames that are drawn over each other."""

from __future__ import annotations

import re
import tempfile
from collections.abc import Iterator
from mmap import ACCESS_READ, mmap

from diagnoser.text import Buffer

_CHUNK = 1 << 24
# ECMA-48: CSI sequences, OSC strings up to BEL or ST, and the two-byte escapes.
_ESCAPE = re.compile(rb"\x1b(?:\[[0-?]*[ -/]*[@-~]|\][^\x07\x1b\n]*(?:\x07|\x1b\\)?|[ -/]*[0-Z\\^-~])")
_FRAME = b"[+] Building "
_CURSOR_UP = b"\x1b[1A"

Anchors = tuple[tuple[int, int], ...]


def to_plain(data: Buffer) -> tuple[Buffer, Anchors]:
    """The last frame and everything around the frames, without escape sequences."""
    cut = _redrawn(data)
    if not cut:
        return _without_escapes(data), ((1, 1),)
    start, end = cut
    before, after = bytes(data[:start]), bytes(data[end:])
    line = before.count(b"\n") + 1
    raw = bytes(data[:end]).count(b"\n") + 1
    return _ESCAPE.sub(b"", before + b"\n" + after), ((1, 1), (line + 1, raw))


def _redrawn(data: Buffer) -> tuple[int, int] | None:
    """The span of BuildKit's frames that later ones have drawn over."""
    if data.find(_CURSOR_UP) < 0:
        return None
    first, last = data.find(_FRAME), data.rfind(_FRAME)
    return (first, last) if 0 <= first < last else None


def _without_escapes(data: Buffer) -> Buffer:
    if len(data) <= _CHUNK:
        return _ESCAPE.sub(b"", bytes(data))
    with tempfile.TemporaryFile() as file:
        for chunk in _chunks(data):
            file.write(_ESCAPE.sub(b"", chunk))
        file.flush()
        return mmap(file.fileno(), 0, access=ACCESS_READ)


def _chunks(data: Buffer) -> Iterator[bytes]:
    """Pieces of `data` that end where a line does, so that no escape sequence is cut."""
    start = 0
    while start < len(data):
        end = data.rfind(b"\n", start, start + _CHUNK) + 1 or min(start + _CHUNK, len(data))
        yield bytes(data[start:end])
        start = end
