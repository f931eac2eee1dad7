"""Keeping an endless stream in flat memory: in an unnamed temporary file, its middle dropped past a cap."""

from __future__ import annotations

import mmap
import tempfile
from collections.abc import Iterable
from typing import IO

from diagnoser.text import Buffer

Anchors = tuple[tuple[int, int], ...]


def spool(chunks: Iterable[bytes], most: int) -> tuple[Buffer, int, Anchors]:
    """The stream's bytes, how many were dropped from its middle, and the line map over the gap.

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
        self.half, self.quarter = most // 2, max(1, most // 4)
        self.dropped = self.dropped_lines = 0

    def add(self, chunk: bytes) -> None:
        room = self.half - self.head.tell()
        if room > 0:
            self.head.write(chunk[:room])
            chunk = chunk[room:]
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

    def finish(self) -> tuple[Buffer, int, Anchors]:
        anchors: Anchors = ((1, 1),)
        if self.dropped:
            line = _count_lines(self.head) + 2  # the gap ends the head's last line, and a line that says so follows
            anchors = ((1, 1), (line, line - 1 + self.dropped_lines))
            self.head.write(b"\n")
        for part in (self.old, self.new):
            part.seek(0)
            while piece := part.read(1 << 20):
                self.head.write(piece)
        self.head.flush()
        return _map(self.head), self.dropped, anchors


def _count_lines(file: IO[bytes]) -> int:
    end = file.tell()
    file.seek(0)
    count = 0
    while piece := file.read(1 << 20):
        count += piece.count(b"\n")
    file.seek(end)
    return count


def _map(file: IO[bytes]) -> Buffer:
    try:
        return mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
    except ValueError:  # empty
        return b""
