"""The output formats: each is the module of `render` with its name, imported when it is asked for."""

from __future__ import annotations

import sys
from enum import StrEnum
from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from diagnoser.catalogue import Catalogue
    from diagnoser.diagnosis import Diagnosis
    from diagnoser.text import Text


class Format(StrEnum):
    terminal = "terminal"
    plain = "plain"
    json = "json"
    markdown = "markdown"
    html = "html"
    github = "github"
    sarif = "sarif"
    junit = "junit"
    codequality = "codequality"


ONE_DOCUMENT = (Format.html, Format.sarif, Format.junit, Format.codequality)  # of one log: two would not make a file


def rendered(diagnosis: Diagnosis, format: Format, text: Text, catalogue: Catalogue) -> str:
    """The diagnosis of `text` in a format. Raises `UnreadableError` where it needs a library that is not installed."""
    render = import_module(f"diagnoser.render.{format}").render
    match format:
        case Format.html:
            report = render(diagnosis, text)
        case Format.sarif:
            report = render(diagnosis, catalogue.signatures)
        case Format.terminal | Format.plain:
            report = _for_people(render, diagnosis, format)
        case _:
            report = render(diagnosis)
    return str(report)


def _for_people(render: Any, diagnosis: Diagnosis, format: Format) -> Any:
    from diagnoser.cli.screen import colour_wanted, columns

    return render(diagnosis, columns(), colour_wanted()) if format is Format.terminal else render(diagnosis, columns())


def show(report: str) -> None:
    """Print a report; it ends with a line's end, unless it is empty."""
    sys.stdout.write(report if report.endswith("\n") or not report else report + "\n")
    sys.stdout.flush()
