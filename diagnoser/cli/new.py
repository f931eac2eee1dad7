"""`diagnoser new`: an unknown log becomes a draft of a signature, with its recording."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, NoReturn

import typer

from diagnoser import cache

if TYPE_CHECKING:
    from diagnoser.lines import Line
    from diagnoser.steps import Log

REFUSED = 1
_PACKED = (b"\x1f\x8b", b"\x28\xb5\x2f\xfd")  # gzip, Zstandard


def new(
    id: Annotated[
        str, typer.Argument(metavar="AREA/SLUG", help="What failed, never its symptom: team/licence-server-down.")
    ],
    log: Annotated[str, typer.Argument(metavar="LOG", help="The whole log, not packed; - is standard input.")],
    signatures: Annotated[
        Path, typer.Option("--signatures", metavar="DIR", help="Your signatures; recordings go to DIR/../sample_logs.")
    ] = Path("signatures"),
    line: Annotated[
        int | None, typer.Option("--line", metavar="N", min=1, help="The line of the log that tells the cause.")
    ] = None,
    force: Annotated[
        bool, typer.Option("--force", help="Also where the log is understood, or shows no failure.")
    ] = False,
    keep_secrets: Annotated[
        bool, typer.Option("--keep-secrets", help="Record the log although it seems to hold secrets.")
    ] = False,
) -> None:
    """Draft a signature for a log that is not understood yet, and keep the log as its recording.

    Exit codes: 0 drafted, 1 refused (the log is understood, or holds a secret), 2 wrong use.
    """
    from diagnoser.gate.recordings import folder_of
    from diagnoser.scan import find_landmarks
    from diagnoser.steps.reader import read
    from diagnoser.text import raw_lines
    from diagnoser.text.rewrite import searchable

    raw = _raw(log)
    file, recording = signatures / f"{id}.toml", folder_of(signatures) / id / _name(log)
    _check_place(id, file, recording)
    if not force:
        _refuse_understood(raw, signatures)
    text = searchable(raw, log)
    steps = read(text, find_landmarks(text))
    if not keep_secrets:
        _refuse_secrets(steps)
    telling = _line(steps, line)
    draft = _draft(telling.text, recording.name, raw_lines(text, [telling.start])[telling.start])
    _write(recording, raw)
    _write(file, draft.encode())
    typer.echo(f"{file}: fill in what is marked TODO\n{os.path.relpath(recording)}: the log")
    typer.echo(f"then: diagnoser check {signatures}")


def _raw(log: str) -> bytes:
    """The log as printed."""
    from diagnoser.text.source import UnreadableError

    try:
        raw = sys.stdin.buffer.read() if log == "-" else Path(log).read_bytes()
    except OSError as error:
        raise UnreadableError(
            f"{log}: cannot be read: {error.strerror}; give a log's path, or - for standard input"
        ) from error
    if raw.startswith(_PACKED):
        raise UnreadableError(f"{log}: is compressed; a recording is kept as printed: unpack it first")
    if not raw.strip():
        raise UnreadableError(f"{log}: holds no line")
    return raw


def _name(log: str) -> str:
    return "recorded.log" if log == "-" else Path(log).stem.lstrip(".") + ".log"


def _check_place(identity: str, file: Path, recording: Path) -> None:
    from diagnoser.signature_file import is_id

    if not is_id(identity):
        raise typer.BadParameter(f"{identity!r} is not AREA/SLUG in lower case, such as team/licence-server-down")
    for path in (file, recording):
        if path.exists():
            raise typer.BadParameter(f"{path} is there already and stays as it is; choose another name")


def _refuse_understood(raw: bytes, signatures: Path) -> None:
    from diagnoser.catalogue import load_catalogue
    from diagnoser.diagnosis import diagnose

    found = diagnose(raw, catalogue=load_catalogue(signatures if signatures.is_dir() else None))
    first = found.diagnoses[0] if found.diagnoses else None
    if first and first.confidence == "high":
        _refuse(f"line {first.evidence[0].line} is {first.id} already; add a [[pattern]] there if a wording is missing")
    if found.outcome == "succeeded":
        _refuse("the log shows no failure")


def _refuse(reason: str) -> NoReturn:
    typer.echo(f"diagnoser: {reason}, or draft a new one all the same with --force", err=True)
    raise typer.Exit(REFUSED)


def _refuse_secrets(log: Log) -> None:
    """A recording stays whole, and is shared: it must not hold what a report would hide."""
    from diagnoser.lines import read_lines
    from diagnoser.redact import redact
    from diagnoser.text import raw_lines

    lines = list(read_lines(log.text, 0, len(log.text.data), log.wrapper))
    shown = redact("\n".join(line.text for line in lines)).split("\n")
    starts = [line.start for line, redacted in zip(lines, shown, strict=False) if line.text != redacted]
    if starts:
        numbers = ", ".join(map(str, sorted(raw_lines(log.text, starts).values())))
        typer.echo(
            f"diagnoser: line {numbers} seems to hold a secret; a recording is kept whole: "
            "record a log without it, or keep it with --keep-secrets",
            err=True,
        )
        raise typer.Exit(REFUSED)


def _line(log: Log, number: int | None) -> Line:
    """The line that tells the cause: the one that is asked for, by its number in the raw log, or the likeliest."""
    from diagnoser.excerpt import telling_line
    from diagnoser.lines import read_lines
    from diagnoser.text import raw_lines

    if number is None:
        found = telling_line(log)
    else:
        lines = list(read_lines(log.text, 0, len(log.text.data), log.wrapper))
        numbers = raw_lines(log.text, [line.start for line in lines])
        found = next((line for line in lines if numbers[line.start] == number), None)
    if found is None:
        missing = f"the log has no line {number}" if number else "no line tells what happened"
        raise typer.BadParameter(f"{missing}; name one that does", param_hint="--line")
    return found


def _draft(line: str, file: str, number: int) -> str:
    from diagnoser.literals import NoLiteralError
    from diagnoser.skeleton import pattern_of, signature_toml

    try:
        return signature_toml(pattern_of(line), file, number)
    except NoLiteralError as error:
        raise typer.BadParameter(f"{line.strip()!r}: {error}, or name another line", param_hint="--line") from error


def _write(path: Path, data: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    cache.write_whole(path, data)
