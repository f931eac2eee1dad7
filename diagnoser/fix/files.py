"""Files of the build context. Names come from a log, so none may lead out of the context."""

from __future__ import annotations

import difflib
import itertools
import os
import re
from collections.abc import Iterator, Sequence
from pathlib import Path, PurePosixPath

_UNSAFE = re.compile(r"[\x00-\x1f\x7f\\]")
_SKIPPED = frozenset({".git", "node_modules", "__pycache__", ".venv"})
_MOST = 20_000  # entries looked at in a context
_DOCKERFILES = 20
_LARGEST = 1024 * 1024
_LIKE = 0.72  # least likeness of a nearest path


def inside(context: Path, relative: str) -> Path | None:
    """The file or folder that `relative` names, or None: absolute, `..`, control characters, a link that leads out."""
    parts = PurePosixPath(relative).parts
    if not parts or relative.startswith("/") or ".." in parts or _UNSAFE.search(relative):
        return None
    root = context.resolve()
    try:
        found = (root / relative).resolve(strict=True)
    except (OSError, RuntimeError, ValueError):
        return None
    return found if found.is_relative_to(root) else None


def read(path: Path) -> str | None:
    """The text with its line ends, or None for what is no file, too large, or not UTF-8."""
    try:
        if not path.is_file() or path.stat().st_size > _LARGEST:
            return None
        return path.read_bytes().decode()
    except (OSError, UnicodeDecodeError):
        return None


def dockerfiles(context: Path, name: str) -> Iterator[str]:
    """Relative paths of what the log's `name` can mean, likeliest first.

    BuildKit prints `docker build -f build/Dockerfile` as `Dockerfile`, so files of that name in folders count too.
    """
    base = PurePosixPath(name).name or "Dockerfile"
    below = (path for path in walk(context) if path.rpartition("/")[2] == base)
    seen: set[str] = set()
    for path in itertools.chain((name, base, "Dockerfile", "Containerfile"), below):
        if path not in seen and (found := inside(context, path)) and found.is_file():
            yield path
        seen.add(path)
        if len(seen) > _DOCKERFILES:
            return


def walk(context: Path) -> Iterator[str]:
    """Relative paths of files and (with a `/` behind) folders, nearest first within a folder; bounded."""
    left = _MOST
    for folder, folders, files in os.walk(context):
        folders[:] = sorted(name for name in folders if name not in _SKIPPED)
        base = Path(folder).relative_to(context).as_posix()
        prefix = "" if base == "." else f"{base}/"
        yield from (prefix + name for name in sorted(files))
        yield from (f"{prefix}{name}/" for name in folders)
        left -= len(files) + len(folders)
        if left < 0:
            return


def module_folder(context: Path) -> str:
    """The folder of the only go.mod below the context; "" where the context has one itself, or it is not certain."""
    files = [path for path in walk(context) if re.fullmatch(r"(?!.*\b(?:vendor|testdata)/)(?:.*/)?go\.mod", path)]
    return "" if "go.mod" in files or len(files) != 1 else files[0].removesuffix("/go.mod")


def patterns(context: Path, dockerfile: str) -> tuple[str, list[str]] | None:
    """The `.dockerignore` that BuildKit reads for this Dockerfile, and its lines with their ends; None without one."""
    for name in (f"{dockerfile}.dockerignore", ".dockerignore"):
        path = inside(context, name)
        if path is not None and (text := read(path)) is not None:
            return name, re.findall(r"[^\n]*\n|[^\n]+", text)
    return None


def ignored(lines: Sequence[str], path: str) -> bool:
    """Whether these lines of a `.dockerignore` keep `path` out of the context. A broken pattern ignores nothing."""
    from e2b_dockerfile_utils import PatternMatcher

    try:
        return PatternMatcher([line.removeprefix("\ufeff").rstrip("\r\n") for line in lines]).matches(path.strip("/"))
    except ValueError:
        return False


def nearest(path: str, context: Path, dockerfile: str = "Dockerfile") -> str | None:
    """The path in the context that `path` was most likely meant to be; None where nothing is near, or two are.

    The same name in another folder or another case comes first, then the likest spelling. Ignored files do not count.
    """
    wanted = path.strip("/").removeprefix("./")
    rules = patterns(context, dockerfile)
    paths = [p for p in walk(context) if p.strip("/") != wanted and not (rules and ignored(rules[1], p))]
    name = wanted.rpartition("/")[2].lower()
    same_name = [p for p in paths if p.strip("/").rpartition("/")[2].lower() == name]
    ranked = sorted(((_likeness(wanted, p), p) for p in same_name or paths), reverse=True)
    if not ranked or (not same_name and ranked[0][0] < _LIKE):
        return None
    if len(ranked) > 1 and ranked[0][0] == ranked[1][0]:
        return None
    return ranked[0][1].rstrip("/")


def _likeness(wanted: str, path: str) -> float:
    return difflib.SequenceMatcher(None, wanted.lower(), path.strip("/").lower()).ratio()
