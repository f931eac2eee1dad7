"""How wide the reader's screen is, and whether it wants colour: COLUMNS, NO_COLOR, FORCE_COLOR, TERM."""

from __future__ import annotations

import os
import shutil
import sys
from typing import TextIO

_NARROWEST, _WIDEST = 40, 120


def columns() -> int:
    return max(_NARROWEST, min(shutil.get_terminal_size((80, 24)).columns, _WIDEST))


def colour_wanted(stream: TextIO | None = None) -> bool:
    """https://no-color.org and https://force-color.org; else what the terminal (of standard output) says."""
    if os.environ.get("NO_COLOR"):
        return False
    if os.environ.get("FORCE_COLOR"):
        return os.environ["FORCE_COLOR"] != "0"
    return (stream or sys.stdout).isatty() and os.environ.get("TERM", "") != "dumb"
