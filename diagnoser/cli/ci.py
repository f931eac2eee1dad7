"""`diagnoser ci github LOG`: what the CI shows of a failed step: annotations, the job's summary, the step's outputs."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from diagnoser import cache
from diagnoser.cli.diagnose import CONFIG, SIGNATURES

if TYPE_CHECKING:
    from diagnoser.cli.response import Response
    from diagnoser.diagnosis import Diagnosis


class System(StrEnum):
    github = "github"


def ci(
    system: Annotated[System, typer.Argument(help="The CI that this runs in.")],
    log: Annotated[str, typer.Argument(metavar="[LOG]", help="The failed step's log; - is standard input.")] = "-",
    sarif: Annotated[
        Path | None, typer.Option("--sarif", metavar="FILE", help="Also write SARIF, for code scanning.")
    ] = None,
    html: Annotated[
        Path | None, typer.Option("--html", metavar="FILE", help="Also write the page, for an artifact.")
    ] = None,
    context: Annotated[Path, typer.Option("--context", metavar="DIR", help="The build's folder.")] = Path(),
    signatures: SIGNATURES = None,
    config: CONFIG = None,
) -> None:
    """Show the diagnosis where the CI shows such things. The exit code is 0 whatever the log says.

    Prints annotations, and appends the report to the file that GITHUB_STEP_SUMMARY names and the outputs `outcome`,
    `cause`, `title`, `confidence`, `transient` and `action` to the one that GITHUB_OUTPUT names.
    """
    from diagnoser.cli.diagnose import texts
    from diagnoser.cli.formats import Format, rendered, show
    from diagnoser.cli.settings import load
    from diagnoser.diagnosis import diagnose

    catalogue, settings = load(signatures, config)
    text = next(texts([log], echo=False, spool_max=1 << 32))
    diagnosis = diagnose(text, catalogue=catalogue, context=context)
    show(rendered(diagnosis, Format.github, text, catalogue))
    _append(os.environ.get("GITHUB_STEP_SUMMARY"), rendered(diagnosis, Format.markdown, text, catalogue))
    _append(os.environ.get("GITHUB_OUTPUT"), _assignments(outputs(diagnosis, settings.response)))
    for path, format in ((sarif, Format.sarif), (html, Format.html)):
        if path:
            _write(path, rendered(diagnosis, format, text, catalogue))


def outputs(diagnosis: Diagnosis, response: Response) -> dict[str, str]:
    """What later steps may ask about; `cause` and what describes it are empty where none was found."""
    from diagnoser.cli.response import action

    root = diagnosis.diagnoses[0] if diagnosis.diagnoses else None
    return {
        "outcome": diagnosis.outcome,
        "cause": root.id if root else "",
        "title": root.title if root else "",
        "confidence": root.confidence if root else "",
        "transient": str(bool(root and root.transient)).lower(),
        "action": (action(diagnosis, response) or "fail") if diagnosis.outcome == "failed" else "pass",
    }


def _assignments(values: dict[str, str]) -> str:
    """In the form for values of several lines; the mark that ends one cannot be foreseen by a log."""
    mark = f"end-{os.urandom(16).hex()}"
    return "".join(f"{name}<<{mark}\n{value}\n{mark}\n" for name, value in values.items())


def _append(name: str | None, text: str) -> None:
    """Other steps write to these files, too: what cannot be written whole is taken back."""
    if name:
        with _written(Path(name)):
            size = Path(name).stat().st_size if Path(name).exists() else 0
            try:
                with Path(name).open("a", encoding="utf-8", newline="\n") as file:
                    file.write(text)
            except OSError:
                os.truncate(name, size)
                raise


def _write(path: Path, text: str) -> None:
    with _written(path):
        cache.write_whole(path, text.encode())


@contextmanager
def _written(path: Path) -> Iterator[None]:
    from diagnoser.text.source import UnreadableError

    try:
        yield
    except OSError as error:
        raise UnreadableError(f"{path}: cannot be written: {error.strerror}") from error
