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


def place(finding: Finding, step: FailingStep | None) -> Place | None:
    """The source line that the evidence names, or else the Dockerfile's line of the step."""
    for evidence in finding.evidence[:1]:
        match = _SOURCE_LINE.search(evidence.text)
        if match and ".." not in re.split(r"[/\\]", match[1]) and int(match[2]):
            return Place(match[1].replace("\\", "/"), int(match[2]), int(match[3] or 0) or None)
    return dockerfile(step)


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
