"""How long a running build may be silent, and how much of its output is kept."""

from __future__ import annotations

from typing import NamedTuple


class Limits(NamedTuple):
    """Seconds of silence after which to tell, and to end the build (none: never); bytes of output to keep."""

    stall_after: float | None
    stall_kill: float | None
    spool_max: int
