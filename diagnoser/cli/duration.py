"""Durations as people write them: `90`, `120s`, `10m`, `1h30m`, `500ms`."""

from __future__ import annotations

import re

import typer

_UNITS = {"ms": 0.001, "s": 1.0, "": 1.0, "m": 60.0, "min": 60.0, "h": 3600.0}
_PART = re.compile(r"(\d+(?:\.\d+)?)(ms|s|min|m|h|)")


def seconds(text: str | float) -> float:
    """Raises `typer.BadParameter`."""
    parts = list(_PART.finditer(str(text).replace(" ", "")))
    if not parts or "".join(p[0] for p in parts) != str(text).replace(" ", ""):
        raise typer.BadParameter(f"{text!r} is no duration; write it as 120s, 10m or 1h30m")
    return sum(float(p[1]) * _UNITS[p[2]] for p in parts)


class Durations(tuple[float, ...]):
    """Seconds, one after the other. (A name of its own: for typer a bare tuple is an option of several values.)"""


def several(text: str) -> Durations:
    """Durations with commas between. Raises `typer.BadParameter`."""
    return Durations(seconds(part) for part in text.split(","))
