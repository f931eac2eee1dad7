"""What a log says stays text: in every format, and in every edit."""

from __future__ import annotations

import json
import re
import shlex
from html.parser import HTMLParser
from pathlib import Path
from xml.etree import ElementTree

import pytest

from diagnoser import template
from diagnoser.catalogue import Catalogue
from diagnoser.cli.formats import Format, rendered
from diagnoser.diagnosis import Diagnosis, diagnose
from diagnoser.remedy import _ACTS, _edit
from diagnoser.signature import capture_names
from diagnoser.text.rewrite import searchable

NASTY = "x`]<img/src=x>&lt;]]>**b**[a](http://e)\x1b[31m\x1b]0;t\x07\x01[bold]{{7*7}}{%if%}::error::%0A##[error]\u202e|$(id)"
LOG = f"main.go:4:2: missing go.sum entry for module providing package {NASTY}; to add:\n"
SHELL = "x; touch /tmp/owned; $(id) `id` \\\" ' & | > f\nRUN id"


@pytest.fixture(scope="module")
def nasty(catalogue: Catalogue) -> Diagnosis:
    found = diagnose(LOG, source="<img>&\"'", catalogue=catalogue)
    assert found.diagnoses[0].id == "modules/missing-go-sum"
    return found


@pytest.mark.parametrize("format", list(Format), ids=str)
def test_no_control_character_is_printed(format: Format, nasty: Diagnosis, catalogue: Catalogue) -> None:
    text = rendered(nasty, format, searchable(LOG.encode()), catalogue)
    assert not re.search(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u202e]", text), format


@pytest.mark.parametrize("format", [Format.json, Format.sarif, Format.codequality], ids=str)
def test_json_is_whole_and_holds_the_words_as_they_are(format: Format, nasty: Diagnosis, catalogue: Catalogue) -> None:
    text = rendered(nasty, format, searchable(LOG.encode()), catalogue)
    json.loads(text)
    assert "49" not in re.findall(r"\{\{7\*7\}\}|49", text)


def test_xml_is_whole(nasty: Diagnosis, catalogue: Catalogue) -> None:
    root = ElementTree.fromstring(rendered(nasty, Format.junit, searchable(LOG.encode()), catalogue))
    assert not list(root.iter("img"))


def test_html_shows_the_log_and_runs_nothing(nasty: Diagnosis, catalogue: Catalogue) -> None:
    tags: list[tuple[str, list[tuple[str, str | None]]]] = []
    parser = HTMLParser()
    parser.handle_starttag = lambda tag, attrs: tags.append((tag, attrs))  # type: ignore[method-assign]
    parser.feed(rendered(nasty, Format.html, searchable(LOG.encode()), catalogue))
    assert tags and "img" not in {tag for tag, _ in tags}
    assert not [a for _, attrs in tags for a, value in attrs if a.startswith("on") or "http://e" in (value or "")]


def test_no_capture_reaches_a_shell_unquoted(catalogue: Catalogue) -> None:
    """Every edit of the catalogue, all captures hostile: what is written has no operator that the template did not have."""
    for signature in catalogue.signatures.values():
        values = dict.fromkeys(capture_names(signature), SHELL)
        for remedy in signature.remedies:
            for value in _edit(remedy.edit, values).values():
                for part, text in value.items() if isinstance(value, dict) else [("", value)]:
                    bare = text.replace(shlex.quote(SHELL), "quoted")
                    assert part in ("match", "text", "name", "of") or "touch /tmp/owned" not in bare, (
                        signature.id,
                        text,
                    )


@pytest.mark.parametrize(
    "source", ["RUN f {{ p }}", "{% if p %}{{ p | default('y') }}{% endif %}", "{{ p | lower }}", "{{ p or q }}"]
)
def test_an_edit_with_an_acting_word_is_not_offered(source: str) -> None:
    edit = {"insert-before-step": template.compile_template(source)}
    assert _edit(edit, {"p": "plain-1.2"}) and _ACTS.search("a\nb")
    for word in ("a;b", "a\nRUN b", "$(b)", "`b`", "a|b", "a&b", "a>b", 'a"b', "a'b"):
        assert not _edit(edit, {"p": word})
        quoted = {"run": template.compile_template("f {{ p | shell }}")}
        assert shlex.split(str(_edit(quoted, {"p": word})["run"])) == ["f", word]


@pytest.mark.parametrize("path", ["../../etc/passwd", "/etc/passwd", "a/../../b"])
def test_a_patch_stays_in_the_context(path: str, tmp_path: Path, catalogue: Catalogue) -> None:
    context = tmp_path / "context"
    context.mkdir()
    (tmp_path / "b").write_text("secret\n")
    log = f"#5 [1/2] COPY {path} /x\n#5 ERROR: x\n------\n{path}:1\n--------------------\n   1 | >>> COPY {path} /x\n------\n"
    log += f'ERROR: failed to solve: failed to compute cache key: failed to calculate checksum of ref a::b: "/{path}": not found\n'
    for finding in diagnose(log, catalogue=catalogue, context=context).diagnoses:
        assert all(r.patch is None or ".." not in r.patch.split("@@")[0] for r in finding.remedies)
