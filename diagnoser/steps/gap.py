"""A log with more landmarks than any build prints is read at both ends; what lies between is told as not looked at."""

from __future__ import annotations

from collections.abc import Sequence

from diagnoser.scan import Landmarks
from diagnoser.text import Text, line_end, line_start
from diagnoser.text.rewrite import without


def without_gap(text: Text, landmarks: Landmarks) -> tuple[Text, Sequence[int]]:
    """The text without the lines between the two landmarks around the gap, and where all landmarks are in it."""
    if not landmarks.gap:
        return text, landmarks.offsets
    start, end = line_end(text, landmarks.gap[0]) + 1, line_start(text, landmarks.gap[1])
    shift = max(0, end - start)
    return without(text, start, end), [at - (shift if at >= end else 0) for at in landmarks.offsets]
