"""Inputs to begin with: what was recorded, in the forms that the targets take."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice
from pathlib import Path

ROOT = Path(__file__).parent.parent.parent
_LARGEST = 4096  # bytes: a short input is tried more often
_MOST = 250


def recordings() -> Iterator[bytes]:
    """Small recordings, spread over all areas and dialects; of a long one the last lines."""
    yield from _spread(ROOT / "sample_logs", "*.log")


def packed() -> Iterator[bytes]:
    """Recordings behind a byte that says how they come: compressed, in another encoding, as JSON."""
    yield from (bytes([number % 16]) + log for number, log in enumerate(recordings()))


def planted() -> Iterator[bytes]:
    """Recordings behind two bytes that say which secret stands where."""
    yield from (bytes([number % 256, number * 37 % 256]) + log for number, log in enumerate(recordings()))


def signatures() -> Iterator[bytes]:
    yield from _spread(ROOT / "signatures", "*.toml")


def dockerfiles() -> Iterator[bytes]:
    """Edit, line and layout of a Dockerfile, and its text."""
    from ..test_fix_properties import EDITS, FROMS, INSTRUCTIONS

    for number, instruction in enumerate(INSTRUCTIONS):
        for base in FROMS:
            text = f"ARG TAG=1\n{base}\n{instruction}\nRUN make\n"
            yield bytes([number % len(EDITS), 3, number % 4]) + text.encode() + b"\0" + instruction.encode()


def _spread(folder: Path, ending: str) -> Iterator[bytes]:
    paths = sorted(folder.rglob(ending))
    for path in islice(paths, 0, None, max(1, len(paths) // _MOST)):
        yield path.read_bytes()[-_LARGEST:]
