"""Edits of ENV and ARG."""

from __future__ import annotations

import re

from diagnoser.dockerfile import Dockerfile, Instruction, instructions_of
from diagnoser.fix.change import Changes
from diagnoser.fix.inserts import after_from, before_step
from diagnoser.fix.place import Target
from diagnoser.fix.words import Word, plain_words, rewritten

_ASSIGNMENT = re.compile(r"(\*|[A-Za-z_]\w*)=(.*)")
_NAME = re.compile(r"\$\{?!?(\w+)")


def env(target: Target, value: str) -> Changes:
    """`NAME=value` for the failing stage: the ENV that sets NAME before the step is changed, else one is added."""
    assignment = _ASSIGNMENT.fullmatch(value)
    if assignment is None or target.stage is None:
        return None
    for instruction in reversed(_before_step(target)):
        if instruction.keyword == "ENV" and assignment[1] in instruction.arguments[::3]:
            return _set_env(target.dockerfile, instruction, assignment[1], assignment[2])
    return after_from(target, f"ENV {value}")


def arg_default(target: Target, value: str) -> Changes:
    """`NAME=value`: the ARG NAME that the failing step sees without a value gets this one.

    `*` for NAME is the one ARG without a default that the step uses, itself or through ENV.
    """
    assignment = _ASSIGNMENT.fullmatch(value)
    if assignment is None:
        return None
    name = _the_empty_argument(target) if assignment[1] == "*" else assignment[1]
    declared = [i for i in _visible(target) if i.keyword == "ARG" and _declares(i, name)]
    if name is None or not declared:
        return None
    if any(word.startswith(f"{name}=") for i in declared for word in _assigned(i)):
        return None if declared[-1].stage_index >= 0 else _declared_in_stage(target, name)
    return give(target.dockerfile, declared[0], name, assignment[2])


def give(dockerfile: Dockerfile, instruction: Instruction, name: str, value: str) -> Changes:
    """ARG `name` of this instruction gets a default, or another one."""
    for word in plain_words(dockerfile, instruction)[1:]:
        if word.text.partition("=")[0] == name:
            return rewritten(dockerfile, word, f"{name}={value}")
    return None


def _set_env(dockerfile: Dockerfile, instruction: Instruction, name: str, value: str) -> Changes:
    for word in plain_words(dockerfile, instruction)[1:]:
        if word.text.startswith(f"{name}="):
            return rewritten(dockerfile, word, f"{name}={value}")
        if word.text == name:  # the old form, `ENV NAME value`
            rest = dockerfile.lines[word.line - 1].rstrip()
            if instruction.line == instruction.end_line:
                return rewritten(dockerfile, Word(word.line, word.start, len(rest), ""), f"{name}={value}")
    return None


def _declared_in_stage(target: Target, name: str) -> Changes:
    """A global ARG with a default is not seen inside a stage before the stage names it."""
    in_stage = target.step is not None and target.step.keyword != "FROM"
    return before_step(target, f"ARG {name}") if in_stage else None


def _before_step(target: Target) -> list[Instruction]:
    """The instructions of the failing stage above the step; all of them where no step is known."""
    if target.stage is None:
        return []
    inside = instructions_of(target.dockerfile, target.stage)
    return [i for i in inside if target.step is None or i.line < target.step.line]


def _visible(target: Target) -> list[Instruction]:
    """Global instructions first, then those of the failing stage above the step."""
    return [i for i in target.dockerfile.instructions if i.stage_index < 0] + _before_step(target)


def _declares(instruction: Instruction, name: str | None) -> bool:
    return any(word.partition("=")[0] == name for word in instruction.arguments)


def _assigned(instruction: Instruction) -> list[str]:
    return [word for word in instruction.arguments if word.partition("=")[2]]


def _the_empty_argument(target: Target) -> str | None:
    if target.step is None:
        return None
    visible = _visible(target)
    words = [word for i in visible if i.keyword == "ARG" for word in i.arguments]
    set_ones = {word.partition("=")[0] for word in words if word.partition("=")[2]}
    empty = {word.rstrip("=") for word in words} - set_ones
    used = empty & _names_behind(target.step, visible)
    return used.pop() if len(used) == 1 else None


def _names_behind(step: Instruction, visible: list[Instruction]) -> set[str]:
    """The variables that a step names, and those that these are made of through ENV."""
    names = set(_NAME.findall(step.text))
    for instruction in reversed(visible):
        if instruction.keyword == "ENV":
            for key, value in zip(instruction.arguments[::3], instruction.arguments[1::3], strict=False):
                names |= set(_NAME.findall(value)) if key in names else set()
    return names
