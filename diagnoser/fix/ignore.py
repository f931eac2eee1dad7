"""Edit of `.dockerignore`."""

from __future__ import annotations

from pathlib import Path

from diagnoser.fix.change import Change, insert
from diagnoser.fix.files import ignored, inside


def unhidden(lines: list[str], path: str, context: Path) -> tuple[Change, ...]:
    """The pattern that names just `path` goes; where a wider one hides it, `!path` is added at the end.

    Nothing for a path that is not there, or not hidden.
    """
    path = path.strip("/").removeprefix("./")
    if inside(context, path) is None or not ignored(lines, path):
        return ()
    for number, line in enumerate(lines, start=1):
        if _names(line, path) and not ignored([*lines[: number - 1], *lines[number:]], path):
            return (Change(number, number, ()),)
    exception = f"!{path}"
    if path != path.strip() or ignored([*lines, exception], path):
        return ()
    return (insert(len(lines) + 1, exception),)


def _names(line: str, path: str) -> bool:
    return line.removeprefix("\ufeff").strip().strip("/").removeprefix("./") == path
