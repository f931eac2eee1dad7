"""Remedies filled in from this log, and as a patch where the build context is at hand."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple

from diagnoser.facts import in_words
from diagnoser.signature import Edit, Signature, Target
from diagnoser.steps import Log
from diagnoser.template import Program, render


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
    return tuple(
        Remedy(
            title=render(remedy.title, words),
            target=remedy.target,
            text=render(remedy.text, words).strip(),
            edit=_edit(remedy.edit, values),
        )
        for remedy in signature.remedies
    )


def _edit(edit: Edit, values: Mapping[str, str]) -> dict[str, str | Mapping[str, str]]:
    """The edits with their values; one whose value (or first part) comes out empty does not apply to this log."""
    filled = {name: _filled(value, values) for name, value in edit.items()}
    return {n: v for n, v in filled.items() if (v.strip() if isinstance(v, str) else next(iter(v.values()), "").strip())}


def _filled(value: Program | Mapping[str, Program], values: Mapping[str, str]) -> str | dict[str, str]:
    if isinstance(value, Mapping):
        return {name: render(inner, values) for name, inner in value.items()}
    return render(value, values)
