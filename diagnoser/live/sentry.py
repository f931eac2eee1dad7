"""The watch on duty: tells of silences as they happen, and says when one has lasted too long."""

from __future__ import annotations

from collections.abc import Callable
from typing import ClassVar

from diagnoser.live.watch import Silence, Watch


class Sentry:
    """`tell` gets the words. `lost` is set once a step has been silent for `kill` seconds.

    `silence` is the one that was going on when the stream ended or was ended, if it had been told.
    """

    TICK: ClassVar[float] = 0.5  # seconds between two looks

    def __init__(self, start: float, after: float, kill: float | None, tell: Callable[[str], None]) -> None:
        self.watch, self.after, self.kill, self.tell = Watch(start), after, kill, tell
        self.lost = False
        self.silence: Silence | None = None

    def hear(self, now: float, stream: int, chunk: bytes) -> None:
        self.look(now)
        if chunk and self.silence is None:
            self.watch.feed(now, stream, chunk)

    def look(self, now: float) -> None:
        """Tell of what is silent now."""
        if self.silence is not None:
            return
        for silence in self.watch.silences(now, self.after):
            from diagnoser.live.advice import tell

            self.tell(tell(silence, self.kill))
        longest = self.watch.longest(now)
        if self.kill and longest and longest.seconds >= self.kill:
            self.lost = True
            self.close(now)

    def close(self, now: float) -> None:
        """The build is being ended: what is printed from now on is no answer of the step."""
        longest = self.watch.longest(now)
        if self.silence is None and longest and longest.seconds >= min(self.after, self.kill or self.after):
            self.silence = longest
