"""A Dockerfile as BuildKit reads it: instructions with their line ranges, stages, arguments; raw lines for editing.

The grammar is that of e2b-dockerfile-utils, a port of BuildKit's parser; it is imported when a Dockerfile is read, so
a run without a build context never pays for it. One known gap: it rejects a heredoc behind ONBUILD.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from e2b_dockerfile_utils import DockerfileAst, DockerfileInstruction

MAX_CHARACTERS = 256 * 1024
MAX_LINE = 8 * 1024  # the parser's regex for directives is quadratic in the length of a line

_LINES = re.compile(r"[^\n]*\n|[^\n]+")
_VARIABLE = re.compile(r"\$(?:\{(\w+)(?::?-([^${}]*))?\}|(\w+))")


class DockerfileError(ValueError):
    """The text is no Dockerfile that can be edited: syntax that BuildKit rejects, or a size beyond the limits."""


@dataclass(frozen=True, slots=True)
class Instruction:
    """Lines `line` to `end_line` (from 1, both included); the heredoc bodies, if any, start after `command_end`."""

    keyword: str  # upper case
    line: int
    end_line: int
    command_end: int
    text: str  # continuations joined, comments between them gone
    flags: tuple[str, ...]  # `--mount=...`, quotes removed
    arguments: tuple[str, ...]  # ENV and LABEL: key, value, delimiter in turn
    json: bool  # exec form
    stage_index: int  # -1: before the first FROM


@dataclass(frozen=True, slots=True)
class Stage:
    index: int
    name: str | None
    base: str  # as written, variables and all
    line: int
    end_line: int  # of the FROM instruction


@dataclass(frozen=True, slots=True)
class Dockerfile:
    lines: tuple[str, ...]  # with their line ends
    instructions: tuple[Instruction, ...]
    stages: tuple[Stage, ...]
    escape: str

    @property
    def newline(self) -> str:
        return "\r\n" if self.lines and self.lines[0].endswith("\r\n") else "\n"


def parse(text: str) -> Dockerfile:
    """Raises `DockerfileError`; a byte order mark and CRLF line ends stay in `lines`."""
    from e2b_dockerfile_utils import parse_dockerfile_ast

    lines = tuple(_LINES.findall(text))
    if len(text) > MAX_CHARACTERS or any(len(line) > MAX_LINE for line in lines):
        raise DockerfileError("too long to be edited")
    try:
        ast = parse_dockerfile_ast(text)
    except (ValueError, RecursionError) as error:
        raise DockerfileError(str(error)) from error
    instructions = tuple(_instructions(ast))
    return Dockerfile(lines, instructions, tuple(_stages(instructions)), ast.escape_token)


def instruction_at(dockerfile: Dockerfile, line: int) -> Instruction | None:
    """The instruction whose range holds `line` (from 1)."""
    return next((i for i in dockerfile.instructions if i.line <= line <= i.end_line), None)


def instructions_of(dockerfile: Dockerfile, stage: Stage) -> tuple[Instruction, ...]:
    """FROM first."""
    return tuple(i for i in dockerfile.instructions if i.stage_index == stage.index)


def stage_named(dockerfile: Dockerfile, name: str) -> Stage | None:
    """By its AS name (any case, as BuildKit compares them) or by BuildKit's `stage-N` for one without a name."""
    for stage in dockerfile.stages:
        if (stage.name or f"stage-{stage.index}").lower() == name.lower():
            return stage
    return None


def lineage(dockerfile: Dockerfile, stage: Stage) -> tuple[Stage, ...]:
    """`stage`, the stage it is built FROM, and so on; the last one's base is an image."""
    found = [stage]
    while (parent := _parent(dockerfile, found[-1])) is not None:
        found.append(parent)
    return tuple(found)


def base_image(dockerfile: Dockerfile, stage: Stage) -> str:
    """The image at the root of the stage, with the defaults of global ARGs filled in; unknown variables stay."""
    return expand(lineage(dockerfile, stage)[-1].base, global_arguments(dockerfile))


def global_arguments(dockerfile: Dockerfile) -> dict[str, str]:
    """Defaults of the ARGs before the first FROM."""
    found: dict[str, str] = {}
    for instruction in dockerfile.instructions:
        if instruction.keyword == "ARG" and instruction.stage_index < 0:
            for word in instruction.arguments:
                name, given, value = word.partition("=")
                if given:
                    found[name] = expand(value.strip("\"'"), found)
    return found


def expand(text: str, values: Mapping[str, str]) -> str:
    """`$NAME`, `${NAME}` and `${NAME:-default}` from `values`; other references stay as they are."""

    def value(match: re.Match[str]) -> str:
        fallback = match[0] if match[2] is None else match[2]
        return values.get(match[1] or match[3], fallback)

    return _VARIABLE.sub(value, text)


def _parent(dockerfile: Dockerfile, stage: Stage) -> Stage | None:
    earlier = dockerfile.stages[: stage.index]
    return next((s for s in reversed(earlier) if s.name and s.name.lower() == stage.base.lower()), None)


def _instructions(ast: DockerfileAst) -> Iterator[Instruction]:
    stage = -1
    for node in ast.instructions:
        stage += node.name == "FROM"
        yield Instruction(
            keyword=node.name,
            line=node.start_line,
            end_line=node.end_line,
            command_end=node.end_line - _heredoc_lines(node),
            text=node.original,
            flags=tuple(node.flags),
            arguments=tuple(node.args),
            json=node.json,
            stage_index=stage,
        )


def _heredoc_lines(node: DockerfileInstruction) -> int:
    return sum(heredoc.content.count("\n") + 1 for heredoc in node.heredocs)


def _stages(instructions: tuple[Instruction, ...]) -> Iterator[Stage]:
    for i in instructions:
        if i.keyword == "FROM":
            name = i.arguments[2] if len(i.arguments) == 3 and i.arguments[1].lower() == "as" else None
            yield Stage(i.stage_index, name, i.arguments[0] if i.arguments else "", i.line, i.end_line)
