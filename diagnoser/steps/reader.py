"""From landmarks to a `Log`: picks the dialect that the landmarks speak and lets it draw the steps."""

from __future__ import annotations

from collections.abc import Iterable
from types import ModuleType

from diagnoser.lines import Line, find_wrapper, read_line
from diagnoser.steps import Log, buildah, buildkit, kaniko, legacy, plain
from diagnoser.text import Text, forget

_KEPT = 1 << 24  # bytes of a mapped log that stay in memory while its landmarks are read
_DIALECTS = (buildkit, buildah, kaniko, legacy)


def read(text: Text, landmarks: Iterable[int]) -> Log:
    """Read the log's structure off its landmark lines."""
    wrapper = find_wrapper(text)
    lines: list[Line] = []
    end, kept = -1, 0
    for offset in landmarks:
        if offset >= end:
            lines.append(read_line(text, offset, wrapper))
            end = lines[-1].end
        if offset - kept > _KEPT:
            forget(text.data, kept, offset)
            kept = offset
    dialect: ModuleType = next((d for d in _DIALECTS if any(map(d.recognise, lines))), plain)
    log: Log = dialect.read(text, wrapper, lines)
    return log
