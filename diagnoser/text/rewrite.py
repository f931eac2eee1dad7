"""What must be rewritten before a log can be searched, in the order in which it may be nested."""

from __future__ import annotations

import codecs

from diagnoser.text import Buffer, Text

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
    return Text(*_plain(data), source, dropped)


def _plain(data: Buffer) -> tuple[Buffer, Anchors]:
    """The log as lines of text, and the map to its raw lines. Few logs need any of these modules."""
    head = bytes(data[:_HEAD])
    if b"{" in head:
        from diagnoser.text import gojson, rawjson

        if rawjson.recognise(head):
            return rawjson.to_plain(data)
        if gojson.recognise(head):
            return gojson.to_plain(data)
    if data.find(b"\x1b") >= 0:
        from diagnoser.text import terminal

        return terminal.to_plain(data)
    return data, ((1, 1),)


def _utf8(data: Buffer) -> Buffer:
    head = bytes(data[:4])
    for bom, encoding in _BOMS:
        if head.startswith(bom):
            return bytes(data).decode(encoding, "replace").encode()
    if head.startswith(codecs.BOM_UTF8):
        return bytes(data[3:])
    if data.find(b"\0") >= 0:
        return bytes(data).replace(b"\0", b"")
    return data
