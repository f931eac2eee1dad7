"""What must be rewritten before a log can be searched, in the order in which it may be nested."""

from __future__ import annotations

import codecs
from collections.abc import Iterator
from itertools import chain

from diagnoser.text import CHUNK, Buffer, LineMap, Spooled, Text, pieces, raw_lines
from diagnoser.text.scratch import rewritten
from diagnoser.text.survey import survey

_HEAD = 1 << 16
_LONGEST = 4 * CHUNK  # bytes of a line; of a longer one that many are kept
_BOMS = (
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_Starts = tuple[tuple[int, float], ...]


def searchable(data: Buffer, source: str = "-") -> Text:
    """The searchable text of a raw log."""
    return spooled(Spooled(data), source)


def spooled(raw: Spooled, source: str = "-") -> Text:
    """The searchable text of a stream, with the line numbers that it had before its middle was dropped."""
    data, lines, starts, dropped = _events(_utf8(raw.data))
    maps = [lines, raw.gap]
    seen = survey(data)
    counted = seen.newlines
    if seen.nul:
        data, counted = rewritten(piece.translate(None, b"\0") for piece in pieces(data)), (0,)
    if seen.escape:
        from diagnoser.text import terminal

        (data, redrawn), counted = terminal.to_plain(data), (0,)
        maps.insert(0, redrawn)
    if _has_endless_line(seen.newlines):
        size = len(data)
        data, counted = rewritten(_shortened(data)), (0,)
        dropped += size - len(data)
    return Text(data, tuple(m for m in maps if m), source, raw.dropped + dropped, counted, starts)


def without(text: Text, start: int, end: int) -> Text:
    """The text without the lines from the one that begins at `start` up to `end`."""
    if end <= start:
        return text
    lines = raw_lines(text._replace(maps=()), [start, end])
    gap = LineMap((1, lines[start]), (1, lines[end]))
    data = rewritten(chain(pieces(text.data, 0, start), pieces(text.data, end)))
    return text._replace(data=data, maps=(gap, *text.maps), dropped=text.dropped + end - start, newlines=(0,))


def _events(data: Buffer) -> tuple[Buffer, LineMap | None, _Starts, int]:
    """The text of a log that is JSON, line by line, and what is known of it. Few logs need these modules."""
    head = bytes(data[:_HEAD])
    if b"{" in head:
        from diagnoser.text import gojson, rawjson

        if rawjson.recognise(head):
            return rawjson.to_plain(data)
        if gojson.recognise(head):
            return *gojson.to_plain(data), (), 0
    return data, None, (), 0


def _utf8(data: Buffer) -> Buffer:
    head = bytes(data[:4])
    for bom, encoding in _BOMS:
        if head.startswith(bom):
            return rewritten(_decoded(data, encoding))
    return rewritten(pieces(data, len(codecs.BOM_UTF8))) if head.startswith(codecs.BOM_UTF8) else data


def _decoded(data: Buffer, encoding: str) -> Iterator[bytes]:
    decoder = codecs.getincrementaldecoder(encoding)("replace")
    for piece in pieces(data):
        yield decoder.decode(piece).encode("utf-8", "replace")
    yield decoder.decode(b"", final=True).encode("utf-8", "replace")


def _has_endless_line(newlines: tuple[int, ...]) -> bool:
    """Whether some line may be longer than `_LONGEST`: nobody reads it to its end, but each look for its end would."""
    return any(before == after for before, after in zip(newlines, newlines[4:], strict=False))


def _shortened(data: Buffer) -> Iterator[bytes]:
    room = _LONGEST
    for piece in pieces(data):
        line, newline, others = piece.partition(b"\n")
        yield line[:room] + newline + others
        room = max(0, room - len(line)) if not newline else _LONGEST - len(others) + others.rfind(b"\n") + 1
