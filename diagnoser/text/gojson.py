"""`go build -json` and `go test -json` (one event a line), rewritten as the text that they carry.

Source: `go doc test2json`, `go help buildjson`: `Output` holds pieces of text, whole lines or not.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator

from diagnoser.text import Buffer, LineMap, pieces
from diagnoser.text.scratch import Numbering, Scratch

_EVENT = re.compile(rb'^\{(?:"[A-Za-z]+":"[^"\n]*",)*?"Action":"[a-z-]+"', re.MULTILINE)
_LONGEST = 1 << 22  # bytes of a line that may be an event


def recognise(head: bytes) -> bool:
    return bool(_EVENT.search(head))


def to_plain(data: Buffer) -> tuple[Buffer, LineMap]:
    """The text of the events, and for each of its lines the raw line where it began."""
    text, numbering = Scratch(), Numbering()
    line, begins = 1, True
    for raw, event in _lines(data):
        piece = _output(event)
        count = piece.count(b"\n")
        for begun in range(line + (not begins), line + count + (piece[-1:] not in (b"", b"\n"))):
            numbering.note(begun, raw)
        line += count
        begins = piece.endswith(b"\n") if piece else begins
        text.write(piece)
    return text.finish(), numbering.finish()


def _lines(data: Buffer) -> Iterator[tuple[int, bytes]]:
    """Each line with its number and its end; one that is too long for an event in pieces."""
    raw, rest = 1, b""
    for piece in pieces(data):
        *whole, rest = (rest + piece).split(b"\n")
        for line in whole:
            yield raw, line + b"\n"
            raw += 1
        if len(rest) > _LONGEST:
            yield raw, rest
            rest = b""
    yield raw, rest


def _output(line: bytes) -> bytes:
    if not _EVENT.match(line):
        return line if line.strip() else b""
    try:
        event = json.loads(line)
    except (ValueError, RecursionError):
        return line
    output = event.get("Output")
    return output.encode("utf-8", "replace") if isinstance(output, str) else b""
