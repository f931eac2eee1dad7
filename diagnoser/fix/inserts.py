"""Edits that add one instruction."""

from __future__ import annotations

import re

from diagnoser.dockerfile import Dockerfile, Instruction, instructions_of
from diagnoser.fix.change import Change, insert
from diagnoser.fix.place import Target

_DIRECTIVE = re.compile(r"^\ufeff?#\s*(?:syntax|escape|check)\s*=", re.IGNORECASE)


def before_step(target: Target, text: str) -> tuple[Change, ...]:
    """`text` as an instruction above the failing step, and above the comment that belongs to it."""
    if target.step is None or target.step.stage_index < 0 or target.step.keyword == "FROM" or _is_there(target, text):
        return ()
    return (above(target.dockerfile, target.step, text),)


def after_step(target: Target, text: str) -> tuple[Change, ...]:
    if target.step is None or target.step.stage_index < 0:
        return ()
    return (below(target.dockerfile, target.step, text),)


def after_from(target: Target, text: str) -> tuple[Change, ...]:
    """`text` as the first instruction of the failing stage."""
    if target.stage is None or _is_there(target, text):
        return ()
    return (below(target.dockerfile, from_of(target.dockerfile, target.stage.line), text),)


def before_from(target: Target, text: str) -> tuple[Change, ...]:
    """`text` above the first FROM, where ARGs are global."""
    if not target.dockerfile.stages:
        return ()
    return (above(target.dockerfile, from_of(target.dockerfile, target.dockerfile.stages[0].line), text),)


def _is_there(target: Target, text: str) -> bool:
    """Whether the failing stage has this very instruction above the step, so that it cannot be what is missing."""
    assert target.stage is not None
    above_step = (
        i for i in instructions_of(target.dockerfile, target.stage) if not target.step or i.line < target.step.line
    )
    return any(i.text.split() == text.split() for i in above_step)


def from_of(dockerfile: Dockerfile, line: int) -> Instruction:
    return next(i for i in dockerfile.instructions if i.line == line)


def above(dockerfile: Dockerfile, step: Instruction, text: str) -> Change:
    line = step.line
    while line > 1 and _is_comment_of_step(dockerfile.lines[line - 2]):
        line -= 1
    if line == 1 and dockerfile.lines[0].startswith("\ufeff"):
        first = "\ufeff" + _styled(dockerfile, step, text)
        return Change(1, 1, (first, dockerfile.lines[0].removeprefix("\ufeff")), 1)
    return insert(line, _styled(dockerfile, step, text), new_instructions=1)


def below(dockerfile: Dockerfile, step: Instruction, text: str) -> Change:
    return insert(step.end_line + 1, _styled(dockerfile, step, text), new_instructions=1)


def _is_comment_of_step(line: str) -> bool:
    return line.lstrip("\ufeff \t").startswith("#") and not _DIRECTIVE.match(line)


def _styled(dockerfile: Dockerfile, neighbour: Instruction, text: str) -> str:
    """`text` indented as its neighbour, its keyword in lower case where the neighbour's is."""
    line = dockerfile.lines[neighbour.line - 1].lstrip("\ufeff")
    indent = line[: len(line) - len(line.lstrip(" \t"))]
    keyword, blank, rest = text.partition(" ")
    if line.strip().startswith(neighbour.keyword.lower()):
        keyword = keyword.lower()
    return f"{indent}{keyword}{blank}{rest}"
