"""Changes of whole lines, and the unified diff that shows them."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Change:
    """`lines` take the place of lines `first` to `last` (from 1, both included); `last = first - 1` inserts.

    Lines may lack their line end; `new_instructions` of them start an instruction that was not there before.
    """

    first: int
    last: int
    lines: tuple[str, ...]
    new_instructions: int = 0


Changes = tuple[Change, ...] | None  # None: the edit does not fit this place; none in the tuple: it is so already


def insert(before: int, *lines: str, new_instructions: int = 0) -> Change:
    return Change(before, before - 1, lines, new_instructions)


def splice(lines: Sequence[str], changes: Iterable[Change]) -> list[str] | None:
    """The lines with all changes made, or None where two of them meet. Whether a last line ends stays as it was."""
    result: list[str] = []
    done = 0  # lines of the original that are copied or replaced
    newline = "\r\n" if lines and lines[0].endswith("\r\n") else "\n"
    for change in sorted(changes, key=lambda c: (c.first, c.last)):
        if change.first - 1 < done or change.last > len(lines):
            return None
        result += [*lines[done : change.first - 1], *change.lines]
        done = max(change.last, change.first - 1)
    return _with_ends([*result, *lines[done:]], newline, ended=not lines or lines[-1].endswith("\n"))


def _with_ends(lines: list[str], newline: str, ended: bool) -> list[str]:
    whole = [line if line.endswith("\n") else line + newline for line in lines]
    if whole and not ended:
        whole[-1] = whole[-1].removesuffix("\n").removesuffix("\r" if newline == "\r\n" else "")
    return whole


def unified(path: str, old: Sequence[str], new: Sequence[str]) -> str:
    """A diff that `git apply` takes, the bytes of the lines as they are."""
    names = (_quoted(f"a/{path}"), _quoted(f"b/{path}"))
    body = difflib.unified_diff(old, new, *names)
    return "".join(line if line.endswith("\n") else f"{line}\n\\ No newline at end of file\n" for line in body)


def _quoted(path: str) -> str:
    """As git writes a name in a diff header: C-quoted for special characters, a tab behind one with blanks."""
    if re.search(r'[^\x20-\x7e]|["\\]', path):
        return '"' + "".join(_c_quoted(byte) for byte in path.encode()) + '"'
    return f"{path}\t" if " " in path else path


def _c_quoted(byte: int) -> str:
    if byte in b'"\\':
        return f"\\{byte:c}"
    return chr(byte) if 0x20 <= byte < 0x7F else f"\\{byte:03o}"
