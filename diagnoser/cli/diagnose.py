"""`diagnoser [LOG]…`: the diagnosis of files, of a pipe, or of a paste."""

from __future__ import annotations

import os
import stat
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from diagnoser.cli.duration import seconds
from diagnoser.cli.formats import ONE_DOCUMENT, Format, rendered, show

if TYPE_CHECKING:
    from diagnoser.catalogue import Catalogue
    from diagnoser.diagnosis import Diagnosis
    from diagnoser.live.sentry import Sentry
    from diagnoser.text import Text


SIGNATURES = Annotated[
    Path | None, typer.Option("--signatures", metavar="DIR", help="Your own signatures, beside the built-in ones.")
]
CONFIG = Annotated[
    Path | None,
    typer.Option(
        "--config", envvar="DIAGNOSER_CONFIG", metavar="FILE", help="Settings (TOML); never looked for by itself."
    ),
]

SPOOL_MAX = Annotated[
    int,
    typer.Option(
        "--spool-max", metavar="BYTES", min=1024, help="Most bytes of a pipe to keep; past it the middle is dropped."
    ),
]
STALL_AFTER = Annotated[
    float | None,
    typer.Option(
        "--stall-after",
        metavar="TIME",
        parser=seconds,
        help="Say so when a step prints nothing new for so long: 120s, 2m.",
    ),
]
STALL_KILL = Annotated[
    float | None,
    typer.Option(
        "--stall-kill", metavar="TIME", parser=seconds, help="Give a build up whose step has been silent for so long."
    ),
]

_GIVEN_UP = (
    "silent for too long (--stall-kill); this is the diagnosis of what came until then. "
    "The build itself ends when it next prints; `diagnoser run` would end it at once"
)


def diagnose(
    logs: Annotated[
        list[str] | None, typer.Argument(metavar="[LOG]…", help="Log files; - or none: standard input.")
    ] = None,
    format: Annotated[Format, typer.Option("--format", "-f", help="How to print the diagnosis.")] = Format.terminal,
    quiet: Annotated[bool, typer.Option("--quiet", "-q", help="Do not pass a piped log through.")] = False,
    context: Annotated[
        Path | None,
        typer.Option("--context", metavar="DIR", help="The build's folder, for patches; default: this one."),
    ] = None,
    signatures: SIGNATURES = None,
    config: CONFIG = None,
    spool_max: SPOOL_MAX = 1 << 32,
    stall_after: STALL_AFTER = None,
    stall_kill: STALL_KILL = None,
) -> None:
    """Tell why a build failed, from its log.

    Exit codes: 0 no failure found, 1 a failure, 2 wrong use or an unreadable log; where the settings' [response] names the
    cause: 1 for "fail", 75 for "retry", 0 for "warn" and "pass".
    """
    from diagnoser.cli import response
    from diagnoser.cli.settings import load

    if format in ONE_DOCUMENT and len(logs or []) > 1:
        raise typer.BadParameter(f"{format} is one document; give it one log at a time", param_hint="--format")
    catalogue, settings = load(signatures, config)
    sentry = _sentry(stall_after, stall_kill)
    codes = set()
    echo = format is Format.terminal and not quiet
    for number, text in enumerate(texts(logs or ["-"], echo, spool_max, sentry)):
        diagnosis = _diagnosis(text, catalogue, context, sentry)
        codes.add(response.exit_code(diagnosis, settings.response))
        report = rendered(diagnosis, format, text, catalogue)
        if format in (Format.terminal, Format.plain):
            report = _heading(report, diagnosis.source, len(logs or []) > 1, number == 0, echo and not logs)
        show(report)
        if warning := response.warning(diagnosis, settings.response):
            typer.echo(f"diagnoser: {warning}", err=True)
    raise typer.Exit(response.FAIL if response.FAIL in codes else max(codes))


def _sentry(stall_after: float | None, stall_kill: float | None) -> Sentry | None:
    """The watch over a pipe, where it is asked for."""
    after = stall_after or stall_kill
    if not after:
        return None
    import time

    from diagnoser.live.sentry import Sentry

    return Sentry(time.monotonic(), after, stall_kill, lambda words: typer.echo(f"diagnoser: {words}", err=True))


def texts(logs: list[str], echo: bool, spool_max: int, sentry: Sentry | None = None) -> Iterator[Text]:
    """The logs, opened one by one; `-` is standard input, which is passed on to standard output with `echo`."""
    from diagnoser.text.source import open_log

    for log in logs:
        yield _standard_input(echo, spool_max, sentry) if log == "-" else open_log(log, spool_max)


def _standard_input(echo: bool, spool_max: int, sentry: Sentry | None) -> Text:
    from diagnoser.text.rewrite import searchable, spooled
    from diagnoser.text.source import open_stdin

    if sys.stdin is None or sys.stdin.closed:
        from diagnoser.text.source import UnreadableError

        raise UnreadableError("standard input is closed; give a log's path")
    if sys.stdin.isatty():
        from diagnoser.live.paste import read_paste

        return searchable(read_paste(), "-")
    if stat.S_ISREG(os.fstat(0).st_mode):
        return open_stdin(spool_max)
    from diagnoser.live.pipe import Interrupted, read_pipe
    from diagnoser.text.spool import spool

    interrupted = Interrupted()
    read = spool(read_pipe(echo, interrupted, sentry), spool_max)
    if sentry and sentry.lost:
        typer.echo(f"diagnoser: {_GIVEN_UP}", err=True)
    if interrupted.happened:
        typer.echo("diagnoser: interrupted; this is the diagnosis of what came until then", err=True)
    return spooled(read, "-")


def _diagnosis(text: Text, catalogue: Catalogue, context: Path | None, sentry: Sentry | None) -> Diagnosis:
    from diagnoser.cli.settings import context_of
    from diagnoser.diagnosis import diagnose as diagnose_text
    from diagnoser.stalls import Watched

    silence = sentry.silence if sentry and text.source == "-" else None
    watched = Watched(silence.step, silence.seconds) if silence else None
    return diagnose_text(text, catalogue=catalogue, context=context_of(context), watched=watched)


def _heading(report: str, source: str, several: bool, first: bool, after_log: bool) -> str:
    if several:
        return ("" if first else "\n") + f"==> {source} <==\n" + report
    return "\n" + report if after_log else report
