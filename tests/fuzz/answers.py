"""Any log is diagnosed, and any diagnosis is a valid document in each format: nothing escapes, no secret leaks."""

from __future__ import annotations

import json
import re
from functools import cache
from html.parser import HTMLParser
from xml.etree import ElementTree

from jsonschema import Draft202012Validator
from markdown_it import MarkdownIt

from diagnoser.catalogue import Catalogue, load_catalogue
from diagnoser.cli.formats import Format, rendered
from diagnoser.diagnosis import Diagnosis, diagnose
from diagnoser.text.rewrite import searchable

from .rules import leaked, plant
from .seeds import ROOT

_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")
_COLOUR = re.compile(r"\x1b\[[\d;]*m")
_REPORT = Draft202012Validator(json.loads((ROOT / "docs" / "report.schema.json").read_text()))
_MARKDOWN = MarkdownIt("commonmark")
_ACTIVE_TAGS = {"script", "img", "iframe", "object", "embed", "form", "base", "link", "svg", "input", "button"}


def formats(data: bytes) -> None:
    """The first two bytes say which secret stands where in the log."""
    log, secret = plant(data)
    text = searchable(log)
    diagnosis = diagnose(text, catalogue=_catalogue())
    _numbered(diagnosis, log)
    for format in Format:
        report = rendered(diagnosis, format, text, _catalogue())
        report.encode()
        assert not _CONTROL.search(report), (format, _CONTROL.search(report))
        assert not leaked(report, secret), (format, secret, report)
        if format in _CHECKS:
            _CHECKS[format](report)
    _coloured(diagnosis)


@cache
def _catalogue() -> Catalogue:
    return load_catalogue()


def _numbered(diagnosis: Diagnosis, log: bytes) -> None:
    """Whatever is quoted stands on a line of the raw log."""
    last = log.count(b"\n") + 1
    quoted = [e for f in (*diagnosis.diagnoses, *diagnosis.advice) for e in f.evidence]
    for evidence in [*quoted, *([diagnosis.excerpt] if diagnosis.excerpt else [])]:
        assert 1 <= evidence.line <= evidence.end_line <= last, (evidence, last)


def _coloured(diagnosis: Diagnosis) -> None:
    from diagnoser.render import terminal

    report = terminal.render(diagnosis, 80, colour=True)
    assert not _CONTROL.search(_COLOUR.sub("", report))


def _json(report: str) -> None:
    _REPORT.validate(json.loads(report))


def _sarif(report: str) -> None:
    (run,) = json.loads(report)["runs"]
    rules = [rule["id"] for rule in run["tool"]["driver"]["rules"]]
    assert all(rules[result["ruleIndex"]] == result["ruleId"] for result in run["results"])


def _codequality(report: str) -> None:
    for issue in json.loads(report):
        path = issue["location"]["path"]
        assert issue["location"]["lines"]["begin"] > 0 and ".." not in path.split("/") and not path.startswith("/")


def _junit(report: str) -> None:
    assert {element.tag for element in ElementTree.fromstring(report).iter()} <= {
        "testsuites", "testsuite", "testcase", "failure", "skipped",
    }  # fmt: skip


def _github(report: str) -> None:
    for line in report.split("\n"):
        assert not line or re.match(r"::(?:error|notice) (?:(?:file|line|col|title)=[^:,]*,?)+::", line), line


def _markdown(report: str) -> None:
    tokens = [inner for token in _MARKDOWN.parse(report) for inner in (token, *(token.children or ()))]
    active = {"html_block", "html_inline", "link_open", "image"} & {token.type for token in tokens}
    assert not active, (active, report)


def _html(report: str) -> None:
    parser = _Page()
    parser.feed(report)
    assert parser.found and not parser.active


class _Page(HTMLParser):
    """Tells what a page would run or fetch."""

    def __init__(self) -> None:
        super().__init__()
        self.found = 0
        self.active: list[object] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found += 1
        acting = [(name, value) for name, value in attrs if name.startswith("on") or name == "src"]
        scripts = [value for name, value in attrs if name == "href" and not re.match("https?://|#", value or "")]
        self.active += [*acting, *scripts, *([tag] if tag in _ACTIVE_TAGS else [])]


_CHECKS = {
    Format.json: _json,
    Format.sarif: _sarif,
    Format.codequality: _codequality,
    Format.junit: _junit,
    Format.github: _github,
    Format.markdown: _markdown,
    Format.html: _html,
}
