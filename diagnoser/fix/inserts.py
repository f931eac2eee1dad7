"""Edits that add one instruction."""

from __future__ import annotations

import re
from collections.abc import Mapping

from diagnoser.dockerfile import Dockerfile, Instruction, Stage, instructions_of, lineage
from diagnoser.fix.change import Change, Changes, insert
from diagnoser.fix.place import Target

_DIRECTIVE = re.compile(r"^\ufeff?#\s*(?P<name>syntax|escape|check)\s*=", re.IGNORECASE)


def before_step(target: Target, text: str) -> Changes:
    """`text` as an instruction above the failing step, and above the comment that belongs to it."""
    if target.step is None or target.step.stage_index < 0 or target.step.keyword == "FROM":
        return None
    return () if _is_there(target, text) else (above(target.dockerfile, target.step, text),)


def before_use(target: Target, value: Mapping[str, str]) -> Changes:
    """`{of, with}`: `with` above the first instruction that names `of`, down to the failing step; the stages
    that the failing one builds on come first. None where another user than root would run it."""
    if target.step is None or target.stage is None:
        return None
    stages = reversed(lineage(target.dockerfile, target.stage))
    steps = [i for stage in stages for i in instructions_of(target.dockerfile, stage) if i.keyword != "FROM"]
    named = re.compile(rf"(?<![\w./-]){re.escape(value['of'])}(?![\w.-])")
    use = next((i for i in steps if i.line <= target.step.line and named.search(i.text)), target.step)
    if any(is_user(i) for i in steps[: steps.index(use)]):
        return None
    return (above(target.dockerfile, use, value["with"]),)


def run_as(target: Target, value: str) -> Changes:
    """The failing RUN runs as this user: USER above it, and below it the USER that held so far, if the file tells."""
    if target.step is None or target.stage is None or target.step.keyword != "RUN":
        return None
    stages = reversed(lineage(target.dockerfile, target.stage))
    steps = [i for stage in stages for i in instructions_of(target.dockerfile, stage) if i.line < target.step.line]
    held = [i for i in steps if i.keyword == "USER"][-1:]
    if any(_name(user) == value for user in held):
        return ()
    back = (below(target.dockerfile, target.step, user.text) for user in held)
    return (above(target.dockerfile, target.step, f"USER {value}"), *back)


def is_user(instruction: Instruction) -> bool:
    """Whether it is a USER that is not root."""
    return instruction.keyword == "USER" and _name(instruction) not in ("root", "0")


def _name(user: Instruction) -> str:
    return "".join(user.arguments[:1]).partition(":")[0]


def after_step(target: Target, text: str) -> Changes:
    if target.step is None or target.step.stage_index < 0:
        return None
    return (below(target.dockerfile, target.step, text),)


def after_from(target: Target, text: str) -> Changes:
    """`text` as the first instruction of the failing stage."""
    if target.stage is None:
        return None
    return (
        () if _is_there(target, text) else (below(target.dockerfile, from_of(target.dockerfile, target.stage), text),)
    )


def before_from(target: Target, text: str) -> Changes:
    """`text` above the first FROM, where ARGs are global; a parser directive such as `# syntax=...` on top of all."""
    if text.startswith("#"):
        return _directive(target.dockerfile, text)
    if not target.dockerfile.stages:
        return None
    return (above(target.dockerfile, from_of(target.dockerfile, target.dockerfile.stages[0]), text),)


def _directive(dockerfile: Dockerfile, text: str) -> Changes:
    """The directive in place of the one of its name, else as the first line."""
    match = _DIRECTIVE.match(text)
    if match is None or not dockerfile.lines:
        return None
    for number, line in enumerate(dockerfile.lines, start=1):
        there = _DIRECTIVE.match(line)
        if there is None:
            break
        if there["name"].lower() == match["name"].lower():
            kept = line.split(there[0], 1)[1].strip() == text[match.end() :].strip()
            return () if kept else (Change(number, number, ("\ufeff" * line.startswith("\ufeff") + text,)),)
    return (_on_top(dockerfile, text),)


def _on_top(dockerfile: Dockerfile, text: str, new_instructions: int = 0) -> Change:
    first = dockerfile.lines[0]
    if not first.startswith("\ufeff"):
        return insert(1, text, new_instructions=new_instructions)
    return Change(1, 1, ("\ufeff" + text, first.removeprefix("\ufeff")), new_instructions)


def _is_there(target: Target, text: str) -> bool:
    """Whether the failing stage has this very instruction above the step, so that it cannot be what is missing."""
    assert target.stage is not None
    above_step = (
        i for i in instructions_of(target.dockerfile, target.stage) if not target.step or i.line < target.step.line
    )
    return any(i.text.split() == text.split() for i in above_step)


def from_of(dockerfile: Dockerfile, stage: Stage) -> Instruction:
    return next(i for i in dockerfile.instructions if i.line == stage.line)


def above(dockerfile: Dockerfile, step: Instruction, text: str) -> Change:
    line = step.line
    while line > 1 and _is_comment_of_step(dockerfile.lines[line - 2]):
        line -= 1
    styled = _styled(dockerfile, step, text)
    return _on_top(dockerfile, styled, 1) if line == 1 else insert(line, styled, new_instructions=1)


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
