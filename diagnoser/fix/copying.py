"""Edit of what a stage copies from the context."""

from __future__ import annotations

import re
from pathlib import Path

from diagnoser.dockerfile import Instruction, instructions_of
from diagnoser.fix.change import Changes
from diagnoser.fix.files import ignored, inside, patterns
from diagnoser.fix.inserts import before_step
from diagnoser.fix.place import Target
from diagnoser.fix.words import plain_words, rewritten

_PLAIN_PATH = re.compile(r"[\w.@+][\w.@+/-]*")


def copy_path(target: Target, value: str) -> Changes:
    """One or more paths of the context are there when the failing step runs.

    A file joins a COPY of its neighbours (`COPY go.mod ./` becomes `COPY go.mod go.sum ./`), else a COPY is added above
    the step. What is not in the context, or ignored, is passed over.
    """
    paths = [path for path in map(_clean, value.split()) if _is_in_context(target.context, path)]
    if not paths or target.step is None or target.stage is None:
        return None
    copies = [i for i in _copies(target) if i.line < target.step.line]
    missing = [path for path in paths if not any(_holds(copy, path) for copy in copies)]
    changes = [_copied(target, copies, group) for group in _groups(target.context, missing)]
    return tuple(change for made in changes for change in made or ())


def _copied(target: Target, copies: list[Instruction], sources: list[str]) -> Changes:
    """`sources` are files of one folder, or a folder alone."""
    for copy in reversed(copies):
        if _takes(target, copy, sources):
            return _widened(target, copy, sources)
    return before_step(target, f"COPY {' '.join(sources)} {_beside(target, sources[0])}")


def _clean(path: str) -> str:
    return path.removeprefix("./").rstrip("/")


def _is_in_context(context: Path, path: str) -> bool:
    rules = patterns(context, "Dockerfile")
    is_there = _PLAIN_PATH.fullmatch(path) is not None and inside(context, path) is not None
    return is_there and not (rules and ignored(rules[1], path))


def _groups(context: Path, paths: list[str]) -> list[list[str]]:
    files: dict[str, list[str]] = {}
    folders = [[path] for path in paths if (context / path).is_dir()]
    for path in paths:
        if [path] not in folders:
            files.setdefault(path.rpartition("/")[0], []).append(path)
    return [*files.values(), *folders]


def _copies(target: Target) -> list[Instruction]:
    """COPY and ADD of the failing stage that take from the context, in shell form."""
    assert target.stage is not None
    found = instructions_of(target.dockerfile, target.stage)
    return [
        i
        for i in found
        if i.keyword in ("COPY", "ADD") and not i.json and len(i.arguments) > 1
        if i.end_line == i.command_end and not any(flag.startswith("--from=") for flag in i.flags)
    ]


def _sources(copy: Instruction) -> list[str]:
    return [word.removeprefix("./").strip("/") or "." for word in copy.arguments[:-1]]


def _holds(copy: Instruction, source: str) -> bool:
    return any(s == "." or source == s or source.startswith(f"{s}/") for s in _sources(copy))


def _takes(target: Target, copy: Instruction, wanted: list[str]) -> bool:
    """Whether `wanted` would land where their neighbours do: files of one folder, copied into a folder."""
    sources = _sources(copy)
    destination = copy.arguments[-1]
    into_folder = destination.endswith("/") or destination == "." or len(sources) > 1
    one_folder = len({name.rpartition("/")[0] for name in (*sources, *wanted)}) == 1
    return into_folder and one_folder and not any((target.context / name).is_dir() for name in (*sources, *wanted))


def _widened(target: Target, copy: Instruction, sources: list[str]) -> Changes:
    last = plain_words(target.dockerfile, copy)[-2]
    prefix = "./" if last.text.startswith("./") else ""
    return rewritten(target.dockerfile, last, " ".join([last.text, *(prefix + source for source in sources)]))


def _beside(target: Target, source: str) -> str:
    """The destination that keeps the layout of the context, below the one that `COPY . DESTINATION` names."""
    whole = next((i.arguments[-1] for i in _copies(target) if "." in _sources(i)), ".")
    root = "." if whole in (".", "./") else whole.rstrip("/")
    folder = source.rpartition("/")[0]
    if (target.context / source).is_dir():
        return f"{root}/{source}"
    return f"{root}/{folder}/" if folder else f"{root}/"
