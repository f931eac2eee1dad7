"""The report as a file, in the format that its name asks for."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import typer

from diagnoser import cache
from diagnoser.cli.formats import Format, rendered

if TYPE_CHECKING:
    from diagnoser.catalogue import Catalogue
    from diagnoser.diagnosis import Diagnosis
    from diagnoser.text import Text

_FORMATS = {
    ".md": Format.markdown,
    ".json": Format.json,
    ".html": Format.html,
    ".sarif": Format.sarif,
    ".xml": Format.junit,
    ".txt": Format.plain,
}


def report_file(name: str) -> Path:
    """Raises `typer.BadParameter` where no format goes by the name, before anything is run."""
    path = Path(name)
    if path.suffix.lower() not in _FORMATS:
        raise typer.BadParameter(f"{name!r} names no format; end it in {', '.join(_FORMATS)}")
    if not path.parent.is_dir():
        raise typer.BadParameter(f"{path.parent}: no such folder")
    return path


def write_report(diagnosis: Diagnosis, path: Path, text: Text, catalogue: Catalogue) -> None:
    """`text` is the log. Raises `OSError`."""
    report = rendered(diagnosis, _FORMATS[path.suffix.lower()], text, catalogue)
    cache.write_whole(path, (report if report.endswith("\n") else report + "\n").encode())
