"""Where in the sources a finding points, and by what it is known again in the next run."""

from __future__ import annotations

import hashlib
import re
from typing import NamedTuple

from diagnoser.diagnosis import FailingStep, Finding

# A file below the build's folder, as compilers print it: `./cmd/x/main.go:12:7:`, on Windows `.\cmd\x\main.go:12:7:`.
_SOURCE_LINE = re.compile(
    r"^(?:\.[/\\])?((?:[\w.-]+[/\\])*[\w.-]+\.(?:go|c|h|cc|cpp|s)):(\d{1,7})(?::(\d{1,7}))?:", re.MULTILINE
)
_VARYING = re.compile(r"\d+|\b[0-9a-f]{7,}\b")


class Place(NamedTuple):
    """`file` is relative, with slashes."""

    file: str
    line: int
    column: int | None = None


def sources(finding: Finding) -> list[Place]:
    """The lines of sources that the evidence names, in its order."""
    found = (_SOURCE_LINE.finditer(evidence.text) for evidence in finding.evidence)
    return list(dict.fromkeys(source for matches in found for m in matches if (source := _source(m))))


def _source(match: re.Match[str]) -> Place | None:
    if ".." in re.split(r"[/\\]", match[1]) or not int(match[2]):
        return None
    return Place(match[1].replace("\\", "/"), int(match[2]), int(match[3] or 0) or None)


def place(finding: Finding, step: FailingStep | None) -> Place | None:
    """The first of these, or else the Dockerfile's line of the step."""
    return next(iter(sources(finding)), None) or dockerfile(step)


def dockerfile(step: FailingStep | None) -> Place | None:
    """The Dockerfile's line, where the log names it."""
    if not step or not step.dockerfile or not step.line:
        return None
    return Place(step.dockerfile.replace("\\", "/").removeprefix("./"), step.line)


def fingerprint(finding: Finding, step: FailingStep | None) -> str:
    """The same for the same failure in another run: no line numbers, times, ports or hashes."""
    where = place(finding, step)
    proof = _VARYING.sub("", finding.evidence[0].text) if finding.evidence else ""
    parts = (finding.id, where.file if where else "", step.instruction or "" if step else "", proof)
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()[:40]
