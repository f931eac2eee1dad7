"""The gate: what every signature and every recording must pass. `diagnoser check` and the tests both ask here."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from pathlib import Path

from diagnoser.catalogue import build, load_catalogue
from diagnoser.diagnosis import diagnose
from diagnoser.gate import recordings
from diagnoser.gate.firing import example_flaws, silent_flaws
from diagnoser.gate.flaw import Flaw
from diagnoser.gate.speed import speed_flaws
from diagnoser.gate.wording import wording_flaws
from diagnoser.signature import Signature, SignatureError
from diagnoser.signature_file import read

__all__ = ["Flaw", "check", "signature_flaws"]


def check(folder: Path, also_right: Mapping[str, Collection[str]] | None = None) -> Iterator[Flaw]:
    """All that is wrong with the signatures below `folder` and the recordings beside it.

    `also_right`: by recording (`AREA/SLUG/NAME.log`), further ids that its text bears out.
    """
    own: dict[str, Signature] = {}
    for path in sorted(folder.rglob("*.toml")):
        try:
            signature = read(path, folder)
            own[signature.id] = signature
        except SignatureError as error:
            yield Flaw(path.relative_to(folder).as_posix(), "", str(error).removeprefix(f"{path}: "))
    catalogue = build({**load_catalogue().signatures, **own})
    recorded = recordings.folder_of(folder)
    for signature in own.values():
        yield from signature_flaws(signature, catalogue.signatures.keys(), recorded)
        for recording in signature.recordings:
            yield from recordings.line_flaws(signature, recording, recorded, catalogue)
    for path in sorted(recorded.glob("*/*/*.log")):
        found = diagnose(path.read_bytes(), catalogue=catalogue)
        yield from recordings.verdict_flaws(path.relative_to(recorded).as_posix(), found, also_right or {})


def signature_flaws(signature: Signature, known: Collection[str], recorded: Path) -> Iterator[Flaw]:
    """What is wrong with one signature by itself. `known`: all ids; `recorded`: the folder of recordings."""
    yield from wording_flaws(signature, known)
    yield from example_flaws(signature)
    yield from silent_flaws(signature, recordings.printed(recorded / signature.id))
    yield from speed_flaws(signature)
