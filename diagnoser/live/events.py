"""What a line that has just come says, and of which step: BuildKit (plain, terminal), the legacy builder, buildah."""

from __future__ import annotations

import re
from typing import NamedTuple

_ESCAPE = re.compile(r"\x1b(?:\[[0-?]*[ -/]*[@-~]|\][^\x07\x1b]*(?:\x07|\x1b\\)?|.)")
_NUMBERED = re.compile(r"#(\d{1,9}) (?:(\d+\.\d+)(?: |$))?(.*)")
_STATE = re.compile(r"(DONE|CACHED|CANCELED|ERROR)\b")
_TIMER = re.compile(r"\s+(\d+(?:\.\d+)?)s(?: done)?\s*$")
_DRAWN = re.compile(r" ?=> (?:(ERROR|CACHED|CANCELED) )?(=> )?(.*)")
_HEAD = re.compile(r"\[\+\] \w+ ")
_SPINNER = re.compile(r"[\u2800-\u28ff\u2714\u2718\u25cf]|^[-\\|/]$")
_CLASSIC = re.compile(r"(?:\[\d+/\d+\] )?(?:Step \d+(?:/\d+)? ?: |STEP \d+(?:/\d+)?: ).*")
_LAST_WORDS = re.compile(
    r"ERROR: |canceled$|Terminated|Killed$|\^C|.*(?:failed to solve|returned a non-zero code|context canceled)|"
    r"Error: building at STEP|subprocess exited"
)
_TIMED = re.compile(r"#(\d{1,9}) \d+\.\d+ ")
_BUILDERS = (" ", "=>", "\x1b", "[", "Step ", "STEP ", "ERROR", "Error", "The command")
_FLOOD = 50  # lines that come at once
_NAME = 60  # characters that tell a drawn step from others: a longer name is cut where its timer needs the room
_DRIVER = 0  # `#0 building with "default" instance` names the builder, and never ends


class Said(NamedTuple):
    """`step` is the same for all that one step says. `text` is empty where only a timer moved on, or the step ended.

    `drawn` lines are drawn again and again: only what was not there before is news.
    """

    step: str
    name: str = ""
    text: str = ""
    timer: str = ""
    ended: bool = False
    drawn: bool = False
    starts: bool = False


class Reader:
    """Reads lines in their order; what has no step of its own belongs to the step before it."""

    def __init__(self) -> None:
        self.current = ""

    def read(self, raw: str) -> Said | None:
        """What the line says, or None where it says nothing."""
        line = _ESCAPE.sub("", raw).rstrip()
        if not line.strip() or _HEAD.match(line) or (_SPINNER.search(line) and "=>" not in line):
            return None
        if line.startswith("#") and (numbered := _NUMBERED.match(line)):
            return self._numbered(numbered)
        if drawn := _DRAWN.match(line):
            return self._drawn(drawn)
        if _CLASSIC.match(line):
            self.current = line
            return Said(line, line, starts=True)
        own = "" if self.current.startswith(("#", "=>")) else self.current
        return Said(own, text=line, ended=bool(_LAST_WORDS.match(line)))

    def _numbered(self, match: re.Match[str]) -> Said | None:
        self.current, text = f"#{match[1]}", match[3]
        if int(match[1]) == _DRIVER:
            return None
        if match[2]:
            return Said(self.current, text=text)
        if _STATE.match(text):
            return Said(self.current, ended=True)
        if text.startswith("["):
            return Said(self.current, name=text, starts=True)
        return Said(self.current, text=_TIMER.sub("", text), drawn=True)

    def _drawn(self, match: re.Match[str]) -> Said:
        timer = _TIMER.search(match[3])
        text = match[3][: timer.start()] if timer else match[3]
        if match[2]:
            return Said(self.current, text=text.removeprefix("# "), drawn=True)
        self.current = f"=> {text[:_NAME]}"
        return Said(self.current, name=text, timer=timer[1] if timer else "", ended=bool(match[1]), drawn=True)


def thinned(lines: list[str]) -> list[str]:
    """Of many lines of one step's output in a row those that name something, and the last.

    A build that floods the screen is not held up by us.
    """
    if len(lines) <= _FLOOD:
        return lines
    kept: list[str] = []
    before = None
    for line in lines:
        step = _output_of(line)
        if step is not None and step == before and not _names(kept[-1]):
            kept[-1] = line
        else:
            kept.append(line)
        before = step
    return kept


def _names(line: str) -> bool:
    """Whether it may name a host or a module, which is told where nothing follows."""
    return "://" in line or "go: " in line


def _output_of(line: str) -> str | None:
    """The step whose output a line plainly is ("": of one that has no number); none where it may be a builder's."""
    if line.startswith("#"):
        timed = _TIMED.match(line)
        return timed[1] if timed else None
    return None if line.startswith(_BUILDERS) else ""


def looks_unfinished(raw: str) -> bool:
    """Whether the start of a line may become a builder's own line, which tells nothing before it is whole."""
    return bool(re.match(r"[\s\x1b]|=>|#\d|\[", raw))
