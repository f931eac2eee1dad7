"""Keeping an endless stream in flat memory: in an unnamed temporary file, its middle dropped past a cap."""

from __future__ import annotations

import tempfile
from collections.abc import Iterable
from typing import IO

from diagnoser.text import LineMap, Spooled
from diagnoser.text.scratch import mapped


def spool(chunks: Iterable[bytes | memoryview], most: int) -> Spooled:
    """The stream, or both its ends.

    Of a stream longer than `most` bytes the first half of that is kept, and at least the last quarter.
    """
    with tempfile.TemporaryFile() as head, tempfile.TemporaryFile() as old, tempfile.TemporaryFile() as new:
        kept = _Spool(head, old, new, most)
        for chunk in chunks:
            kept.add(chunk)
        return kept.finish()


class _Spool:
    """Fills `head`, then lets two files take turns with the tail: when the newer is full, the older starts again."""

    def __init__(self, head: IO[bytes], old: IO[bytes], new: IO[bytes], most: int) -> None:
        self.head, self.old, self.new = head, old, new
        self.room, self.quarter = most // 2, max(1, most // 4)
        self.dropped = self.dropped_lines = 0

    def add(self, chunk: bytes | memoryview) -> None:
        if self.room > 0:  # known without asking the file, which would cost each line of a pipe a call of the system
            written = self.head.write(chunk[: self.room])
            self.room, chunk = self.room - written, chunk[written:]
        while chunk:
            if self.new.tell() >= self.quarter:
                self._turn()
            room = self.quarter - self.new.tell()
            self.new.write(chunk[:room])
            chunk = chunk[room:]

    def _turn(self) -> None:
        self._forget(self.old)
        self.old, self.new = self.new, self.old

    def _forget(self, file: IO[bytes]) -> None:
        self.dropped += file.tell()
        file.seek(0)
        while piece := file.read(1 << 20):
            self.dropped_lines += piece.count(b"\n")
        file.seek(0)
        file.truncate()

    def finish(self) -> Spooled:
        gap = None
        if self.dropped:
            line = _count_lines(self.head) + 2  # the gap ends the head's last line, and a line that says so follows
            gap = LineMap((1, line), (1, line - 1 + self.dropped_lines))
            self.head.write(b"\n")
        for part in (self.old, self.new):
            part.seek(0)
            while piece := part.read(1 << 20):
                self.head.write(piece)
        return Spooled(mapped(self.head), self.dropped, gap)


def _count_lines(file: IO[bytes]) -> int:
    end = file.tell()
    file.seek(0)
    count = 0
    while piece := file.read(1 << 20):
        count += piece.count(b"\n")
    file.seek(end)
    return count
