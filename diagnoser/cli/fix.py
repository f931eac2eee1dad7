"""`diagnoser fix`: the remedy as a patch, shown or written."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from diagnoser.cli.diagnose import CONFIG, SIGNATURES

if TYPE_CHECKING:
    from diagnoser.diagnosis import Diagnosis
    from diagnoser.fix import Patch

PATCHED, NO_PATCH = 0, 1


def fix(
    log: Annotated[str, typer.Argument(metavar="[LOG]", help="A log file; - is standard input.")] = "-",
    context: Annotated[
        Path, typer.Option("--context", metavar="DIR", help="The build's folder, with its Dockerfile.")
    ] = Path(),
    apply: Annotated[bool, typer.Option("--apply", help="Write the change instead of showing it.")] = False,
    check: Annotated[
        bool, typer.Option("--check", help="Write nothing; exit with 1 where a patch is at hand (for CI).")
    ] = False,
    allow_dirty: Annotated[
        bool, typer.Option("--allow-dirty", help="With --apply: also a file with uncommitted changes.")
    ] = False,
    signatures: SIGNATURES = None,
    config: CONFIG = None,
) -> None:
    """Show the likeliest remedy as a patch of the Dockerfile, or write it; name the command where that is likelier.

    Exit codes: 0 there is a patch (or, with --check, none is needed), 1 there is none (with --check: there is one), 2 wrong use.
    """
    from diagnoser.cli.diagnose import texts
    from diagnoser.cli.settings import catalogue_of
    from diagnoser.diagnosis import diagnose

    if not context.is_dir():
        _stop(f"{context}: no such folder; name the build's context with --context DIR")
    text = next(texts([log], echo=False, spool_max=1 << 32))
    diagnosis = diagnose(text, catalogue=catalogue_of(signatures, config), context=context)
    position, patch = _patch(diagnosis, context)
    commands = _commands(diagnosis, context, position)
    if patch is None:
        typer.echo(f"diagnoser: {_why_none(diagnosis, commands)}", err=True)
        raise typer.Exit(0 if check else NO_PATCH)
    if commands:
        typer.echo(f"diagnoser: likelier than the patch; run: {commands[0]}", err=True)
    if apply and not check:
        _write(patch, context, allow_dirty)
    else:
        sys.stdout.write(patch.diff)
    raise typer.Exit(1 if check else PATCHED)


def _patch(diagnosis: Diagnosis, context: Path) -> tuple[int | None, Patch | None]:
    """The patch of the first remedy that has one, and where that stands among them."""
    from diagnoser.fix import propose
    from diagnoser.remedy import place_of
    from diagnoser.steps import Step

    step = diagnosis.failing_step
    if not diagnosis.diagnoses or step is None:
        return None, None
    place = place_of(Step(0, state="failed", **step._asdict()), context)
    for position, remedy in enumerate(diagnosis.diagnoses[0].remedies if place else ()):
        assert place is not None
        if remedy.patch and (patch := propose(remedy.edit, place, context)):
            return position, patch
    return None, None


def _commands(diagnosis: Diagnosis, context: Path, end: int | None) -> list[str]:
    """The commands of the remedies before `end`, each for the folder where it belongs."""
    remedies = diagnosis.diagnoses[0].remedies[:end] if diagnosis.diagnoses else ()
    return [_in_its_folder(str(remedy.edit["run"]), context) for remedy in remedies if "run" in remedy.edit]


def _in_its_folder(command: str, context: Path) -> str:
    """A command of Go is for the folder of go.mod, which may lie below the context; all others for the context."""
    import shlex

    from diagnoser.fix import module_folder

    folder = context / module_folder(context) if command.startswith("go ") else context
    return command if folder == Path() else f"cd {shlex.quote(str(folder))} && {command}"


def _why_none(diagnosis: Diagnosis, commands: list[str]) -> str:
    if diagnosis.outcome != "failed":
        return "the log shows no failure"
    if not diagnosis.diagnoses:
        return "no known cause was found; see: diagnoser diagnose LOG"
    finding = diagnosis.diagnoses[0]
    if commands:
        return f"{finding.id} is not mended in the Dockerfile; run: {commands[0]}"
    return f"no patch for {finding.id} fits this Dockerfile; see: diagnoser explain {finding.id}"


def _write(patch: Patch, context: Path, allow_dirty: bool) -> None:
    from diagnoser.fix import StaleError, apply

    if not allow_dirty and _dirty(context / patch.path):
        _stop(f"{patch.path} has uncommitted changes; commit them, or add --allow-dirty")
    try:
        apply(patch, context)
    except (StaleError, OSError) as error:
        _stop(str(error))
    typer.echo(f"diagnoser: changed {patch.path}", err=True)


def _dirty(path: Path) -> bool:
    """Whether git tracks the file and would lose something; without git there is nothing to ask."""
    try:
        command = ["git", "status", "--porcelain", "--", path.name]
        status = subprocess.run(command, cwd=path.parent, capture_output=True, timeout=20, check=False)
    except (OSError, subprocess.TimeoutExpired):
        return False
    return status.returncode == 0 and status.stdout[:2].strip() not in (b"", b"??", b"!!")


def _stop(message: str) -> None:
    typer.echo(f"diagnoser: {message}", err=True)
    raise typer.Exit(2)
