"""Both ways to scan find the same, and finding by chunk is finding at all."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from diagnoser import scan as scanning
from diagnoser.catalogue import Catalogue
from diagnoser.hyper import scan_chunks
from diagnoser.scan import chunks, grams, occurrences, search
from diagnoser.text import Text, line_start
from diagnoser.text.rewrite import searchable

from .conftest import ROOT

LITERALS = ((b"no such host", False), (b"\tgo get", False), (b"No Space", True), (b"ERROR", False))
WORDS = st.sampled_from([b"no such host", b"\tgo get", b"no SPACE", b"ERROR", b"#3 [a] ", b"Step 1/2 : X", b"x", b" ", b"\n", b"\n", b"\r\n"])
LOGS = st.lists(WORDS, max_size=60).map(b"".join)


@given(LOGS, st.integers(8, 64))
@settings(deadline=None)
def test_hyperscan_finds_what_a_search_finds(data: bytes, chunk: int) -> None:
    text = Text(data)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(scanning, "CHUNK", chunk)
        fast, plain = scan_chunks(text, LITERALS), search(text, LITERALS, grams(LITERALS))
    assert dict(fast.chunks) == dict(plain.chunks)
    assert {line_start(text, o) for o in fast.landmarks} == {line_start(text, o) for o in plain.landmarks}


@given(LOGS, st.integers(8, 64))
def test_chunks_cover_and_end_with_lines(data: bytes, chunk: int) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(scanning, "CHUNK", chunk)
        spans = list(chunks(data))
    assert not data or (spans[0][0] == 0 and spans[-1][1] == len(data))
    for (_, end), (start, _) in zip(spans, spans[1:], strict=False):
        assert start <= end and (start == end or b"\n" not in data[start - chunk : start])


@given(LOGS, st.integers(1, 8))
def test_occurrences_are_the_first_and_the_last(data: bytes, half: int) -> None:
    every = [i for i in range(len(data)) if data.startswith(b"ERROR", i)]
    found = occurrences(Text(data), (b"ERROR", False), [(0, len(data))], [(0, len(data))], 2 * half)
    assert found == (sorted({*every[:half], *every[-half:]}) if len(every) >= half else every)


@pytest.mark.parametrize("path", sorted((ROOT / "sample_logs").rglob("*.log"))[::37], ids=lambda p: p.name)
def test_both_engines_agree_on_recordings(path: object, catalogue: Catalogue) -> None:
    text = searchable(path.read_bytes())  # type: ignore[attr-defined]
    fast, plain = scan_chunks(text, catalogue.literals), search(text, catalogue.literals, catalogue.grams)
    assert {k: list(v) for k, v in fast.chunks.items()} == {k: list(v) for k, v in plain.chunks.items()}
    assert {line_start(text, o) for o in fast.landmarks} == {line_start(text, o) for o in plain.landmarks}
