"""Where in the Dockerfile the log failed. What is ambiguous, or does not fit this Dockerfile, is not guessed."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from diagnoser.dockerfile import (
    Dockerfile,
    Instruction,
    Stage,
    expand,
    global_arguments,
    instruction_at,
    instructions_of,
    stage_named,
)

_REFERENCE = re.compile(r"\$\{[^}]*\}|\$\w+")
_PULL = re.compile(r"(?i)^(?:from|(?:\[internal\] )?load metadata for)\s+(?:--\S+\s+)*(\S+)")
_LAYERS = frozenset({"FROM", "RUN", "COPY", "ADD", "WORKDIR"})  # what BuildKit counts in `[builder 4/6]`
_TELLING = 8  # characters, the keyword's included, that an instruction must have beside its variables
_ENOUGH = 16  # characters of an instruction that a terminal cut off


@dataclass(frozen=True, slots=True)
class Place:
    """What the log says of the failing step; each field alone may be enough."""

    dockerfile: str = "Dockerfile"  # as the log names it; BuildKit prints the file name without its folder
    line: int | None = None
    instruction: str | None = None  # as printed: ARG and ENV expanded or not, perhaps cut at the end
    stage: str | None = None  # its AS name, or BuildKit's `stage-N`
    position: tuple[int, int] | None = None  # (4, 6) of `[builder 4/6]`, `Step 4/6` or `STEP 4/6`


@dataclass(frozen=True, slots=True)
class Target:
    """A Dockerfile and the place in it. `step` or `stage` is None where the log does not tell it for sure."""

    dockerfile: Dockerfile
    step: Instruction | None
    stage: Stage | None
    context: Path


def locate(dockerfile: Dockerfile, place: Place, context: Path) -> Target:
    step = _step(dockerfile, place)
    return Target(dockerfile, step, _stage(dockerfile, place, step), context)


def _step(dockerfile: Dockerfile, place: Place) -> Instruction | None:
    at_line = instruction_at(dockerfile, place.line) if place.line else None
    if at_line is not None and (not place.instruction or _matching([at_line], place.instruction, dockerfile)):
        return at_line
    inside = tuple(_candidates(dockerfile, place))
    if place.instruction:
        return _only(_matching(inside, place.instruction, dockerfile), dockerfile, place)
    return _only(inside, dockerfile, place) if place.position and not place.line else None


def _stage(dockerfile: Dockerfile, place: Place, step: Instruction | None) -> Stage | None:
    if step is not None and step.stage_index >= 0:
        return dockerfile.stages[step.stage_index]
    if place.stage is not None:
        return stage_named(dockerfile, place.stage)
    return dockerfile.stages[0] if len(dockerfile.stages) == 1 else None


def _candidates(dockerfile: Dockerfile, place: Place) -> Iterable[Instruction]:
    if place.stage is None:
        return dockerfile.instructions
    stage = stage_named(dockerfile, place.stage)
    return () if stage is None else instructions_of(dockerfile, stage)


def _only(found: Iterable[Instruction], dockerfile: Dockerfile, place: Place) -> Instruction | None:
    found = tuple(found)
    if len(found) > 1 and place.position:
        found = tuple(i for i in found if place.position in _positions(dockerfile, i))
    return found[0] if len(found) == 1 else None


def _positions(dockerfile: Dockerfile, step: Instruction) -> set[tuple[int, int]]:
    """The `i/n` of a step as BuildKit, the legacy builder (whole file) and buildah (whole stage) number it."""
    stage = [i for i in dockerfile.instructions if i.stage_index == step.stage_index]
    countings = ([i for i in stage if i.keyword in _LAYERS], list(dockerfile.instructions), stage)
    return {(counted.index(step) + 1, len(counted)) for counted in countings if step in counted}


def _matching(steps: Iterable[Instruction], logged: str, dockerfile: Dockerfile) -> tuple[Instruction, ...]:
    """Those that the log's text can stand for: word for word, else with variables filled in, else with the
    start of a heredoc in brackets behind it, else cut at its end."""
    steps = tuple(steps)
    if (pulled := _PULL.match(logged)) and (found := _pulling(steps, pulled[1], dockerfile)):
        return found
    text = _plain(logged)
    same = tuple(i for i in steps if _plain(i.text) == text)
    filled = tuple(i for i in steps if _fills(_pieces(i.text), text))
    heredoc = tuple(i for i in steps if i.end_line > i.command_end and text.startswith(_plain(i.text) + "("))
    cut = tuple(i for i in steps if len(text) >= _ENOUGH and _plain(i.text).startswith(text.rstrip(".…")))
    return same or filled or heredoc or cut


def _pulling(steps: tuple[Instruction, ...], image: str, dockerfile: Dockerfile) -> tuple[Instruction, ...]:
    """The FROMs of `image`; where none is written or defaults to just that, those that a build argument can make it."""
    values = global_arguments(dockerfile)
    bases = {s.line: s.base for s in dockerfile.stages}
    froms = [i for i in steps if i.line in bases]
    same = tuple(i for i in froms if _reference(expand(bases[i.line], values)) == _reference(image))
    wanted = _plain(f"FROM {_reference(image)}")
    return same or tuple(i for i in froms if _fills(_pieces(f"FROM {bases[i.line]}"), wanted))


def _reference(image: str) -> str:
    """An image name without what the log adds to it: `docker.io/library/`, a digest, `:latest`."""
    name = re.sub(r"^(?:docker\.io/)?(?:library/)?", "", image.strip("\"'")).partition("@")[0]
    return name.removesuffix(":latest")


def _plain(text: str) -> str:
    keyword, _, rest = text.strip().partition(" ")
    return keyword.upper() + _squeezed(rest)


def _squeezed(text: str) -> str:
    """Blanks, quotes and escapes taken out: builders differ in how many of them they print."""
    return re.sub(r"[\s\"'\\]+", "", text)


def _pieces(text: str) -> list[str]:
    """The text between variable references."""
    first, *others = _REFERENCE.split(text)
    return [_plain(first), *map(_squeezed, others)]


def _fills(pieces: list[str], text: str) -> bool:
    """Whether `text` is the pieces in order with anything between them (linear, unlike a regex of `.*`)."""
    if len(pieces) == 1 or not text.startswith(pieces[0]) or len("".join(pieces)) < _TELLING:
        return False
    at = len(pieces[0])
    for piece in pieces[1:-1]:
        at = text.find(piece, at)
        if at < 0:
            return False
        at += len(piece)
    return len(text) - len(pieces[-1]) >= at and text.endswith(pieces[-1])
