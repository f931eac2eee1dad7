"""From the edit of a remedy to a unified diff, and from there to the file."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from diagnoser.dockerfile import Dockerfile, DockerfileError, parse
from diagnoser.fix.change import Change, splice, unified
from diagnoser.fix.edits import changes, checked
from diagnoser.fix.files import dockerfiles, inside, patterns, read
from diagnoser.fix.ignore import unhidden
from diagnoser.fix.place import Place, Target, locate
from diagnoser.fix.value import Value, is_plain


class StaleError(Exception):
    """The file is no longer what the patch was made for."""


@dataclass(frozen=True, slots=True)
class Patch:
    """A change of one file. `path` is relative to the context; `diff` is what `git apply` takes there."""

    path: str
    diff: str
    before: bytes = field(repr=False)
    after: bytes = field(repr=False)


def propose(edit: Mapping[str, Value], place: Place, context: Path) -> Patch | None:
    """The patch that carries out all parts of `edit`, or None where one does not fit or the place is not certain.

    The values are rendered already; they and `place` come from a log and are not trusted. Raises `EditError` for an
    edit that its author must mend.
    """
    parts = checked(edit)
    parts.pop("run", None)
    if not parts or not all(is_plain(value) for value in parts.values()):
        return None
    if "dockerignore" in parts:
        return _dockerignore(parts, place, context)
    found = _target(place, context)
    if found is None:
        return None
    path, target = found
    made = [changes(target, name, value) for name, value in parts.items()]
    if any(part is None for part in made):
        return None
    return _patch(path, target.dockerfile, [change for part in made for change in part or ()])


def apply(patch: Patch, context: Path) -> None:
    """Writes the changed file in one move, its mode kept. Raises `StaleError` where the file has changed since."""
    path = inside(context, patch.path)
    if path is None or not path.is_file() or path.read_bytes() != patch.before:
        raise StaleError(f"{patch.path} has changed since the patch was made; run the command again")
    import tempfile

    handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(patch.after)
        Path(temporary).chmod(path.stat().st_mode)
        Path(temporary).replace(path)
    except BaseException:
        with contextlib.suppress(FileNotFoundError):
            Path(temporary).unlink()
        raise


def _target(place: Place, context: Path) -> tuple[str, Target] | None:
    """The Dockerfile that the log is of. Where its text is known, a file without that instruction is not it."""
    found = []
    for path in dockerfiles(context, place.dockerfile):
        with contextlib.suppress(DockerfileError):
            target = locate(parse(_text(context, path)), place, context)
            if target.step is not None and path == place.dockerfile:
                return path, target
            found.append((path, target))
    certain = [(path, target) for path, target in found if target.step is not None]
    if certain or place.instruction:
        return certain[0] if len(certain) == 1 else None
    return found[0] if found and (len(found) == 1 or found[0][0] == place.dockerfile) else None


def _text(context: Path, path: str) -> str:
    resolved = inside(context, path)
    text = read(resolved) if resolved else None
    if text is None:
        raise DockerfileError(f"{path} is not text")
    return text


def _patch(path: str, old: Dockerfile, edits: Sequence[Change]) -> Patch | None:
    """None where the result is not the Dockerfile that was meant: broken, or instructions swallowed."""
    lines = splice(old.lines, edits)
    if lines is None:
        return None
    try:
        new = parse("".join(lines))
    except DockerfileError:
        return None
    if len(new.instructions) != len(old.instructions) + sum(edit.new_instructions for edit in edits):
        return None
    return _made(path, old.lines, lines)


def _dockerignore(parts: Mapping[str, Value], place: Place, context: Path) -> Patch | None:
    found = patterns(context, place.dockerfile)
    path = parts["dockerignore"]
    if found is None or len(parts) > 1 or not isinstance(path, str):
        return None
    name, lines = found
    new = splice(lines, unhidden(lines, path, context))
    return _made(name, lines, new) if new is not None and new != lines else None


def _made(path: str, old: Sequence[str], new: Sequence[str]) -> Patch | None:
    before, after = "".join(old), "".join(new)
    return Patch(path, unified(path, old, new), before.encode(), after.encode()) if before != after else None
