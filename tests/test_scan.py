"""Both ways to scan find the same, and finding by chunk is finding at all."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from diagnoser import scan as scanning
from diagnoser.catalogue import Catalogue
from diagnoser.scan import chunks, grams, occurrences, search_clues, search_landmarks
from diagnoser.scan.hyper import scan_clues, scan_landmarks
from diagnoser.text import Text, line_start
from diagnoser.text.rewrite import searchable

from .conftest import ROOT

LITERALS = ((b"no such host", False), (b"\tgo get", False), (b"No Space", True), (b"ERROR", False))
WORDS = st.sampled_from(
    [
        b"no such host",
        b"\tgo get",
        b"no SPACE",
        b"ERROR",
        b"#3 [a] ",
        b"#12 DONE 1.0s",
        b"#1234 x",
        b"##5 1.2 y",
        b"#5 #6 .",
        b"Step 1/2 : X",
        b"x",
        b" ",
        b"\n",
        b"\n",
        b"\r\n",
    ]
)
LOGS = st.lists(WORDS, max_size=60).map(b"".join)


@given(LOGS, st.integers(8, 64))
@settings(deadline=None)
def test_hyperscan_finds_what_a_search_finds(data: bytes, chunk: int) -> None:
    text, whole = Text(data), [(0, len(data))]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(scanning, "CHUNK", chunk)
        assert scan_clues(text, LITERALS, whole) == search_clues(text, LITERALS, grams(LITERALS), whole)
        assert lines(text, scan_landmarks(text)) == lines(text, search_landmarks(text))


def lines(text: Text, offsets: Iterable[int]) -> set[int]:
    return {line_start(text, offset) for offset in offsets}


@given(LOGS, st.integers(8, 64))
def test_chunks_cover_and_end_with_lines(data: bytes, chunk: int) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(scanning, "CHUNK", chunk)
        spans = list(chunks(data, [(0, len(data))]))
    assert not data or (spans[0][0] == 0 and spans[-1][1] == len(data))
    for (_, end), (start, _) in pairwise(spans):
        assert start <= end and (start == end or b"\n" not in data[start - chunk : start])


@given(LOGS, st.integers(1, 8), st.integers(8, 64))
def test_occurrences_are_the_first_and_the_last(data: bytes, half: int, chunk: int) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(scanning, "CHUNK", chunk)
        within = list(chunks(data, [(0, len(data))]))
    every = [i for i in range(len(data)) if data.startswith(b"ERROR", i)]
    found = occurrences(Text(data), (b"ERROR", False), within, 2 * half)
    assert set(found) <= set(every) and found == sorted(found)
    if b"\n" in data[:chunk] or len(data) <= chunk:  # else chunks of an endless line overlap, and a place counts twice
        assert found[:1] == every[:1] and found[-1:] == every[-1:]


@pytest.mark.parametrize("path", sorted((ROOT / "sample_logs").rglob("*.log"))[::37], ids=lambda p: p.name)
def test_both_engines_agree_on_recordings(path: Path, catalogue: Catalogue) -> None:
    text = searchable(path.read_bytes())
    whole = [(0, len(text.data))]
    assert scan_clues(text, catalogue.literals, whole) == search_clues(text, catalogue.literals, catalogue.grams, whole)
    assert lines(text, scan_landmarks(text)) == lines(text, search_landmarks(text))
