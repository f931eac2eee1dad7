"""The logs that folders, patterns, archives and names stand for, in their order."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from glob import glob, has_magic
from pathlib import Path
from typing import NamedTuple


class Job(NamedTuple):
    """One log: a file, or a member of an archive. `flaw` is why there is none."""

    path: str
    member: str | None = None
    flaw: str | None = None

    @property
    def source(self) -> str:
        return self.path if self.member is None else f"{self.path}:{self.member}"


def find_jobs(inputs: Iterable[str]) -> Iterator[Job]:
    """Every log below folders (hidden files left out), that a pattern matches, or in a zip archive."""
    for name in inputs:
        if Path(name).is_dir():
            yield from _below(name)
        elif not Path(name).exists() and has_magic(name):
            yield from _matching(name)
        else:
            yield from _file(name)


def _below(folder: str) -> Iterator[Job]:
    for place, folders, files in os.walk(folder):
        folders[:] = sorted(f for f in folders if not f.startswith("."))
        for name in sorted(files):
            path = Path(place, name)
            if not name.startswith(".") and path.is_file():  # no socket, no pipe: they would block
                yield from _file(str(path))


def _matching(pattern: str) -> Iterator[Job]:
    found = sorted(path for path in glob(pattern, recursive=True) if Path(path).is_file())  # noqa: PTH207  (may be absolute)
    for path in found:
        yield from _file(path)
    if not found:
        yield Job(pattern, flaw=f"{pattern}: no file matches")


def _file(path: str) -> Iterator[Job]:
    if not path.lower().endswith(".zip"):
        yield Job(path)
        return
    from diagnoser.text.archive import members
    from diagnoser.text.source import UnreadableError

    try:
        for member in members(path):
            yield Job(path, member)
    except UnreadableError as error:
        yield Job(path, flaw=str(error))
