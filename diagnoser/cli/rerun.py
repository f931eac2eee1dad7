"""Whether a build that failed is run again: where its cause may pass by itself, and only so often."""

from __future__ import annotations

import contextlib
import os
import stat
import time
from collections.abc import Sequence
from typing import TYPE_CHECKING

import typer

from diagnoser.cli.response import Response, action

if TYPE_CHECKING:
    from diagnoser.diagnosis import Diagnosis

BY_SETTINGS = 2  # retries where the settings say "retry" and --retry says nothing


class Rerun:
    """Counts the attempts of one command, and says on standard error what it does and why."""

    def __init__(self, command: Sequence[str], retry: int | None, response: Response) -> None:
        self.retry, self.response = retry, response
        self.attempt = 1
        self.start = _place_in_input()
        self.spent = "-" in command and self.start is None and not os.isatty(0)

    def wanted(self, diagnosis: Diagnosis) -> bool:
        """Whether to run once more after this failure."""
        answer = action(diagnosis, self.response)
        most = BY_SETTINGS if self.retry is None and answer == "retry" else self.retry or 0
        if not most:
            return False
        root = diagnosis.diagnoses[0] if diagnosis.diagnoses else None
        if root is None:
            return self._no("the cause is not known")
        if answer not in ("retry", None):
            return self._no(f"the settings answer {root.id} with {answer!r}")
        if answer is None and not root.transient:
            return self._no(f"{root.id} does not pass by itself")
        if self.attempt > most:
            return self._no(f"{root.id} again, after {self.attempt} attempts")
        if self.spent:
            return self._no("the command has read its input from a pipe; give it a file")
        self.cause, self.most = root.id, most
        return True

    def wait(self, waits: Sequence[float]) -> None:
        """Announce the next attempt, and wait for its time."""
        pause = waits[min(self.attempt, len(waits)) - 1]
        self.attempt += 1
        _say(f"{self.cause} may pass by itself: attempt {self.attempt} of {self.most + 1} in {pause:g} s")
        time.sleep(pause)
        if self.start is not None:
            os.lseek(0, self.start, os.SEEK_SET)

    def passed(self) -> None:
        if self.attempt > 1:
            _say(f"passed at attempt {self.attempt}; before, {self.cause} failed it")

    def _no(self, why: str) -> bool:
        _say(f"not run again: {why}")
        return False


def _place_in_input() -> int | None:
    """Where the command begins to read, if its input is a file that it can read again."""
    with contextlib.suppress(OSError):
        if stat.S_ISREG(os.fstat(0).st_mode):
            return os.lseek(0, 0, os.SEEK_CUR)
    return None


def _say(words: str) -> None:
    typer.echo(f"diagnoser: {words}", err=True)
