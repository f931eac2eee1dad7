"""Each guard is seen to hold what it is for: what gets through without it does not get through with it."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple
from xml.etree import ElementTree

import jinja2
import pytest
from markdown_it import MarkdownIt

from diagnoser import diagnosis, remedy
from diagnoser.catalogue import Catalogue
from diagnoser.cli.formats import Format, rendered
from diagnoser.diagnosis import Diagnosis, diagnose
from diagnoser.fix import files
from diagnoser.render import codequality, github, html, junit, markdown, sarif
from diagnoser.render.places import Place
from diagnoser.text.rewrite import searchable

TOKEN = "ghp_" + "aB3dE6gH9jK2mN5pQ8sT1vW4yZ7bC0eF3hI6"
MISSING = "main.go:4:2: missing go.sum entry for module providing package {}; to add:\n"
NEVER = re.compile(r"(?!)()")


class Guard(NamedTuple):
    """`through` tells whether the hostile text had its way; `module.name` replaced by `gap` takes the guard away."""

    name: str
    module: Any
    attribute: str
    gap: Any
    through: Callable[[Catalogue], bool]


def shown(format: Format, capture: str, catalogue: Catalogue, cause: str | None = None) -> str:
    log = MISSING.format(capture).encode("utf-8", "surrogatepass")
    found = diagnose(log, catalogue=catalogue)
    assert found.diagnoses[0].id == "modules/missing-go-sum"
    if cause is not None:
        found = found._replace(diagnoses=(found.diagnoses[0]._replace(cause=cause),))
    return rendered(found, format, searchable(log), catalogue)


def active(text: str) -> set[str]:
    """What a Markdown reader acts on."""
    tokens = [inner for token in MarkdownIt("commonmark").parse(text) for inner in (token.children or [token])]
    return {token.type for token in tokens} & {"html_inline", "html_block", "link_open", "image"}


def bad_xml(catalogue: Catalogue) -> bool:
    found = diagnose(MISSING.format("x"), catalogue=catalogue)
    try:
        ElementTree.fromstring(junit.render(found._replace(source="a\uffff")))
    except (ElementTree.ParseError, ValueError):
        return True
    return False


def workflow_command(catalogue: Catalogue) -> bool:
    lines = shown(Format.github, "x", catalogue, "a\n::add-mask::x\n##[error]y").split("\n")
    return any(line.startswith(("::add-mask", "##[")) for line in lines)


def file_outside(_: Catalogue) -> bool:
    return files.inside(Path(__file__).parent, "../pyproject.toml") is not None


def evaluated(catalogue: Catalogue) -> bool:
    return "/49/" in shown(Format.plain, "x/{{7*7}}/y", catalogue)


def leaked(format: Format) -> Callable[[Catalogue], bool]:
    return lambda catalogue: TOKEN in shown(format, f"https://{TOKEN}@x.example/y", catalogue)


def twice(program: Any, values: Any) -> str:
    """Templates as they must not be: what a capture holds is a template, too."""
    return jinja2.Template(remedy.render(program, values)).render()


def unescaped(made: Callable[[], jinja2.Environment] = html._environment.__wrapped__) -> jinja2.Environment:
    environment = made()
    environment.autoescape = False
    return environment


LINK = "see [a](http://e.example) <img src=x> ![i](http://e.example/i)"
GUARDS = [
    Guard("terminal", diagnosis, "_CONTROL", NEVER, lambda c: "\x9b" in shown(Format.terminal, "x\x9b31m", c)),
    Guard("markdown", markdown, "_ACTIVE", NEVER, lambda c: bool(active(shown(Format.markdown, "x", c, LINK)))),
    Guard("fence", markdown, "_FENCE", NEVER, lambda c: "a" in active(markdown.fenced("```\n<a>")) | _tags("```\n<a>")),
    Guard("html", html, "_environment", unescaped, lambda c: "<img/src" in shown(Format.html, "x<img/src=x>", c)),
    Guard("html prose", html, "_PROSE", MarkdownIt("commonmark"), lambda c: "<img" in shown(Format.html, "x", c, LINK)),
    Guard("github message", github, "_data", str, workflow_command),
    Guard("github title", github, "_property", str, lambda c: "a,b" in github._command("error", "t", "", Place("a,b", 1))),
    Guard("sarif placeholder", sarif, "_PLACEHOLDER", NEVER, lambda c: " {0}" in shown(Format.sarif, "x", c, "a {0}")),
    Guard("sarif link", sarif, "_LINK", NEVER, lambda c: " [a](0)" in shown(Format.sarif, "x", c, "a [a](0)")),
    Guard("xml", junit, "_NOT_XML", NEVER, bad_xml),
    Guard("code quality", codequality, "prose", str, lambda c: " <img" in shown(Format.codequality, "x", c, LINK)),
    Guard("template", diagnosis, "render", twice, evaluated),
    Guard("path", files, "inside", lambda context, path: context / path, file_outside),
    Guard("shell", remedy, "_ACTS", NEVER, lambda c: remedy._harmless((("out", ("name", "p")),), {"p": "a;b"})),
    *(Guard(f"secret in {f}", diagnosis, "redact", str, leaked(f)) for f in Format if f is not Format.html),
    Guard("secret in the page's log", html, "pieces", None, leaked(Format.html)),
]  # fmt: skip


def _tags(text: str) -> set[str]:
    """`a` where text that was put into a fence ends it."""
    tokens = MarkdownIt("commonmark").parse(markdown.fenced(text))
    return set() if [token.type for token in tokens] == ["fence"] else {"a"}


@pytest.mark.parametrize("guard", GUARDS, ids=lambda g: g.name)
def test_it_holds(guard: Guard, catalogue: Catalogue) -> None:
    assert not guard.through(catalogue)


@pytest.mark.parametrize("guard", [g for g in GUARDS if g.gap is not None], ids=lambda g: g.name)
def test_without_it_the_test_fails(guard: Guard, catalogue: Catalogue, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(guard.module, guard.attribute, guard.gap)
    assert guard.through(catalogue)


def test_rich_reads_no_markup_into_a_log(catalogue: Catalogue, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FORCE_COLOR", "1")
    assert "x[bold]y[/]" in shown(Format.terminal, "x[bold]y[/]", catalogue)


def test_no_secret_is_in_what_later_steps_ask(catalogue: Catalogue) -> None:
    found: Diagnosis = diagnose(MISSING.format(f"https://{TOKEN}@x.example/y"), catalogue=catalogue)
    assert TOKEN not in repr(found)
