"""Adding names to, and changing names in, the package list of a command, its layout kept."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from diagnoser.dockerfile import Dockerfile
from diagnoser.fix.change import Change, Changes, insert
from diagnoser.fix.installs import InstallList
from diagnoser.fix.words import Word, rewritten

_OWN_LINE = re.compile(r"(?P<indent>\s*)\S+(?P<gap>\s*)(?P<continuation>[\\`]?)\s*")


@dataclass(frozen=True, slots=True)
class _Row:
    """A package that has its line to itself, but for the continuation."""

    word: Word
    indent: str
    gap: str
    continuation: str


def added(dockerfile: Dockerfile, installs: InstallList, names: Iterable[str]) -> Changes:
    """Names that the list lacks: one to a line where the list is written so, in order where it is sorted."""
    there = {name_of(word) for word in installs.packages}
    missing = [name for name in dict.fromkeys(names) if name not in there]
    if not missing:
        return ()
    if not _is_one_a_line(installs):
        last = installs.packages[-1] if installs.packages else installs.verb
        return rewritten(dockerfile, last, " ".join([last.text, *missing]))
    if _is_sorted(installs):
        return tuple(_in_order(dockerfile, installs, sorted(missing)))
    return tuple(_behind(dockerfile, installs, missing))


def replaced(dockerfile: Dockerfile, installs: InstallList, old: str, new: str) -> Changes:
    """The package `old` becomes `new` (which may be several); it goes where `new` is empty or there already."""
    there = {name_of(word) for word in installs.packages}
    found = [word for word in installs.packages if name_of(word) == old]
    if len(found) != 1:
        return None
    names = [name for name in new.split() if name not in there - {old}]
    return rewritten(dockerfile, found[0], " ".join(names)) if names else _removed(dockerfile, installs, found[0])


def name_of(word: Word) -> str:
    """The package without quotes, version and release: `"go>1.10"`, `git=1:2.3`, `vim/stable`."""
    return re.split(r"[=<>~/]", word.text.strip("\"'"))[0]


def _is_one_a_line(installs: InstallList) -> bool:
    lines = [installs.verb.line, *(word.line for word in installs.packages)]
    return len(lines) > 1 and len(set(lines)) == len(lines)


def _is_sorted(installs: InstallList) -> bool:
    names = [name_of(word).lower() for word in installs.packages]
    return names == sorted(names)


def _row(dockerfile: Dockerfile, word: Word) -> _Row | None:
    raw = dockerfile.lines[word.line - 1]
    match = _OWN_LINE.fullmatch(raw)
    if match is None or raw.strip().rstrip(dockerfile.escape).strip() != word.text:
        return None
    return _Row(word, match["indent"], match["gap"], match["continuation"])


def _in_order(dockerfile: Dockerfile, installs: InstallList, names: list[str]) -> Iterable[Change]:
    for index, word in enumerate(installs.packages):
        before = [name for name in names if name.lower() < name_of(word).lower()]
        names = names[len(before) :]
        if before and index == 0 and _row(dockerfile, word) is None:
            names = [*before, *names]
        elif before:
            yield insert(word.line, *(_line(dockerfile, installs, name) for name in before))
    yield from _behind(dockerfile, installs, names)


def _behind(dockerfile: Dockerfile, installs: InstallList, names: list[str]) -> Iterable[Change]:
    last = installs.packages[-1]
    row = _row(dockerfile, last)
    if not names:
        return
    if row is None:  # more of the command follows on its line
        yield insert(last.line, *(_line(dockerfile, installs, name) for name in names))
    elif row.continuation:
        yield insert(last.line + 1, *(_line(dockerfile, installs, name) for name in names))
    else:
        *rest, final = names
        opened = _line(dockerfile, installs, last.text)
        rows = [_line(dockerfile, installs, name) for name in rest]
        yield Change(last.line, last.line, (opened, *rows, f"{row.indent}{final}"))


def _line(dockerfile: Dockerfile, installs: InstallList, name: str) -> str:
    """A line for `name` as the others are written, its continuation below theirs where they stand in a column."""
    rows = [row for word in installs.packages if (row := _row(dockerfile, word)) and row.continuation]
    if not rows:
        raw = dockerfile.lines[installs.packages[-1].line - 1]
        indent = raw[: len(raw) - len(raw.lstrip())]
        return f"{indent}{name} {dockerfile.escape}"
    row = rows[-1]
    ends = {len(r.indent) + len(r.word.text) + len(r.gap) for r in rows}
    gaps = {len(r.gap) for r in rows}
    in_column = len(ends) == 1 and len(gaps) > 1
    gap = " " * max(1, ends.pop() - len(row.indent) - len(name)) if in_column else row.gap
    return f"{row.indent}{name}{gap}{row.continuation}"


def _removed(dockerfile: Dockerfile, installs: InstallList, word: Word) -> Changes:
    if len(installs.packages) == 1:
        return None
    row = _row(dockerfile, word)
    line = dockerfile.lines[word.line - 1]
    if row is None:
        before = line[: word.start].rstrip() if line[: word.start].strip() else line[: word.start]
        after = line[word.end :] if line[: word.start].strip() else line[word.end :].lstrip(" \t")
        return (Change(word.line, word.line, (before + after,)),)
    if row.continuation:
        return (Change(word.line, word.line, ()),)
    above = dockerfile.lines[word.line - 2]
    closed = above.rstrip().removesuffix(dockerfile.escape).rstrip() + dockerfile.newline
    return (Change(word.line - 1, word.line, (closed,)),)
