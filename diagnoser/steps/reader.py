"""From landmarks to a `Log`: picks the dialect that the landmarks speak and lets it draw the steps."""

from __future__ import annotations

from collections.abc import Sequence
from importlib import import_module
from types import ModuleType

from diagnoser.lines import Line, find_wrapper, read_line
from diagnoser.scan import Landmarks
from diagnoser.steps import Log
from diagnoser.steps.gap import without_gap
from diagnoser.text import Text, forget

_KEPT = 1 << 24  # bytes of a mapped log that stay in memory while its landmarks are read
_DIALECTS = ("buildkit", "buildah", "kaniko", "legacy")  # in the order in which they are tried


def read(text: Text, landmarks: Landmarks) -> Log:
    """Read the log's structure off its landmark lines; the `Log` is of the text without what lies in their gap."""
    text, offsets = without_gap(text, landmarks)
    wrapper = find_wrapper(text)
    lines: list[Line] = []
    end, kept = -1, 0
    for offset in offsets:
        if offset >= end:
            lines.append(read_line(text, offset, wrapper))
            end = lines[-1].end
        if offset - kept > _KEPT:
            forget(text.data, kept, offset)
            kept = offset
    log: Log = _dialect(lines).read(text, wrapper, lines)
    return log


def _dialect(lines: Sequence[Line]) -> ModuleType:
    """The first that knows one of the lines. A log speaks one, and the others need not be imported."""
    for name in _DIALECTS:
        dialect = import_module(f"diagnoser.steps.{name}")
        if any(map(dialect.recognise, lines)):
            return dialect
    return import_module("diagnoser.steps.plain")
