"""Remedies filled in from this log, and as a patch where the build context is at hand."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from diagnoser.facts import in_words
from diagnoser.redact import redact
from diagnoser.signature import Edit, Signature, Target
from diagnoser.steps import Log, Step
from diagnoser.template import Program, render, unquoted

if TYPE_CHECKING:
    from diagnoser.fix import Place


class Remedy(NamedTuple):
    """`edit` is what it changes, by name of the edit; `patch` a unified diff against the context, where one fits."""

    title: str
    target: Target
    text: str
    edit: Mapping[str, str | Mapping[str, str]]
    patch: str | None = None


def remedies(
    signature: Signature, values: Mapping[str, str], log: Log, step: int | None, context: Path | None
) -> tuple[Remedy, ...]:
    """The signature's remedies in the words of this log."""
    words = in_words(values)
    place = place_of(log.steps[step], context) if context and step is not None else None
    return tuple(
        Remedy(
            title=render(remedy.title, words),
            target=remedy.target,
            text=render(remedy.text, words).strip(),
            edit=(edit := _edit(remedy.edit, values)),
            patch=_diff(edit, place, context) if place and context else None,
        )
        for remedy in signature.remedies
    )


def _diff(edit: Mapping[str, str | Mapping[str, str]], place: Place, context: Path) -> str | None:
    """The patch, unless it would show a secret of the Dockerfile: what is printed must be whole and must not leak."""
    from diagnoser.fix import propose

    patch = propose(edit, place, context)
    return patch.diff if patch and redact(patch.diff) == patch.diff else None


def place_of(step: Step, context: Path) -> Place | None:
    """Where the step stands in the Dockerfile of the context; none where the log is not a builder's."""
    if not step.name and not step.instruction:
        return None
    from diagnoser.fix import Place

    position = _POSITION.search(step.name)
    return Place(
        dockerfile=step.dockerfile or "Dockerfile",
        line=step.line,
        instruction=step.instruction,
        stage=step.stage,
        position=(int(position[1]), int(position[2])) if position else None,
    )


_POSITION = re.compile(r"(\d{1,6})/(\d{1,6})\b")


def _edit(edit: Edit, values: Mapping[str, str]) -> dict[str, str | Mapping[str, str]]:
    """The edits with their values; one whose value (or first part) comes out empty does not apply to this log.

    Nor does one that would put into a shell what the log made up: words of a log stay words, or are quoted.
    """
    filled = {name: _filled(value, values) for name, value in edit.items() if _harmless(value, values)}
    return {
        n: v for n, v in filled.items() if (v.strip() if isinstance(v, str) else next(iter(v.values()), "").strip())
    }


_ACTS = re.compile(r"[;&|$`<>()\\\"'\r\n]")  # what a shell or a Dockerfile does not take as part of a word
_SOUGHT = ("match", "text", "name", "of")  # parts of an edit that are looked for and never written


def _harmless(value: Program | Mapping[str, Program], values: Mapping[str, str]) -> bool:
    written = [p for n, p in value.items() if n not in _SOUGHT] if isinstance(value, Mapping) else [value]
    return not any(_ACTS.search(values.get(name, "")) for program in written for name in unquoted(program))


def _filled(value: Program | Mapping[str, Program], values: Mapping[str, str]) -> str | dict[str, str]:
    if isinstance(value, Mapping):
        return {name: render(inner, values) for name, inner in value.items()}
    return render(value, values)
