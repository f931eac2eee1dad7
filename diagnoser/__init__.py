"""diagnoser: from a failing docker build or Go build log to its root cause, the line that proves it, and the fix."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from diagnoser.version import VERSION

__version__ = VERSION
__all__ = ["Diagnosis", "diagnose"]

if TYPE_CHECKING:
    from diagnoser.diagnosis import Diagnosis, diagnose


def __getattr__(name: str) -> Any:
    """The public names are imported when first used: `import diagnoser` alone costs nothing."""
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from diagnoser import diagnosis

    return getattr(diagnosis, name)
