"""Keeping an endless stream in flat memory: in an unnamed temporary file, its middle dropped past a cap.

A full disk fails builds, and is then full for this file, too: from there on the stream's end is kept in memory.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterable
from contextlib import ExitStack
from io import BytesIO
from os import SEEK_END
from typing import IO

from diagnoser.text import LineMap, Spooled
from diagnoser.text.scratch import mapped

_IN_MEMORY = 1 << 22  # bytes of either end that are kept at least where the disk is full
_PIECE = 1 << 20


def spool(chunks: Iterable[bytes | memoryview], most: int) -> Spooled:
    """The stream, or both its ends.

    Of a stream longer than `most` bytes the first half of that is kept, and at least the last quarter.
    """
    with ExitStack() as opened:
        try:
            head, old, new = (opened.enter_context(_file()) for _ in range(3))
        except OSError:  # no folder takes a byte
            head, old, new, most = BytesIO(), _Full(), _Full(), 2 * _IN_MEMORY
        kept = _Spool(head, old, new, most)
        for chunk in chunks:
            kept.add(chunk)
        return kept.finish()


def _file() -> IO[bytes]:
    """Unbuffered: a write tells at once how much the disk took, and closing writes nothing."""
    return tempfile.TemporaryFile(buffering=0)


class _Full(BytesIO):
    def write(self, _: object) -> int:
        raise OSError


class _Spool:
    """Fills `head`, then lets two files take turns with the tail: when the newer is full, the older starts again."""

    def __init__(self, head: IO[bytes], old: IO[bytes], new: IO[bytes], most: int) -> None:
        self.head, self.old, self.new = head, old, new
        self.room, self.quarter = most // 2, max(1, most // 4)
        self.last: bytearray | None = None  # of the stream, once no file can be written
        self.dropped = self.dropped_lines = 0

    def add(self, chunk: bytes | memoryview) -> None:
        rest = memoryview(chunk)
        try:
            while rest and self.last is None:
                rest = rest[self._written(rest) :]
        except OSError:
            self.last = self._taken_back()
        if self.last is not None:
            self.last += rest
            self._trim(self.last)

    def _written(self, chunk: memoryview) -> int:
        """How much of it found its place in a file."""
        if self.room > 0:  # known without asking the file, which would cost each line of a pipe a call of the system
            written = self.head.write(chunk[: self.room])
            self.room -= written
            return written
        if self.new.tell() >= self.quarter:
            self._forget(self.old)
            self.old, self.new = self.new, self.old
        return self.new.write(chunk[: self.quarter - self.new.tell()])

    def _taken_back(self) -> bytearray:
        """The end of what was written, out of the newest files."""
        taken = bytearray()
        for file in (self.new, self.old, *(() if self.dropped else (self.head,))):
            size = _size(file)
            start = max(min(size, _IN_MEMORY) if file is self.head else 0, size - _IN_MEMORY + len(taken))
            file.seek(start)
            taken[:0] = file.read()
            file.truncate(start)
            if start:
                break
        return taken

    def _trim(self, last: bytearray) -> None:
        if len(last) > 2 * _IN_MEMORY:
            self.dropped += len(last) - _IN_MEMORY
            self.dropped_lines += last.count(b"\n", 0, len(last) - _IN_MEMORY)
            del last[:-_IN_MEMORY]

    def _forget(self, file: IO[bytes], start: int = 0) -> None:
        """Drop what the file holds from `start` on."""
        if (size := _size(file)) > start:
            self.dropped += size - start
            self.dropped_lines += _count_lines(file, start)
            file.truncate(start)
            file.seek(start)

    def finish(self) -> Spooled:
        if self.last is None:
            try:
                return self._in_file()
            except OSError:
                self.last = self._taken_back()
        return self._in_memory(self.last)

    def _in_file(self) -> Spooled:
        size, (gap, cut) = _size(self.head), self._gap()
        try:
            _append(self.head, cut)
            for part in (self.old, self.new):
                part.seek(0)
                while piece := part.read(_PIECE):
                    _append(self.head, piece)
        except OSError:
            self.head.truncate(size)
            raise
        return Spooled(mapped(self.head), self.dropped, gap)

    def _in_memory(self, last: bytearray) -> Spooled:
        for file, start in ((self.head, _IN_MEMORY), (self.old, 0), (self.new, 0)):
            self._forget(file, start)
        gap, cut = self._gap()
        self.head.seek(0)
        return Spooled(self.head.read() + cut + last, self.dropped, gap)

    def _gap(self) -> tuple[LineMap | None, bytes]:
        """The numbers of the lines behind what was dropped, and what stands in its place."""
        if not self.dropped:
            return None, b""
        line = _count_lines(self.head) + 2  # the gap ends the head's last line, and a line that says so follows
        return LineMap((1, line), (1, line - 1 + self.dropped_lines)), b"\n"


def _size(file: IO[bytes]) -> int:
    """In bytes; the file is written next where it ends."""
    return file.seek(0, SEEK_END)


def _append(file: IO[bytes], piece: bytes) -> None:
    while piece:
        piece = piece[file.write(piece) :]


def _count_lines(file: IO[bytes], start: int = 0) -> int:
    """Those that end between `start` and where the file ends, which is where it is written next."""
    file.seek(start)
    count = 0
    while piece := file.read(_PIECE):
        count += piece.count(b"\n")
    return count
