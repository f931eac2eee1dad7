"""Any bytes are a log: its lines keep their numbers, its steps cover it, and two ways of searching find the same."""

from __future__ import annotations

import gzip
import io
import json
from base64 import b64encode
from collections.abc import Callable
from functools import cache
from itertools import islice, pairwise
from unittest.mock import patch

import diagnoser.text
from diagnoser.catalogue import Catalogue, load_catalogue
from diagnoser.scan import find_landmarks, hyper, search_clues, search_landmarks
from diagnoser.steps import Log, lines_of, segment_at
from diagnoser.steps.reader import read
from diagnoser.text import Text, line_offsets, line_start, raw_lines
from diagnoser.text.rewrite import searchable
from diagnoser.text.source import unpacked

_SPOOL = 1 << 20
_CHUNK = 37  # bytes: whatever a log holds stands on the edge of a piece


def text(data: bytes) -> None:
    """The first byte says how the rest comes. Read in small pieces it is the same."""
    pack, log = _PACKINGS[data[0] % len(_PACKINGS)] if data else _plain, data[1:]
    packed = pack(log)
    found = _opened(packed)
    _numbered(found, packed)
    with patch.object(diagnoser.text, "CHUNK", _CHUNK):
        pieced = _opened(packed)
    assert bytes(pieced.data[:]) == bytes(found.data[:]) and _columns(pieced) == _columns(found)
    if pack in _SAME:
        plain = searchable(log)
        assert bytes(found.data[:]) == bytes(plain.data[:])
        assert _columns(found) == _columns(plain)


def steps(data: bytes) -> None:
    log = _read(data)
    spans = [(s.start, s.end) for s in log.segments]
    assert spans[0][0] == 0 and all(one[1] == two[0] for one, two in pairwise(spans))
    assert [s.number for s in log.steps] == list(range(len(log.steps)))
    for segment in log.segments:
        assert segment.step is None or segment.step < len(log.steps)
        assert all(line.start <= line.end for line in lines_of(log, segment))
    for step in log.steps:
        assert segment_at(log, step.start).start <= step.start <= len(log.text.data)


def clues(data: bytes) -> None:
    """Hyperscan finds what the standard library finds."""
    log, catalogue = searchable(data), _catalogue()
    spans = [(0, len(log.data))]
    one, two = search_landmarks(log), hyper.scan_landmarks(log)
    assert {line_start(log, o) for o in one} == {line_start(log, o) for o in two}
    found = search_clues(log, catalogue.literals, catalogue.grams, spans)
    assert dict(found) == (dict(hyper.scan_clues(log, catalogue.literals, spans)) if log.data else {})


@cache
def _catalogue() -> Catalogue:
    return load_catalogue()


def _read(data: bytes) -> Log:
    log = searchable(data)
    return read(log, find_landmarks(log))


def _opened(packed: bytes) -> Text:
    magic = packed[:4]
    return unpacked(io.BytesIO(packed), magic, "-", _SPOOL) if magic.startswith(_GZIP) else searchable(packed)


def _columns(found: Text) -> list[list[list[int]]]:
    return [[list(column) for column in lines] for lines in found.maps]


def _numbered(found: Text, raw: bytes) -> None:
    """Each line has a number of the raw log, and none comes before that of the line above it."""
    if raw.startswith(_GZIP):
        raw = gzip.decompress(raw)
    starts = [start for start, _ in islice(line_offsets(found, 0, len(found.data)), 200)]
    numbers = list(raw_lines(found, starts).values())
    last = raw.count(b"\n") + 1
    assert numbers == sorted(numbers) and all(1 <= number <= last for number in numbers), (numbers, last)


_GZIP = b"\x1f\x8b"


def _plain(log: bytes) -> bytes:
    return log


def _gzip(log: bytes) -> bytes:
    return gzip.compress(log, 1, mtime=0)


def _encoded(encoding: str) -> Callable[[bytes], bytes]:
    return lambda log: log.decode("utf-8", "replace").encode(encoding)


def _gojson(log: bytes) -> bytes:
    lines = log.decode("utf-8", "replace").splitlines(keepends=True)
    events = [{"Action": "output", "Package": "app", "Output": line} for line in lines]
    return "\n".join(json.dumps(e, separators=(",", ":")) for e in events).encode()


def _rawjson(log: bytes) -> bytes:
    """Each line in a record, cut where it is least expected."""
    pieces = [log[at : at + 61] for at in range(0, len(log), 61)]
    records = [{"vertexes": [{"digest": "d", "name": "[1/2] RUN x", "started": "2026-01-01T00:00:00Z"}]}]
    records += [{"logs": [{"vertex": f"d{n % 3}", "data": b64encode(p).decode()}]} for n, p in enumerate(pieces)]
    records += [{"vertexes": [{"digest": "d", "completed": "2026-01-01T00:00:02Z", "error": "boom"}]}]
    return "\n".join(json.dumps(r, separators=(",", ":")) for r in records).encode()


_SAME = (_gzip,)
_PACKINGS = (_plain, _gzip, *map(_encoded, ("utf-8-sig", "utf-16", "utf-32")), _gojson, _rawjson)
