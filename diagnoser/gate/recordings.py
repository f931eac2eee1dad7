"""Whether each recording is diagnosed as the folder that it lies in says, on the line that its signature names."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from pathlib import Path

from diagnoser.catalogue import Catalogue
from diagnoser.diagnosis import Diagnosis, Evidence, diagnose
from diagnoser.gate.flaw import Flaw, flaw
from diagnoser.gate.wording import reads_badly
from diagnoser.scan import find_landmarks
from diagnoser.signature import Recording, Signature
from diagnoser.steps import lines_of
from diagnoser.steps.reader import read
from diagnoser.text.rewrite import searchable

FOLDER = "sample_logs"
HEALTHY, UNCLEAR = "other/not-a-failure", "other/unclear"


def folder_of(signatures: Path) -> Path:
    """Recordings lie beside the folder of signatures: `sample_logs/AREA/SLUG/NAME.log`."""
    return signatures.resolve().parent / FOLDER


def printed(folder: Path) -> Iterator[str]:
    """What each step of each recording in a folder printed, as patterns see it."""
    for path in sorted(folder.glob("*.log")):
        text = searchable(path.read_bytes())
        log = read(text, find_landmarks(text))
        steps: dict[object, list[str]] = {}
        for segment in log.segments:
            steps.setdefault((segment.kind, segment.step), []).extend(line.text for line in lines_of(log, segment))
        yield from ("\n".join(lines) for lines in steps.values())


def line_flaws(signature: Signature, recording: Recording, folder: Path, catalogue: Catalogue) -> Iterator[Flaw]:
    """What is wrong with one `[[log]]`."""
    path = folder / signature.id / recording.file
    key = f'[[log]] "{recording.file}": '
    if not path.is_file():
        yield flaw(signature.id, key + "file", f"no such recording; it belongs at {FOLDER}/{signature.id}/")
        return
    places = _places(signature.id, diagnose(path.read_bytes(), catalogue=catalogue))
    if places and not any(e.line <= recording.line <= e.end_line for e in places):
        told = ", ".join(str(e.line) for e in places)
        yield flaw(
            signature.id, key + "line", f"the diagnosis rests on line {told}; correct it", f"line = {places[0].line}"
        )
    elif not places:
        yield flaw(
            signature.id,
            key + "file",
            "is not diagnosed as this; mend the pattern, or see what outranks it: diagnoser -f json LOG",
        )


def _places(identity: str, found: Diagnosis) -> Sequence[Evidence]:
    told = found.advice if identity.startswith("advice/") else found.diagnoses[:1]
    return [e for finding in told if finding.id == identity for e in finding.evidence]


def verdict_flaws(name: str, found: Diagnosis, also_right: Mapping[str, Collection[str]]) -> Iterator[Flaw]:
    """What is wrong with the diagnosis of `AREA/SLUG/NAME.log`. `also_right`: further ids that its text bears out."""
    file, expected = f"../{FOLDER}/{name}", name.rpartition("/")[0]
    first = found.diagnoses[0] if found.diagnoses else None
    said = f"{first.id} ({first.confidence}, line {first.evidence[0].line})" if first and first.evidence else "no cause"
    if not _right(expected, found, also_right.get(name, ())):
        yield Flaw(file, "verdict", f"{expected} is expected, but the diagnosis is {said}")
    elif first and any(reads_badly(text) for text in (first.cause, *(r.text for r in first.remedies))):
        yield Flaw(
            file,
            "verdict",
            f"the words of {first.id} read badly here; write them around the empty name with {{% if … %}}",
        )


def _right(expected: str, found: Diagnosis, others: Collection[str]) -> bool:
    return any(_is(identity, found) for identity in (expected, *others))


def _is(identity: str, found: Diagnosis) -> bool:
    first = found.diagnoses[0] if found.diagnoses else None
    if identity.startswith("advice/"):
        return identity in [advice.id for advice in found.advice]
    if identity == HEALTHY:
        return found.outcome != "failed" and first is None
    if identity == UNCLEAR:
        return first is None or first.confidence != "high"
    return first is not None and first.id == identity
