"""What a log is rewritten into, in flat memory whatever its size: the large ones in unnamed temporary files."""

from __future__ import annotations

import mmap
from array import array
from collections.abc import Iterable, Sequence
from io import BytesIO
from typing import IO

from diagnoser.text import Buffer, LineMap

_IN_MEMORY = 1 << 24  # bytes of text
_COLUMN = 1 << 16  # numbers


class Scratch:
    """A text that grows."""

    def __init__(self) -> None:
        self._last = bytearray()
        self._file: IO[bytes] | None = None

    def write(self, piece: bytes) -> None:
        self._last += piece
        if len(self._last) > _IN_MEMORY:
            self._spill()

    def finish(self) -> Buffer:
        if self._file is None:
            return bytes(self._last)
        self._spill()
        with self._file as file:
            return mapped(file)

    def _spill(self) -> None:
        self._file = self._file or _file()
        self._file.write(self._last)
        self._last.clear()


class Numbering:
    """A line map that grows; what the line above tells already is not kept."""

    def __init__(self) -> None:
        self._new, self._old = _Column(), _Column()
        self._shift: int | None = None

    def note(self, new: int, old: int) -> None:
        """Line `new` of the text comes from line `old`."""
        if old - new != self._shift:
            self._shift = old - new
            self._new.append(new)
            self._old.append(old)

    def finish(self) -> LineMap:
        if self._shift is None:
            self.note(1, 1)
        return LineMap(self._new.finish(), self._old.finish())


class _Column:
    def __init__(self) -> None:
        self._last = array("q")
        self._file: IO[bytes] | None = None

    def append(self, number: int) -> None:
        self._last.append(number)
        if len(self._last) == _COLUMN:
            self._spill()

    def finish(self) -> Sequence[int]:
        if self._file is None:
            return self._last
        self._spill()
        with self._file as file:
            return memoryview(mapped(file)).cast("q")

    def _spill(self) -> None:
        self._file = self._file or _file()
        self._file.write(self._last.tobytes())
        del self._last[:]


def rewritten(pieces: Iterable[bytes]) -> Buffer:
    """The pieces as one buffer."""
    scratch = Scratch()
    for piece in pieces:
        scratch.write(piece)
    return scratch.finish()


def _file() -> IO[bytes]:
    import tempfile  # costs more than most logs

    return tempfile.TemporaryFile()


def mapped(file: IO[bytes]) -> Buffer:
    """All that was written to a file; it may be closed then."""
    if isinstance(file, BytesIO):
        return file.getvalue()
    file.flush()
    try:
        return mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
    except ValueError:  # empty
        return b""
