"""Opening logs: compressed, spooled, cut in the middle; and the raw line numbers that remain true."""

from __future__ import annotations

import gzip
import json
import sys
from base64 import b64encode
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from diagnoser.text import Text, line_end, raw_lines
from diagnoser.text.rewrite import searchable
from diagnoser.text.source import UnreadableError, open_log
from diagnoser.text.spool import spool

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


@given(st.lists(st.binary(max_size=40).map(lambda b: b.replace(b"\r", b"")), max_size=30), st.integers(16, 256))
def test_a_spool_keeps_both_ends_and_their_line_numbers(lines: list[bytes], most: int) -> None:
    raw = b"\n".join(lines)
    data, dropped, anchors = spool([raw[i : i + 7] for i in range(0, len(raw), 7)], most)
    kept = bytes(data[:])
    assert len(kept) - bool(dropped) + dropped == len(raw)
    head = raw[: most // 2] if dropped else raw
    assert kept.startswith(head)
    tail = kept[len(head) :].lstrip(b"\n") if dropped else b""
    assert raw.endswith(tail)
    if dropped and b"\n" in tail:
        text = Text(kept, anchors)
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


@given(st.binary(max_size=300))
def test_any_bytes_are_searchable(raw: bytes) -> None:
    text = searchable(raw)
    assert 0 <= line_end(text, 0) <= len(text.data)
