"""Our own words beside the command's output: on lines of their own, above what it draws again and again."""

from __future__ import annotations

import os
import re

_FRAME = re.compile(rb"(?:\x1b\[[0-9;]*m)*\[\+\] \w+ ")
_PATIENCE = 1.0  # seconds to wait for the next frame; frames come each 0.1 s


class Screen:
    """Passes output on. `say` goes to standard error, on a terminal where the next frame begins, or soon."""

    def __init__(self) -> None:
        self.terminal = os.isatty(2)
        self.waiting: list[str] = []
        self.since = 0.0
        self.drawing = False
        self.at_start = True  # of a line

    def say(self, now: float, words: str) -> None:
        self.waiting.append(words)
        self.since = now
        if not (self.terminal and self.drawing):
            self.flush()

    def pass_on(self, fd: int, chunk: bytes) -> None:
        """Raises `BrokenPipeError` where the reader went away."""
        frame = _FRAME.search(chunk) if self.terminal else None
        if self.terminal:
            self.drawing = self.drawing or frame is not None
            self.at_start = chunk.endswith((b"\n", b"\r"))
        if frame and self.waiting:  # the cursor stands where the frame begins: what is put there stays above it
            write(fd, chunk[: frame.start()])
            self._speak(b"\x1b[K\r\n")
            chunk = chunk[frame.start() :]
        write(fd, chunk)

    def tick(self, now: float) -> None:
        """Say what no frame took."""
        if self.waiting and now - self.since >= _PATIENCE:
            self.drawing = False
            self.flush()

    def flush(self) -> None:
        if self.waiting and self.terminal and not self.at_start:
            write(2, b"\r\n")
        self._speak(b"\r\n" if self.terminal else b"\n")

    def _speak(self, end: bytes) -> None:
        for words in self.waiting:
            for line in f"diagnoser: {words}".splitlines():
                write(2, line.encode() + end)
        self.waiting.clear()


def write(fd: int, data: bytes) -> None:
    view = memoryview(data)
    while view:
        view = view[os.write(fd, view) :]
