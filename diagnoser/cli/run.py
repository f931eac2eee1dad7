"""`diagnoser run -- COMMAND…`: a build as it always was, and the diagnosis below it where it fails."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from diagnoser.cli.diagnose import CONFIG, SIGNATURES, SPOOL_MAX, STALL_KILL
from diagnoser.cli.duration import Durations, seconds, several
from diagnoser.cli.report import report_file

if TYPE_CHECKING:
    from diagnoser.catalogue import Catalogue
    from diagnoser.cli.settings import Settings
    from diagnoser.diagnosis import Diagnosis
    from diagnoser.live.limits import Limits
    from diagnoser.live.run import Run
    from diagnoser.text import Text

SETTINGS = {"allow_interspersed_args": False}  # the command's own options are not ours


def run(
    command: Annotated[
        list[str], typer.Argument(metavar="COMMAND…", help="The build: docker build ., make image, go build ./… .")
    ],
    no_pty: Annotated[
        bool, typer.Option("--no-pty", help="Give the command pipes, also where we stand on a terminal.")
    ] = False,
    retry: Annotated[
        int | None,
        typer.Option("--retry", metavar="N", min=0, help="Run again up to N times, where the cause is transient."),
    ] = None,
    retry_wait: Annotated[
        Durations,
        typer.Option(
            "--retry-wait",
            metavar="TIME,…",
            parser=several,
            help="How long to wait before each retry; the last goes on.",
        ),
    ] = "5s,15s,45s",  # type: ignore[assignment]
    stall_after: Annotated[
        float,
        typer.Option(
            "--stall-after",
            metavar="TIME",
            parser=seconds,
            help="Say so when a step prints nothing new for so long; 0: never.",
        ),
    ] = "120s",  # type: ignore[assignment]
    stall_kill: STALL_KILL = None,
    report: Annotated[
        Path | None,
        typer.Option(
            "--report", metavar="FILE", parser=report_file, help="Write the report: .md, .json, .html and others."
        ),
    ] = None,
    context: Annotated[
        Path | None,
        typer.Option("--context", metavar="DIR", help="The build's folder, for patches; default: this one."),
    ] = None,
    signatures: SIGNATURES = None,
    config: CONFIG = None,
    spool_max: SPOOL_MAX = 1 << 32,
    program: Annotated[list[str] | None, typer.Option("--program", hidden=True)] = None,
) -> None:
    """Run a build, and tell why it failed.

    The command keeps its terminal, its input, its signals. The diagnosis goes to standard error. Exit code: the
    command's own (128 + n where signal n ended it; 0 where the settings let the cause pass), 2 for wrong use.
    """
    import gc

    from diagnoser.cli.settings import context_of, load
    from diagnoser.live.limits import Limits

    gc.enable()  # this runs for as long as a build does
    catalogue, settings = load(signatures, config)
    session = _Session([*(program or []), *command], catalogue, settings, context_of(context))
    code = session.run(not no_pty, retry, retry_wait, Limits(stall_after or None, stall_kill, spool_max))
    if report:
        session.write(report)
    raise typer.Exit(code)


class _Session:
    """The runs of one command, until it passes or is not to be run again."""

    def __init__(self, command: list[str], catalogue: Catalogue, settings: Settings, context: Path | None) -> None:
        self.command, self.catalogue, self.settings, self.context = command, catalogue, settings, context
        self.diagnosis: Diagnosis | None = None
        self.log: Text | None = None  # of the last run

    def run(self, on_terminal: bool, retry: int | None, waits: Durations, limits: Limits) -> int:
        from diagnoser.cli.rerun import Rerun

        again = Rerun(self.command, retry, self.settings.response)
        while True:
            done = _start(self.command, on_terminal, limits)
            self.log, self.diagnosis = done.text, self._diagnose(done)
            if done.exit_code == 0:
                again.passed()
                return 0
            if done.signalled or not again.wanted(self.diagnosis):
                return self._failed(self.diagnosis, done.exit_code)
            again.wait(waits)

    def write(self, path: Path) -> None:
        from diagnoser.cli.report import write_report

        if not self.diagnosis or not self.log:
            return
        try:
            write_report(self.diagnosis, path, self.log, self.catalogue)
        except OSError as error:
            _say(f"{path}: cannot be written: {error.strerror}")

    def _diagnose(self, done: Run) -> Diagnosis:
        from diagnoser.diagnosis import diagnose
        from diagnoser.stalls import Watched

        watched = Watched(done.silence.step, done.silence.seconds) if done.silence else None
        found = diagnose(done.text, catalogue=self.catalogue, context=self.context, watched=watched)
        if done.exit_code == 0:
            return found._replace(outcome="succeeded", failing_step=None, diagnoses=(), excerpt=None)
        return found._replace(outcome="failed")

    def _failed(self, diagnosis: Diagnosis, code: int) -> int:
        from diagnoser.cli.response import action

        _print(diagnosis, code)
        answer = action(diagnosis, self.settings.response)
        if answer == "warn":
            _say(f"warning: the settings let {diagnosis.diagnoses[0].id} pass; the command's exit code was {code}")
        return 0 if answer in ("warn", "pass") else code


def _start(command: list[str], on_terminal: bool, limits: Limits) -> Run:
    try:
        from diagnoser.live.child import NotStartedError
        from diagnoser.live.run import run as run_command
    except ImportError:  # Windows has no pty
        _say("run needs a POSIX system; here: docker build . 2>&1 | diagnoser")
        raise typer.Exit(2) from None
    try:
        return run_command(command, on_terminal, limits)
    except NotStartedError as error:
        _say(str(error))
        raise typer.Exit(error.code) from None


def _print(diagnosis: Diagnosis, code: int) -> None:
    from diagnoser.cli.screen import colour_wanted, columns
    from diagnoser.render import terminal

    sys.stdout.flush()
    report = terminal.render(diagnosis, columns(), colour_wanted(sys.stderr))
    typer.echo("\n" + report.rstrip("\n"), err=True, color=True)


def _say(words: str) -> None:
    typer.echo(f"diagnoser: {words}", err=True)
