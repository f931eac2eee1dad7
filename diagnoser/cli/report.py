"""The report as a file, in the format that its name asks for."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import typer

from diagnoser.cli.diagnose import Format, rendered

if TYPE_CHECKING:
    from diagnoser.diagnosis import Diagnosis

# A format that this build of diagnoser does not have is not offered.
_NAMES = {".md": "markdown", ".json": "json", ".html": "html", ".sarif": "sarif", ".xml": "junit", ".txt": "plain"}
_FORMATS = {suffix: Format[name] for suffix, name in _NAMES.items() if name in Format.__members__}


def report_file(name: str) -> Path:
    """Raises `typer.BadParameter` where no format goes by the name, before anything is run."""
    path = Path(name)
    if path.suffix.lower() not in _FORMATS:
        raise typer.BadParameter(f"{name!r} names no format; end it in {', '.join(_FORMATS)}")
    if not path.parent.is_dir():
        raise typer.BadParameter(f"{path.parent}: no such folder")
    return path


def write_report(diagnosis: Diagnosis, path: Path) -> None:
    """Raises `OSError`."""
    report = rendered(diagnosis, _FORMATS[path.suffix.lower()])
    path.write_text(report if report.endswith("\n") else report + "\n", encoding="utf-8")
