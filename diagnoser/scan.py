"""One pass over the buffer for everything that matters: the builders' landmarks and the signatures' clues."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple

from diagnoser.text import Text

# What builders print at the places that give a log its structure, from their sources (see docs/formats.md).
# Not anchored to the line's start: a CI may have put a stamp there. `steps` reads the whole line.
LANDMARKS: tuple[bytes, ...] = (
    rb"#\d+ [^0-9\s]",  # BuildKit plain: headers, states, status lines
    rb"=> (?:\[|ERROR |CACHED |CANCELED |=> |exporting |resolve )",  # BuildKit on a terminal
    rb" > [^\s\x1b]",  # BuildKit's epilogue: the failed step's last lines
    rb"\| >>> ",  # and the marked Dockerfile line
    rb"Step \d+/\d+ ?: ",  # legacy builder
    rb"STEP \d+(?:/\d+)?: ",  # buildah, podman
    rb"INFO\[\d+\] ",  # kaniko
    rb"failed to solve|executor failed running|did not complete successfully|returned a non-zero code",
    rb"(?:building|build error) at STEP|error building image|failed to build|Error response from daemon",
    rb"Successfully built |Successfully tagged |naming to |exporting to image|COMMIT ",
    rb"##\[error\]|exit status \d|exit code \d|Exited with code|ERROR: Job failed|Finished: (?:FAILURE|SUCCESS|ABORTED)",
)


class Hits(NamedTuple):
    """Byte offsets in the text, ascending: of the landmarks, and for each literal by its number."""

    landmarks: tuple[int, ...]
    clues: dict[int, tuple[int, ...]]


_LANDMARK = re.compile(b"|".join(b"(?:%s)" % landmark for landmark in LANDMARKS))
CAP = 64  # occurrences of one literal that are kept: the first and the last of them


def scan(text: Text, literals: Sequence[tuple[bytes, bool]]) -> Hits:
    """Find the landmarks and the `literals` (bytes, and whether case is ignored)."""
    data = bytes(text.data)
    lowered = data.lower() if any(caseless for _, caseless in literals) else b""
    clues = {}
    for number, (literal, caseless) in enumerate(literals):
        found = _find(lowered if caseless else data, literal.lower() if caseless else literal)
        if found:
            clues[number] = _capped(found)
    return Hits(tuple(m.start() for m in _LANDMARK.finditer(data)), clues)


def _find(data: bytes, literal: bytes) -> list[int]:
    found = []
    at = data.find(literal)
    while at >= 0:
        found.append(at)
        at = data.find(literal, at + len(literal))
    return found


def _capped(offsets: list[int]) -> tuple[int, ...]:
    return tuple(offsets if len(offsets) <= CAP else offsets[: CAP // 2] + offsets[-CAP // 2 :])
