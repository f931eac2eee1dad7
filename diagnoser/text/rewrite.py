"""What must be rewritten before a log can be searched, in the order in which it may be nested."""

from __future__ import annotations

import codecs

from diagnoser.text import Buffer, Text
from diagnoser.text.survey import survey

Anchors = tuple[tuple[int, int], ...]
_HEAD = 1 << 16
_BOMS = (
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)


def searchable(data: Buffer, source: str = "-", dropped: int = 0) -> Text:
    """The searchable text of a raw log."""
    data = _utf8(data)
    events = _events(data)
    if events:
        return events._replace(source=source, dropped=dropped)
    seen = survey(data)
    if seen.nul:
        data = bytes(data).replace(b"\0", b"")
    if seen.escape:
        from diagnoser.text import terminal

        return Text(*terminal.to_plain(data), source, dropped)
    return Text(data, ((1, 1),), source, dropped, (0,) if seen.nul else seen.newlines)


def _events(data: Buffer) -> Text | None:
    """The text of a log that is JSON, line by line. Few logs need these modules."""
    head = bytes(data[:_HEAD])
    if b"{" not in head:
        return None
    from diagnoser.text import gojson, rawjson

    if rawjson.recognise(head):
        plain, anchors, starts = rawjson.to_plain(data)
        return Text(plain, anchors, starts=starts)
    return Text(*gojson.to_plain(data)) if gojson.recognise(head) else None


def _utf8(data: Buffer) -> Buffer:
    head = bytes(data[:4])
    for bom, encoding in _BOMS:
        if head.startswith(bom):
            return bytes(data).decode(encoding, "replace").encode()
    return bytes(data[3:]) if head.startswith(codecs.BOM_UTF8) else data
