"""`diagnoser check`: the gate, over a folder of signatures and the recordings beside it."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from diagnoser.gate import Flaw

CLEAN, MISSING = 0, 1


def check(
    folder: Annotated[
        Path,
        typer.Argument(metavar="DIR", help="A folder of AREA/SLUG.toml; its recordings lie in DIR/../sample_logs."),
    ],
    also_right: Annotated[
        Path | None,
        typer.Option(
            "--also-right",
            metavar="FILE",
            help='TOML: recordings whose text has a second right cause: "a/b/c.log" = ["d/e"].',
        ),
    ] = None,
) -> None:
    """Tell what is missing in your own signatures: file, key, what to do.

    Exit codes: 0 nothing is missing, 1 something is, 2 wrong use.
    """
    from diagnoser.gate import check as flaws_of
    from diagnoser.text.source import UnreadableError

    if not folder.is_dir():
        raise UnreadableError(f"{folder}: no such folder; name a folder that holds AREA/SLUG.toml files")
    if not any(folder.rglob("*.toml")):
        raise UnreadableError(
            f"{folder}: holds no signature; make one with: diagnoser new AREA/SLUG LOG --signatures {folder}"
        )
    count = 0
    for flaw in flaws_of(folder, _second_causes(also_right) if also_right else {}):
        count += 1
        typer.echo(_told(flaw, folder))
    typer.echo(f"{count or 'nothing'} to mend in {folder}", err=True)
    raise typer.Exit(MISSING if count else CLEAN)


def _second_causes(path: Path) -> Mapping[str, list[str]]:
    import tomllib

    from diagnoser.text.source import UnreadableError

    try:
        values = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise UnreadableError(f"{path}: cannot be read: {error}") from error
    for name, ids in values.items():
        if not isinstance(ids, list) or not all(isinstance(i, str) for i in ids):
            raise UnreadableError(f"{path}: {name}: must be a list of ids")
    return values


def _told(flaw: Flaw, folder: Path) -> str:
    """One line, and what can be pasted below it."""
    place = os.path.normpath(folder / flaw.file) + (f": {flaw.key}" if flaw.key else "")
    pasted = "".join(f"\n    {line}" for line in flaw.paste.splitlines())
    return f"{place}: {flaw.todo}{pasted}"
