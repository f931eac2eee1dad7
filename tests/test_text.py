"""Opening logs: compressed, spooled, cut in the middle; and the raw line numbers that remain true."""

from __future__ import annotations

import gzip
import json
import mmap
import resource
import signal
import sys
from base64 import b64encode
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from unittest.mock import patch

import pytest
from hypothesis import given
from hypothesis import strategies as st

import diagnoser.text
from diagnoser import scan
from diagnoser.steps.reader import read
from diagnoser.text import Spooled, Text, line_end, raw_lines, rawjson, scratch
from diagnoser.text.rewrite import searchable
from diagnoser.text.source import UnreadableError, open_log
from diagnoser.text.spool import spool
from diagnoser.text.survey import survey

LOG = b"one\ntwo\nthree\n"


def test_a_file_is_mapped_as_it_is(tmp_path: Path) -> None:
    (tmp_path / "a.log").write_bytes(LOG)
    assert bytes(open_log(str(tmp_path / "a.log")).data[:]) == LOG


def test_gzip_and_zstandard_are_told_by_their_magic(tmp_path: Path) -> None:
    if sys.version_info >= (3, 14):
        from compression import zstd
    else:
        from backports import zstd
    (tmp_path / "a").write_bytes(gzip.compress(LOG))
    (tmp_path / "b").write_bytes(zstd.compress(LOG))
    assert bytes(open_log(str(tmp_path / "a")).data[:]) == LOG
    assert bytes(open_log(str(tmp_path / "b")).data[:]) == LOG


@pytest.mark.parametrize("cut", [10, 20, 30])
def test_a_cut_archive_is_told(tmp_path: Path, cut: int) -> None:
    (tmp_path / "a.gz").write_bytes(gzip.compress(LOG * 99)[:cut])
    with pytest.raises(UnreadableError, match=r"a\.gz: cannot be read"):
        open_log(str(tmp_path / "a.gz"))


def test_what_cannot_be_opened_is_told(tmp_path: Path) -> None:
    with pytest.raises(UnreadableError, match="is a folder"):
        open_log(str(tmp_path))
    with pytest.raises(UnreadableError, match="no such file"):
        open_log(str(tmp_path / "none"))


LINES = st.lists(st.binary(max_size=40).map(lambda b: b.replace(b"\r", b"")), max_size=30)


@given(LINES, st.integers(16, 256))
def test_a_spool_keeps_both_ends_and_their_line_numbers(lines: list[bytes], most: int) -> None:
    raw = b"\n".join(lines)
    _keeps_both_ends(raw, most // 2, spool(_pieces(raw), most))


@given(LINES, st.integers(16, 256), st.integers(0, 300), st.integers(1, 64))
def test_a_full_disk_takes_only_the_middle(lines: list[bytes], most: int, room: int, memory: int) -> None:
    raw = b"\n".join(lines)
    with disk_of(room), patch("diagnoser.text.spool._IN_MEMORY", memory):
        kept = spool(_pieces(raw), most)
    _keeps_both_ends(raw, min(most // 2, room, memory), kept)
    if len(raw) > room:
        assert raw.endswith(bytes(kept.data[-max(1, min(memory, most // 4, len(raw) // 3)) :]))


@contextmanager
def disk_of(room: int) -> Iterator[None]:
    """Files cannot grow beyond `room` bytes."""
    before, limits = signal.signal(signal.SIGXFSZ, signal.SIG_IGN), resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (room, limits[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)
        signal.signal(signal.SIGXFSZ, before)


def _pieces(raw: bytes) -> list[bytes]:
    return [raw[i : i + 7] for i in range(0, len(raw), 7)]


def _keeps_both_ends(raw: bytes, first: int, spooled: Spooled) -> None:
    data, dropped, gap = spooled
    kept = bytes(data[:])
    assert len(kept) - bool(dropped) + dropped == len(raw)
    assert kept.startswith(raw[:first] if dropped else raw)
    cuts = [n for n in range(first, len(kept)) if raw.startswith(kept[:n]) and raw.endswith(kept[n + 1 :])]
    assert cuts or not dropped
    if dropped and b"\n" in kept[cuts[0] + 1 :]:
        assert gap
        text = Text(kept, (gap,))
        last = kept.rfind(b"\n") + 1
        assert raw_lines(text, [last])[last] == raw.count(b"\n") + 1


@given(st.lists(st.text(alphabet="ab\u00e9 ", max_size=8), min_size=1, max_size=12), st.data())
def test_rawjson_becomes_plain_with_its_lines(lines: list[str], data: st.DataObject) -> None:
    whole = "".join(line + "\n" for line in lines).encode()
    cut = data.draw(st.integers(0, len(whole)))
    records = [{"vertexes": [{"digest": "d", "name": "[1/2] RUN x", "started": "2026-01-01T00:00:00Z"}]}]
    records += [
        {"logs": [{"vertex": "d", "data": b64encode(p).decode(), "timestamp": "2026-01-01T00:00:01.5Z"}]}
        for p in (whole[:cut], whole[cut:])
    ]
    records += [{"vertexes": [{"digest": "d", "completed": "2026-01-01T00:00:02Z", "error": "boom"}]}]
    text = searchable("\n".join(json.dumps(r, separators=(",", ":")) for r in records).encode())
    printed = bytes(text.data[:]).decode().split("\n")
    assert [p for p in printed if p.startswith("#1 1.500 ")] == [f"#1 1.500 {line}" for line in lines]
    assert printed[-1] == "#1 ERROR: boom"
    at = text.data.rfind(b"#1 ERROR")
    assert raw_lines(text, [at])[at] == 4


def test_go_json_becomes_what_it_carries() -> None:
    events = [
        {"ImportPath": "app", "Action": "build-output", "Output": "# app\n"},
        {"ImportPath": "app", "Action": "build-output", "Output": "./main.go:4:2: undefined: x\n"},
        {"ImportPath": "app", "Action": "build-fail"},
        {"Action": "output", "Package": "app", "Output": "FAIL\tapp [build "},
        {"Action": "output", "Package": "app", "Output": "failed]\n"},
    ]
    text = searchable("\n".join(json.dumps(e, separators=(",", ":")) for e in events).encode())
    assert bytes(text.data[:]) == b"# app\n./main.go:4:2: undefined: x\nFAIL\tapp [build failed]\n"
    offsets = [text.data.find(b"./main"), text.data.find(b"FAIL")]
    assert list(raw_lines(text, offsets).values()) == [2, 4]


@given(st.lists(st.sampled_from([b"\n", b"a", b"\r\n", b"\0", b"\x1b", b"\xff" * 9]), max_size=40).map(b"".join))
def test_a_survey_tells_what_every_byte_tells(data: bytes) -> None:
    seen = survey(data)
    assert (seen.nul, seen.escape) == (b"\0" in data, b"\x1b" in data)
    assert seen.newlines[-1] == data.count(b"\n")


@given(st.binary(max_size=300))
def test_any_bytes_are_searchable(raw: bytes) -> None:
    text = searchable(raw)
    assert 0 <= line_end(text, 0) <= len(text.data)


def _rawjson(lines: list[str]) -> bytes:
    records = [{"vertexes": [{"digest": "d", "name": "[1/2] RUN x", "started": "2026-01-01T00:00:00Z"}]}]
    records += [{"logs": [{"vertex": "d", "data": b64encode(f"{line}\n".encode()).decode()}]} for line in lines]
    return b"".join(json.dumps(r, separators=(",", ":")).encode() + b"\n" for r in records)


def _gojson(lines: list[str]) -> bytes:
    events = [{"Action": "output", "Package": "app", "Output": f"{line}\nand\n"} for line in lines]
    return b"".join(json.dumps(e, separators=(",", ":")).encode() + b"\n" for e in events)


LINES = [f"line {n} \x1b[1mof\x1b[0m many" for n in range(3000)]
PLAIN = "".join(f"{line}\n" for line in LINES)
FRAMES = PLAIN + "[+] Building 1s\n\x1b[1A[+] Building 2s\n"
FORMS = {
    "rawjson": _rawjson(LINES),
    "gojson": _gojson(LINES),
    "utf-16": PLAIN.encode("utf-16"),
    "utf-32": PLAIN.encode("utf-32"),
    "utf-8-sig": PLAIN.encode("utf-8-sig"),
    "nul": PLAIN.replace("many", "ma\0ny").encode(),
    "frames": FRAMES.encode(),
}


@pytest.mark.parametrize("form", FORMS)
def test_what_is_rewritten_through_files_is_the_same(form: str, monkeypatch: pytest.MonkeyPatch) -> None:
    whole = searchable(FORMS[form])
    monkeypatch.setattr(scratch, "_IN_MEMORY", 100)
    monkeypatch.setattr(scratch, "_COLUMN", 16)
    monkeypatch.setattr(diagnoser.text, "CHUNK", 61)
    text = searchable(FORMS[form])
    assert isinstance(text.data, mmap.mmap) and bytes(text.data[:]) == bytes(whole.data[:])
    assert b"line 2999 of many\n" in whole.data and b"\x1b" not in whole.data
    places = [whole.data.find(b"line %d " % n) for n in (0, 7, 1500, 2999)]
    assert raw_lines(text, places) == raw_lines(whole, places)
    header = {"rawjson": 1}.get(form, 0)
    assert list(raw_lines(text, places).values()) == [n + 1 + header for n in (0, 7, 1500, 2999)]


def test_line_numbers_lead_through_two_rewritings(tmp_path: Path) -> None:
    """Of a log that was cut in its middle and is JSON, the numbers are those of the file."""
    path = tmp_path / "a.gz"
    path.write_bytes(gzip.compress(FORMS["rawjson"]))
    text = open_log(str(path), 1 << 16)
    last = text.data.rfind(b"line 2999 ")
    assert text.dropped and raw_lines(text, [last])[last] == 3001


def test_a_compressed_rawjson_keeps_when_its_steps_began(tmp_path: Path) -> None:
    (tmp_path / "a.gz").write_bytes(gzip.compress(FORMS["rawjson"]))
    assert open_log(str(tmp_path / "a.gz")).starts == searchable(FORMS["rawjson"]).starts == ((1, 0.0),)


def test_of_an_endless_line_the_beginning_is_kept() -> None:
    raw = b"one\n" + b"x" * (3 << 20) + b"\nthree\n"
    text = searchable(raw)
    assert len(text.data) < 2 << 20 and text.dropped == len(raw) - len(text.data)
    at = text.data.find(b"three")
    assert raw_lines(text, [at])[at] == 3 and not searchable(raw.replace(b"xxxx", b"xxx\n")).dropped


def test_half_a_character_in_a_name_is_replaced() -> None:
    record = r'{"vertexes":[{"digest":"d","name":"[1/2] RUN \ud800","started":"2026-01-01T00:00:00Z"}]}'
    assert b"RUN ?" in searchable(record.encode()).data


def test_more_steps_than_a_build_has_are_left_out_and_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rawjson, "_VERTEXES", 2)
    steps = [
        {"vertexes": [{"digest": str(n), "name": f"[{n}/9] RUN x", "started": "2026-01-01T00:00:00Z"}]}
        for n in range(9)
    ]
    text = searchable("\n".join(json.dumps(s, separators=(",", ":")) for s in steps).encode())
    assert b"[1/9]" in text.data and b"[2/9]" not in text.data and text.dropped > 400


def test_of_too_many_landmarks_both_ends_are_read_and_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(scan, "_MOST", 8)
    steps = b"".join(b"#%d [a %d/99] RUN x\n#%d 0.1 out\n" % (n, n, n) for n in range(1, 2000))
    text = searchable(steps + b"#9999 [b 1/1] RUN y\n#9999 ERROR: exit code: 7\n")
    log = read(text, scan.find_landmarks(text))
    assert [s.vertex for s in log.steps] == [1, 2, 3, 4, 1998, 1999, 9999] and log.steps[-1].exit_code == 7
    assert log.text.dropped == len(text.data) - len(log.text.data) > 0
    last = log.text.data.rfind(b"#9999")
    assert raw_lines(log.text, [last])[last] == 4000
