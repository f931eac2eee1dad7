"""The fuzz targets hold for their seeds and for every input that once went wrong; `make fuzz` tries many more."""

from __future__ import annotations

from itertools import islice
from pathlib import Path

import pytest

from .fuzz import CORPUS, TARGETS

FOUND = sorted(CORPUS.rglob("*.bin"))


@pytest.mark.parametrize("name", TARGETS)
def test_a_target_holds_for_its_seeds(name: str) -> None:
    for seed in islice(TARGETS[name].seeds(), 0, None, 10):
        TARGETS[name].run(seed)
        TARGETS[name].run(seed[: len(seed) // 2])


@pytest.mark.parametrize("path", FOUND, ids=lambda p: p.relative_to(CORPUS).as_posix())
def test_what_went_wrong_before_holds(path: Path) -> None:
    TARGETS[path.parent.name].run(path.read_bytes())


def test_targets_take_nothing_at_all() -> None:
    for target in TARGETS.values():
        target.run(b"")
