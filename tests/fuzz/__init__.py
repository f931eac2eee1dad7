"""What must hold for any bytes at all. Each target takes bytes and raises where something does not hold.

`tools/fuzz.py` feeds them for as long as is asked, `tests/test_fuzz.py` once with the seeds and with what went wrong before.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NamedTuple

from . import answers, patches, reading, rules, seeds

CORPUS = Path(__file__).parent / "corpus"  # inputs that once went wrong, by target


class Target(NamedTuple):
    """`seeds` are inputs to begin with."""

    run: Callable[[bytes], None]
    seeds: Callable[[], Iterator[bytes]]


TARGETS = {
    "text": Target(reading.text, seeds.packed),
    "steps": Target(reading.steps, seeds.recordings),
    "clues": Target(reading.clues, seeds.recordings),
    "formats": Target(answers.formats, seeds.planted),
    "signatures": Target(rules.signatures, seeds.signatures),
    "redaction": Target(rules.redaction, seeds.planted),
    "patches": Target(patches.patches, seeds.dockerfiles),
}
