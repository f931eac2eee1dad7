"""`diagnoser batch`: folders, patterns and archives of logs, a line of JSON for each."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from typing import TYPE_CHECKING, Annotated

import typer

from diagnoser.cli.diagnose import CONFIG, SIGNATURES

if TYPE_CHECKING:
    from diagnoser.batch.summary import Summary
    from diagnoser.batch.worker import Result

FAILED, NOTHING = 1, 2


def batch(
    logs: Annotated[
        list[str], typer.Argument(metavar="DIR|PATTERN|ZIP|LOG…", help="Where the logs are; .gz and .zst are read too.")
    ],
    jobs: Annotated[
        int | None, typer.Option("--jobs", "-j", metavar="N", min=1, help="Processes; default: one a core.")
    ] = None,
    quiet: Annotated[bool, typer.Option("--quiet", "-q", help="No progress and no summary on standard error.")] = False,
    spool_max: Annotated[
        int, typer.Option("--spool-max", metavar="BYTES", min=1024, help="Most bytes to keep of a log that is packed.")
    ] = 1 << 28,
    signatures: SIGNATURES = None,
    config: CONFIG = None,
) -> None:
    """Diagnose many logs: one line of JSON for each, in their order, and a summary on standard error.

    Exit codes: 0 none failed, 1 some failed, 2 nothing could be read.
    """
    import gc

    from diagnoser.batch.inputs import find_jobs
    from diagnoser.batch.pool import results
    from diagnoser.batch.summary import Summary
    from diagnoser.batch.worker import Setup
    from diagnoser.cli.settings import load

    gc.enable()  # memory is to stay flat over thousands of logs
    _, settings = load(signatures, config)
    found = list(find_jobs(logs))
    summary = Summary()
    for result in _shown(
        results(found, jobs or _cores(), Setup(signatures or settings.signatures, spool_max)), len(found), quiet
    ):
        summary.count(result)
        sys.stdout.write(result.line + "\n")
    sys.stdout.flush()
    if not quiet:
        _tell(summary)
    raise typer.Exit(_code(summary))


def _cores() -> int:
    try:
        return len(os.sched_getaffinity(0))
    except AttributeError:  # not on macOS and Windows
        return os.cpu_count() or 1


def _shown(results: Iterator[Result], total: int, quiet: bool) -> Iterator[Result]:
    """The results, with a progress bar where a person looks on."""
    if quiet or not sys.stderr.isatty():
        yield from results
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True, redirect_stdout=False) as progress:
        yield from progress.track(results, total=total, description="logs")


def _tell(summary: Summary) -> None:
    typer.echo(summary.text(), err=True)
    if summary.cut:
        typer.echo(
            f"diagnoser: of {summary.cut} logs the middle was dropped (--spool-max); see dropped_bytes", err=True
        )


def _code(summary: Summary) -> int:
    if summary.outcomes.total() == summary.outcomes["unreadable"]:
        return NOTHING
    return FAILED if summary.outcomes["failed"] else 0
