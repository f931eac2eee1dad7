"""The literals that are read off a pattern: every match must hold one, or the pattern is refused."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from diagnoser.literals import NoLiteralError, required_literals


@pytest.mark.parametrize(
    ("pattern", "words"),
    [
        (r"missing go\.sum entry", {"missing go.sum entry"}),
        (r"(?<a>\S+): (?:i/o timeout|EOF here)", {": i/o timeout", ": EOF here"}),
        (r"no such (?:host|file)", {"no such host", "no such file"}),
        (r"colou?r is wrong", {"color is wrong", "colour is wrong"}),
        (r"first line\n\tsecond, longer line", {"\tsecond, longer line"}),
        (r"(?:long enough text)+ x", {"long enough text"}),
        (r"(?<x>aaaa)|(?<x>bbbb)", {"aaaa", "bbbb"}),
    ],
)
def test_literals(pattern: str, words: set[str]) -> None:
    assert set(required_literals(pattern).words) == words


@pytest.mark.parametrize("pattern", [r"\d+", r"abc", r"(?:long text)?", r"long text|\d+", r"[a-z]{20}", r"a.b.c.d"])
def test_a_pattern_without_any_is_refused(pattern: str) -> None:
    with pytest.raises(NoLiteralError, match="fixed text"):
        required_literals(pattern)


def test_case_is_ignored_where_the_pattern_does() -> None:
    assert required_literals("(?i)No Space Left").caseless


PIECES = st.sampled_from(
    ["alpha", "beta ", r"\d+", r"\s?", "(?:gamma|delta)", "(?:eps)?", "(?:zeta){1,2}", "[xy]", r"[^\n]*?"]
)


@given(st.lists(PIECES, min_size=1, max_size=6), st.data())
def test_every_match_holds_a_literal(pieces: list[str], data: st.DataObject) -> None:
    pattern = "".join(pieces)
    try:
        words = required_literals(pattern).words
    except NoLiteralError:
        return
    text = data.draw(st.from_regex(pattern, fullmatch=True))
    found = re.search(pattern, text)
    assert found and any(word in found[0] for word in words)
