"""BuildKit's `--progress=rawjson` (one SolveStatus object a line), rewritten as what `--progress=plain` prints.

Source: moby/buildkit `client/graph.go` (SolveStatus) and `util/progress/progressui/printer.go`.
"""

from __future__ import annotations

import base64
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from diagnoser.text import Buffer

_DECODER = json.JSONDecoder()
_LONGEST = 1 << 16  # characters of a record over several lines, and of an output line that does not end
_RECORD = re.compile(rb'^\{\s*"(?:vertexes|statuses|logs|warnings)":', re.MULTILINE)


@dataclass(slots=True)
class _Vertex:
    number: int
    name: str = ""
    started: datetime | None = None
    partial: bytes = b""
    closed: bool = False


@dataclass(slots=True)
class _Printer:
    vertexes: dict[str, _Vertex] = field(default_factory=dict)
    current: _Vertex | None = None
    lines: list[bytes] = field(default_factory=list)
    anchors: list[tuple[int, int]] = field(default_factory=list)

    def print(self, line: bytes, raw: int) -> None:
        self.lines.append(line)
        self.anchors.append((len(self.lines), raw))


def recognise(head: bytes) -> bool:
    return bool(_RECORD.search(head))


def to_plain(data: Buffer) -> tuple[bytes, tuple[tuple[int, int], ...], tuple[tuple[int, float], ...]]:
    """The plain log, for each of its lines the raw line that it came from, and when each vertex began."""
    printer, text = _Printer(), bytes(data).decode("utf-8", "replace")
    at, raw = 0, 1
    while at < len(text):
        record, end = _record(text, at)
        if record is None:
            printer.print(text[at:end].encode(), raw)
        else:
            _print_record(printer, record, raw)
        raw += text.count("\n", at, end + 1)
        at = end + 1
    return b"\n".join(printer.lines), tuple(printer.anchors) or ((1, 1),), tuple(_starts(printer))


def _starts(printer: _Printer) -> Iterator[tuple[int, float]]:
    begun = [(vertex.number, vertex.started) for vertex in printer.vertexes.values() if vertex.started]
    first = min((started for _, started in begun), default=None)
    if first is not None:
        yield from ((number, (started - first).total_seconds()) for number, started in begun)


def _record(text: str, at: int) -> tuple[dict[str, Any] | None, int]:
    """The record that begins here, on one line or (buildx 0.13) on several; else none, and where the line ends."""
    line_end = _line_end(text, at)
    if text[at] != "{":
        return None, line_end
    stop = line_end
    if text[at:line_end].rstrip() == "{":  # it goes on to a line that is its brace alone
        stop = text.find("\n}", line_end, line_end + _LONGEST) + 2
    try:
        record, end = _DECODER.raw_decode(text[at:stop])
    except (ValueError, RecursionError):
        return None, line_end
    if record.keys() & {"vertexes", "statuses", "logs", "warnings"}:
        return record, _line_end(text, at + end)
    return None, line_end


def _line_end(text: str, at: int) -> int:
    end = text.find("\n", at)
    return end if end >= 0 else len(text)


def _print_record(printer: _Printer, record: dict[str, Any], raw: int) -> None:
    for event in _events(record, "vertexes"):
        _start(printer, event, raw)
    for event in _events(record, "logs"):
        _output(printer, event, raw)
    for event in _events(record, "vertexes"):
        _finish(printer, event, raw)


def _events(record: dict[str, Any], key: str) -> list[dict[str, Any]]:
    events = record.get(key)
    return [event for event in events if isinstance(event, dict)] if isinstance(events, list) else []


def _start(printer: _Printer, event: dict[str, Any], raw: int) -> None:
    vertex = _vertex(printer, str(event.get("digest")))
    vertex.started = vertex.started or _time(event.get("started"))
    if not vertex.name and event.get("name"):
        vertex.name = str(event["name"]).replace("\n", " ")
        if event.get("started") or event.get("cached"):
            _switch(printer, vertex, raw)


def _output(printer: _Printer, event: dict[str, Any], raw: int) -> None:
    vertex = _vertex(printer, str(event.get("vertex")))
    try:
        data = base64.b64decode(str(event.get("data") or ""))
    except ValueError:
        return
    *whole, partial = data.split(b"\n")
    if whole:
        whole[0], vertex.partial = vertex.partial + whole[0], b""
    vertex.partial = (vertex.partial + partial)[:_LONGEST]
    for line in whole:
        _print_output(printer, vertex, line, _time(event.get("timestamp")), raw)


def _finish(printer: _Printer, event: dict[str, Any], raw: int) -> None:
    vertex, done = _vertex(printer, str(event.get("digest"))), _time(event.get("completed"))
    if not done or vertex.closed or not vertex.name:
        return
    vertex.closed = True
    if vertex.partial:
        _print_output(printer, vertex, vertex.partial, done, raw)
    _switch(printer, vertex, raw)
    printer.print(b"#%d %s" % (vertex.number, _state(vertex, event, done)), raw)


def _state(vertex: _Vertex, event: dict[str, Any], done: datetime) -> bytes:
    error = str(event.get("error") or "").replace("\n", " ")
    seconds = _seconds(vertex, done)
    if error.endswith("context canceled"):
        return b"CANCELED %.1fs" % seconds
    if error:
        return b"ERROR: " + error.encode()
    return b"CACHED" if event.get("cached") else b"DONE %.1fs" % seconds


def _print_output(printer: _Printer, vertex: _Vertex, line: bytes, at: datetime | None, raw: int) -> None:
    _switch(printer, vertex, raw)
    printer.print(b"#%d %.3f %s" % (vertex.number, _seconds(vertex, at), line), raw)


def _switch(printer: _Printer, vertex: _Vertex, raw: int) -> None:
    if printer.current is not vertex:
        printer.print(b"", raw)
        printer.print(b"#%d %s" % (vertex.number, vertex.name.encode()), raw)
        printer.current = vertex


def _vertex(printer: _Printer, digest: str) -> _Vertex:
    return printer.vertexes.setdefault(digest, _Vertex(len(printer.vertexes) + 1))


def _seconds(vertex: _Vertex, at: datetime | None) -> float:
    return max(0.0, (at - vertex.started).total_seconds()) if at and vertex.started else 0.0


def _time(stamp: object) -> datetime | None:
    try:
        when = datetime.fromisoformat(str(stamp))
    except ValueError:
        return None
    return when if when.tzinfo else when.replace(tzinfo=UTC)
