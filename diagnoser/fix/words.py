"""The words of an instruction and where they stand in its raw lines, so that one word can be edited."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from diagnoser.dockerfile import Dockerfile, Instruction
from diagnoser.fix.change import Change, Changes

_QUOTED = r'"(?:[^"\\]|\\.)*"|' + r"'[^']*'"
_SHELL = re.compile(rf"(?P<word>(?:{_QUOTED}|\\.|[^\s;&|()<>\"'\\]|[\"'\\])+)|(?P<operator>&&|\|\||[;&|()<>])")
_PLAIN = re.compile(rf"(?P<word>(?:{_QUOTED}|\\.|[^\s\"'\\]|[\"'\\])+)")


@dataclass(frozen=True, slots=True)
class Word:
    """`text` (quotes kept) stands at columns `start` to `end` of line `line` (from 1)."""

    line: int
    start: int
    end: int
    text: str
    operator: bool = False  # of the shell: `&&`, `;`, `|` ..., or the end of a line ("")


def plain_words(dockerfile: Dockerfile, instruction: Instruction) -> tuple[Word, ...]:
    """Words between blanks, the keyword first; heredoc bodies left out."""
    found = _words(dockerfile, instruction, _PLAIN, instruction.command_end)
    return tuple(word for word in found if not word.operator)


def shell_words(dockerfile: Dockerfile, instruction: Instruction) -> tuple[Word, ...]:
    """Words and operators as a shell splits them, heredoc bodies included."""
    return tuple(_words(dockerfile, instruction, _SHELL, instruction.end_line))


def rewritten(dockerfile: Dockerfile, word: Word, new: str) -> Changes:
    """The change of one word; none where it reads `new` already."""
    line = dockerfile.lines[word.line - 1]
    if line[word.start : word.end] == new:
        return ()
    return (Change(word.line, word.line, (line[: word.start] + new + line[word.end :],)),)


def _words(dockerfile: Dockerfile, instruction: Instruction, pattern: re.Pattern[str], last: int) -> Iterator[Word]:
    for number in range(instruction.line, last + 1):
        raw = dockerfile.lines[number - 1].removeprefix("\ufeff")
        shift = len(dockerfile.lines[number - 1]) - len(raw)
        if raw.lstrip().startswith("#"):
            continue
        escape = dockerfile.escape if number <= instruction.command_end else "\\"
        body = raw.rstrip()
        continued = body.endswith(escape)
        body = body[:-1] if continued else body
        for match in pattern.finditer(body):
            is_operator = match.lastgroup == "operator"
            yield Word(number, match.start() + shift, match.end() + shift, match[0], is_operator)
        if number > instruction.command_end - 1 and not continued:
            yield Word(number, len(body) + shift, len(body) + shift, "", True)
