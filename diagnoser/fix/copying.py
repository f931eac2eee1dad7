"""Edit of what a stage copies from the context."""

from __future__ import annotations

import re

from diagnoser.dockerfile import Instruction, instructions_of
from diagnoser.fix.change import Change
from diagnoser.fix.files import ignored, inside, patterns
from diagnoser.fix.inserts import before_step
from diagnoser.fix.place import Target
from diagnoser.fix.words import plain_words, rewritten

_PLAIN_PATH = re.compile(r"[\w.@+][\w.@+/-]*")


def copy_path(target: Target, value: str) -> tuple[Change, ...]:
    """`PATH` or `PATH DESTINATION`: the context's PATH is there when the failing step runs.

    It joins a COPY of its neighbours (`COPY go.mod ./` becomes `COPY go.mod go.sum ./`), else a COPY is added above
    the step. Nothing where the path is not in the context, is ignored, or is copied already.
    """
    source, _, destination = value.strip().partition(" ")
    source = source.removeprefix("./").rstrip("/")
    path = inside(target.context, source)
    if path is None or not _PLAIN_PATH.fullmatch(source) or target.step is None or target.stage is None:
        return ()
    rules = patterns(target.context, "Dockerfile")
    copies = [i for i in _copies(target) if i.line < target.step.line]
    if (rules and ignored(rules[1], source)) or any(_holds(i, source) for i in copies):
        return ()
    for copy in () if destination or path.is_dir() else reversed(copies):
        if _takes(target, copy, source):
            return _widened(target, copy, source)
    return before_step(target, f"COPY {source} {destination.strip() or _beside(target, source, path.is_dir())}")


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


def _takes(target: Target, copy: Instruction, source: str) -> bool:
    """Whether `source` would land where its neighbours do: files of one folder, copied into a folder."""
    sources = _sources(copy)
    folder = source.rpartition("/")[0]
    destination = copy.arguments[-1]
    into_folder = destination.endswith("/") or destination == "." or len(sources) > 1
    files = (inside(target.context, name) for name in sources)
    return into_folder and all(
        name.rpartition("/")[0] == folder and (path is None or path.is_file())
        for name, path in zip(sources, files, strict=True)
    )


def _widened(target: Target, copy: Instruction, source: str) -> tuple[Change, ...]:
    last_source = plain_words(target.dockerfile, copy)[-2]
    prefix = "./" if last_source.text.startswith("./") else ""
    return rewritten(target.dockerfile, last_source, f"{last_source.text} {prefix}{source}")


def _beside(target: Target, source: str, is_folder: bool) -> str:
    """The destination that keeps the layout of the context, below the one that `COPY . DESTINATION` names."""
    whole = next((i.arguments[-1] for i in _copies(target) if "." in _sources(i)), ".")
    root = "." if whole in (".", "./") else whole.rstrip("/")
    folder = source.rpartition("/")[0]
    return f"{root}/{source}" if is_folder else f"{root}/{folder}/" if folder else f"{root}/"
