"""BuildKit's `--progress=rawjson` (one SolveStatus object a line), rewritten as what `--progress=plain` prints.

Source: moby/buildkit `client/graph.go` (SolveStatus) and `util/progress/progressui/printer.go`.
"""

from __future__ import annotations

import base64
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, NamedTuple

from diagnoser.text import Buffer, LineMap
from diagnoser.text.records import Record, records
from diagnoser.text.scratch import Numbering, Scratch

_LONGEST = 1 << 16  # bytes of an output line that does not end, and of a name
_WAITING = 1 << 25  # bytes of all such lines
_VERTEXES = 1 << 16  # that are told apart; a build has some dozens
_DIGEST = 128  # characters
_RECORD = re.compile(rb'^\{\s*"(?:vertexes|statuses|logs|warnings)":', re.MULTILINE)


class Plain(NamedTuple):
    """The plain log, where its lines come from, when each vertex began, and how many bytes of records were left out."""

    data: Buffer
    lines: LineMap
    starts: tuple[tuple[int, float], ...]
    dropped: int


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
    left_out: bool = False  # something of this record: there are too many vertexes
    current: _Vertex | None = None
    waiting: int = 0  # bytes of partial lines
    text: Scratch = field(default_factory=Scratch)
    numbering: Numbering = field(default_factory=Numbering)
    line: int = 0

    def print(self, line: bytes, raw: int) -> None:
        if self.line:
            self.text.write(b"\n")
        self.line += 1
        self.numbering.note(self.line, raw)
        self.text.write(line)


def recognise(head: bytes) -> bool:
    return bool(_RECORD.search(head))


def to_plain(data: Buffer) -> Plain:
    """Rewrite the records; what is none stays as it is."""
    printer, dropped = _Printer(), 0
    for record in records(data):
        if record.status is None:
            _print_as_is(printer, record)
        else:
            _print_record(printer, record.status, record.line)
            dropped += record.size if printer.left_out else 0
    if data[-1:] == b"\n":
        printer.text.write(b"\n")
    return Plain(printer.text.finish(), printer.numbering.finish(), tuple(_starts(printer)), dropped)


def _starts(printer: _Printer) -> Iterator[tuple[int, float]]:
    begun = [(vertex.number, vertex.started) for vertex in printer.vertexes.values() if vertex.started]
    first = min((started for _, started in begun), default=None)
    if first is not None:
        yield from ((number, (started - first).total_seconds()) for number, started in begun)


def _print_as_is(printer: _Printer, record: Record) -> None:
    if record.goes_on:
        printer.text.write(record.text)
    else:
        printer.print(record.text, record.line)


def _print_record(printer: _Printer, record: dict[str, Any], raw: int) -> None:
    printer.left_out = False
    for event in _events(record, "vertexes"):
        _start(printer, event, raw)
    for event in _events(record, "logs"):
        _output(printer, event, raw)
    for event in _events(record, "vertexes"):
        _finish(printer, event, raw)
    if printer.waiting > _WAITING:
        _print_partial(printer, raw)


def _events(record: dict[str, Any], key: str) -> list[dict[str, Any]]:
    events = record.get(key)
    return [event for event in events if isinstance(event, dict)] if isinstance(events, list) else []


def _start(printer: _Printer, event: dict[str, Any], raw: int) -> None:
    vertex = _vertex(printer, str(event.get("digest")))
    if vertex is None:
        return
    vertex.started = vertex.started or _time(event.get("started"))
    if not vertex.name and event.get("name"):
        vertex.name = str(event["name"])[:_LONGEST].replace("\n", " ")
        if event.get("started") or event.get("cached"):
            _switch(printer, vertex, raw)


def _output(printer: _Printer, event: dict[str, Any], raw: int) -> None:
    vertex = _vertex(printer, str(event.get("vertex")))
    try:
        data = base64.b64decode(str(event.get("data") or ""))
    except ValueError:
        return
    if vertex is None:
        return
    *whole, partial = data.split(b"\n")
    before = len(vertex.partial)
    if whole:
        whole[0], vertex.partial = vertex.partial + whole[0], b""
    vertex.partial = (vertex.partial + partial)[:_LONGEST]
    printer.waiting += len(vertex.partial) - before
    for line in whole:
        _print_output(printer, vertex, line, _time(event.get("timestamp")), raw)


def _print_partial(printer: _Printer, raw: int) -> None:
    """Lines that do not end are printed as far as they go."""
    for vertex in printer.vertexes.values():
        if vertex.partial:
            _print_output(printer, vertex, vertex.partial, None, raw)
            vertex.partial = b""
    printer.waiting = 0


def _finish(printer: _Printer, event: dict[str, Any], raw: int) -> None:
    vertex, done = _vertex(printer, str(event.get("digest"))), _time(event.get("completed"))
    if vertex is None or not done or vertex.closed or not vertex.name:
        return
    vertex.closed = True
    if vertex.partial:
        _print_output(printer, vertex, vertex.partial, done, raw)
        printer.waiting -= len(vertex.partial)
        vertex.partial = b""
    _switch(printer, vertex, raw)
    printer.print(b"#%d %s" % (vertex.number, _state(vertex, event, done)), raw)


def _state(vertex: _Vertex, event: dict[str, Any], done: datetime) -> bytes:
    error = str(event.get("error") or "").replace("\n", " ")
    seconds = _seconds(vertex, done)
    if error.endswith("context canceled"):
        return b"CANCELED %.1fs" % seconds
    if error:
        return b"ERROR: " + _bytes(error)
    return b"CACHED" if event.get("cached") else b"DONE %.1fs" % seconds


def _print_output(printer: _Printer, vertex: _Vertex, line: bytes, at: datetime | None, raw: int) -> None:
    _switch(printer, vertex, raw)
    printer.print(b"#%d %.3f %s" % (vertex.number, _seconds(vertex, at), line), raw)


def _switch(printer: _Printer, vertex: _Vertex, raw: int) -> None:
    if printer.current is not vertex:
        printer.print(b"", raw)
        printer.print(b"#%d %s" % (vertex.number, _bytes(vertex.name)), raw)
        printer.current = vertex


def _vertex(printer: _Printer, digest: str) -> _Vertex | None:
    digest = digest[:_DIGEST]
    known = printer.vertexes.get(digest)
    if known is None and len(printer.vertexes) < _VERTEXES:
        known = printer.vertexes[digest] = _Vertex(len(printer.vertexes) + 1)
    printer.left_out = printer.left_out or known is None
    return known


def _bytes(words: str) -> bytes:
    return words.encode("utf-8", "replace")  # JSON can name half a character


def _seconds(vertex: _Vertex, at: datetime | None) -> float:
    return max(0.0, (at - vertex.started).total_seconds()) if at and vertex.started else 0.0


def _time(stamp: object) -> datetime | None:
    try:
        when = datetime.fromisoformat(str(stamp))
    except ValueError:
        return None
    return when if when.tzinfo else when.replace(tzinfo=UTC)
