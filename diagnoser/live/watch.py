"""Who is silent: each step of a build that is running, and since when it has said nothing new.

No clock and no input here: lines come with the time (seconds, of any clock) at which they were read.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import NamedTuple

from diagnoser.live.events import Reader, Said, looks_unfinished, thinned

_TICKING = 2.0  # seconds for which a drawn step counts as running after its timer moved: frames come each 0.1 s
_REMEMBERED = 200  # texts of a step
_LONGEST = 1 << 12  # characters of a line without an end
_BREAKS = re.compile(r"[\r\n]+")
_NAMED = re.compile(
    r"go: (?:downloading|finding|extracting) (?P<module>\S+ v\S+)|(?:https?|ssh|git)://(?:[^\s/@\"']*@)?(?P<url>[\w.-]+)|"
    r"Cloning into '(?P<clone>[^']+)'|\[?(?:Connecting|Waiting) (?:to|for) (?P<host>[\w-]+(?:\.[\w-]+)+)|"
    r"(?P<image>(?:[\w-]+\.)+[\w-]+(?::\d+)?/[\w./-]+(?::[\w.-]+)?)"
)


class Silence(NamedTuple):
    """`seconds` without news of a step; `text` was its last, `named` the module or host that it named last."""

    step: str
    seconds: float
    text: str = ""
    named: str = ""


@dataclass(slots=True)
class _Activity:
    name: str
    since: float
    text: str = ""
    named: str = ""
    timer: str = ""
    ticked: float | None = None
    ended: bool = False
    told: bool = False
    known: dict[str, None] = field(default_factory=dict)


class Watch:
    """Follows the steps of a build by what they print."""

    def __init__(self, start: float) -> None:
        self._steps = {"": _Activity("", start)}
        self._readers: dict[int, Reader] = {}
        self._rest: dict[int, str] = {}

    def feed(self, now: float, stream: int, chunk: bytes) -> None:
        """Take what a stream printed; lines may come in pieces."""
        reader = self._readers.setdefault(stream, Reader())
        *lines, rest = _BREAKS.split(self._rest.get(stream, "") + chunk.decode("utf-8", "replace"))
        self._rest[stream] = rest[-_LONGEST:]
        if rest and not looks_unfinished(rest):  # a prompt, or dots
            lines.append(rest)
        for line in thinned(lines):
            said = reader.read(line)
            if said:
                self._note(now, said)

    def silences(self, now: float, after: float) -> list[Silence]:
        """Steps that run and have said nothing new for `after` seconds; each silence is told once."""
        found = [a for a in self._running(now) if now - a.since >= after and not a.told]
        for activity in found:
            activity.told = True
        return [_silence(activity, now) for activity in found]

    def longest(self, now: float) -> Silence | None:
        """The longest silence of a step that runs."""
        return max((_silence(a, now) for a in self._running(now)), key=lambda s: s.seconds, default=None)

    def _running(self, now: float) -> Iterator[_Activity]:
        running = [a for key, a in self._steps.items() if key and _runs(a, now)]
        yield from running or [self._steps[""]]

    def _note(self, now: float, said: Said) -> None:
        if said.starts and not said.step.startswith("#"):  # builders that run one step after the other
            for other in self._steps.values():
                other.ended = True
        activity = self._steps.get(said.step)
        if activity is None:
            activity = self._steps[said.step] = _Activity(said.name, now)
        activity.name = activity.name or said.name
        if said.timer and said.timer != activity.timer:
            activity.timer, activity.ticked = said.timer, now
        if said.ended or said.starts:
            activity.ended = said.ended
        if (said.text and _news(activity, said)) or said.starts:
            self._heard(activity, now, said)

    def _heard(self, activity: _Activity, now: float, said: Said) -> None:
        activity.since, activity.told, activity.text = now, False, said.text
        activity.named = _named(said.text) or activity.named
        whole = self._steps[""]
        whole.since, whole.told = now, False


def _runs(activity: _Activity, now: float) -> bool:
    return not activity.ended and (activity.ticked is None or now - activity.ticked <= _TICKING)


def _news(activity: _Activity, said: Said) -> bool:
    if not said.drawn:
        return True
    new = said.text not in activity.known
    for text in (said.text, said.text[:-1]):  # a timer that grows takes a column from the text
        activity.known.pop(text, None)
        activity.known[text] = None
    while len(activity.known) > _REMEMBERED:
        del activity.known[next(iter(activity.known))]
    return new


def _silence(activity: _Activity, now: float) -> Silence:
    return Silence(activity.name, now - activity.since, activity.text, activity.named or _named(activity.name))


def _named(text: str) -> str:
    match = _NAMED.search(text)
    return next(filter(None, match.groups()), "") if match else ""
