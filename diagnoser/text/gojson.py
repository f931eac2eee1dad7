"""`go build -json` and `go test -json` (one event a line), rewritten as the text that they carry.

Source: `go doc test2json`, `go help buildjson`: `Output` holds pieces of text, whole lines or not.
"""

from __future__ import annotations

import json
import re

from diagnoser.text import Buffer

_EVENT = re.compile(rb'^\{(?:"[A-Za-z]+":"[^"\n]*",)*?"Action":"[a-z-]+"', re.MULTILINE)


def recognise(head: bytes) -> bool:
    return bool(_EVENT.search(head))


def to_plain(data: Buffer) -> tuple[bytes, tuple[tuple[int, int], ...]]:
    """The text of the events, and for each of its lines the raw line where it began."""
    pieces: list[bytes] = []
    anchors = [(1, 1)]
    line, open_line = 1, False
    for raw, text in enumerate(bytes(data).split(b"\n"), 1):
        piece = _output(text)
        if not piece:
            continue
        if not open_line:
            anchors.append((line, raw))
        pieces.append(piece)
        line += piece.count(b"\n")
        open_line = not piece.endswith(b"\n")
    return b"".join(pieces), tuple(anchors)


def _output(line: bytes) -> bytes:
    if not _EVENT.match(line):
        return line + b"\n" if line.strip() else b""
    try:
        event = json.loads(line)
    except ValueError:
        return line + b"\n"
    output = event.get("Output")
    return output.encode("utf-8", "replace") if isinstance(output, str) else b""
