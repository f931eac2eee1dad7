"""A log that was cut anywhere: no traceback, and never another cause told as proven."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from diagnoser.catalogue import Catalogue
from diagnoser.diagnosis import diagnose

from .conftest import ROOT

RECORDINGS = ROOT / "sample_logs"
POINTS = int(os.environ.get("CUT_POINTS", "16"))  # on each recording, of prefixes and of suffixes; 0 for every byte
COUNT = 120


def chosen() -> list[Path]:
    """Small recordings, spread over all areas and dialects."""
    small = [path for path in sorted(RECORDINGS.rglob("*.log")) if 200 < path.stat().st_size < 30_000]
    return small[:: max(1, len(small) // COUNT)][:COUNT]


def cuts(raw: bytes, points: int) -> list[bytes]:
    places = range(0, len(raw), max(1, len(raw) // points)) if points else range(len(raw))
    return [raw[:at] for at in places] + [raw[at:] for at in places]


@pytest.mark.parametrize("path", chosen(), ids=lambda p: p.relative_to(RECORDINGS).as_posix())
def test_a_cut_log_tells_no_other_cause_as_proven(path: Path, catalogue: Catalogue) -> None:
    raw = path.read_bytes()
    whole = diagnose(raw, catalogue=catalogue)
    right = {i for d in whole.diagnoses for i in (d.id, *d.consequences)}
    for piece in cuts(raw, POINTS):
        found = diagnose(piece, catalogue=catalogue)
        if found.diagnoses and found.diagnoses[0].confidence == "high":
            first = found.diagnoses[0]
            assert first.id in right, (len(raw), len(piece), raw.startswith(piece), first.id, first.evidence)


@pytest.mark.parametrize(
    ("log", "confidence"),
    [
        (
            'go: x.example/y@v1: Get "https://goproxy.example/y": dial tcp: lookup goproxy.example: no such host\n',
            "high",
        ),
        (
            'rifying go.mod: x.example/y@v1.0.0/go.mod: Get "https://sumdb.example/y": dial tcp: lookup sumdb.example: no such host\n',
            "medium",
        ),
        (
            'go: x.example/y@v1: Get "https://goproxy.example/y": dial tcp: lookup goproxy.example: no such host',
            "medium",
        ),
        (
            "go: github.com/a/b@v1.9.9: reading https://proxy.golang.org/github.com/a/b/@v/v1.9.9.info: 404 Not Found\n\tserver resp",
            "medium",
        ),
    ],
)
def test_where_a_message_may_be_cut_nothing_is_proven(log: str, confidence: str, catalogue: Catalogue) -> None:
    """The rest of it could tell another cause: of the checksum database, or of a version that does not exist."""
    assert diagnose(log, catalogue=catalogue).diagnoses[0].confidence == confidence
