"""Text without colour and without box characters."""

from __future__ import annotations

from diagnoser.diagnosis import Diagnosis
from diagnoser.render.layout import ASCII, Glyphs, rows


def render(diagnosis: Diagnosis, width: int = 80, glyphs: Glyphs = ASCII) -> str:
    return "\n".join("".join(text for text, _ in row).rstrip() for row in rows(diagnosis, width, glyphs))
