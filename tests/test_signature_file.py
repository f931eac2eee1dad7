"""A broken signature is told with its file, the key and what to do."""

from __future__ import annotations

from pathlib import Path

import pytest

from diagnoser.signature import SignatureError
from diagnoser.signature_file import load

GOOD = """
title = "A title"
cause = '''Because of {{ host }}.'''
[[pattern]]
regex = '''no route to (?<host>\\S+)'''
[[remedy]]
title = "Do this"
target = "host"
"""


def written(folder: Path, text: str, name: str = "area/slug.toml") -> Path:
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)
    return folder


def test_the_path_is_the_id(tmp_path: Path) -> None:
    assert list(load(written(tmp_path, GOOD))) == ["area/slug"]


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (("title = ", "titel = "), "title: missing"),
        (("[[remedy]]", "colour = 1\n[[remedy]]"), r"\[\[pattern\]\] 1: colour: unknown key"),
        (("no route to", "x+"), "fixed text of"),
        (("(?<host>", "(?<host"), "regex: not a regex"),
        (('target = "host"', 'target = "moon"'), "target: must be one of dockerfile"),
        (("{{ host }}", "{{ host }"), "cause: line 1"),
        (("{{ host }}", "{% for x in host %}{% endfor %}"), "For is not allowed"),
        (("'''no route", "'''\\Kno route"), "regex: keep to the syntax"),
        (('target = "host"', 'target = "host"\nedit = { burn = "x" }'), "unknown edit 'burn'"),
        (('target = "host"', "target = 3"), "target: must be a text, got 3"),
        (("title", "= title"), "not TOML"),
        (("[[pattern]]", "[pattern]"), r"pattern: must be written as \[\[pattern\]\]"),
    ],
)
def test_what_is_wrong_is_told(tmp_path: Path, change: tuple[str, str], told: str) -> None:
    folder = written(tmp_path, GOOD.replace(*change, 1))
    with pytest.raises(SignatureError, match=told) as error:
        load(folder)
    assert "slug.toml" in str(error.value)


def test_a_file_without_a_pattern_is_refused(tmp_path: Path) -> None:
    with pytest.raises(SignatureError, match="add \\[\\[pattern\\]\\]"):
        load(written(tmp_path, 'title = "t"\ncause = "c"\n'))


@pytest.mark.parametrize("name", ["slug.toml", "Area/slug.toml", "area/sub/slug.toml", "area/Slug.toml"])
def test_the_path_must_be_an_id(tmp_path: Path, name: str) -> None:
    with pytest.raises(SignatureError, match="AREA/SLUG"):
        load(written(tmp_path, GOOD, name))


def test_a_missing_folder_is_told(tmp_path: Path) -> None:
    with pytest.raises(SignatureError, match="no such folder"):
        load(tmp_path / "none")


def test_bytes_that_are_not_text_are_told(tmp_path: Path) -> None:
    written(tmp_path, GOOD)
    (tmp_path / "area" / "slug.toml").write_bytes(b"\xff\xfe\x00")
    with pytest.raises(SignatureError, match="UTF-8"):
        load(tmp_path)
