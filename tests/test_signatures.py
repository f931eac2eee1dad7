"""The gate every signature passes: it loads strictly, fires on its lines, and stays silent on its near misses."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
import regex

from diagnoser import gostd
from diagnoser.facts import NAMES
from diagnoser.pattern import compiled
from diagnoser.signature import Pattern, Signature, capture_names, templates
from diagnoser.signature_file import load
from diagnoser.template import names, render

ROOT = Path(__file__).parent.parent
SIGNATURES = load(ROOT / "signatures")


def fires(signature: Signature, text: str) -> set[int]:
    """Numbers of the patterns that match `text`."""
    found = set()
    for number, pattern in enumerate(signature.patterns):
        for match in compiled(pattern.regex).finditer(text):
            start = text.rfind("\n", 0, match.start()) + 1
            end = text.find("\n", match.end())
            lines = text[start : end if end >= 0 else len(text)]
            if not (pattern.unless and compiled(pattern.unless).search(lines)) and _in_standard(pattern, match):
                found.add(number)
    return found


def _in_standard(pattern: Pattern, match: regex.Match[str]) -> bool:
    seen = {**dict(pattern.gives), **match.groupdict()}
    name = ".".join(filter(None, (seen.get("receiver"), seen.get("symbol")))) or None
    return not pattern.standard or gostd.since(seen["package"], name) is not None


@pytest.mark.parametrize("signature", SIGNATURES.values(), ids=list(SIGNATURES))
def test_examples_fire_and_near_misses_do_not(signature: Signature) -> None:
    for example in signature.examples:
        fired = fires(signature, example.line)
        assert bool(fired) == (example.other is None), f"{signature.id}: {example.line!r} fired patterns {fired}"


@pytest.mark.parametrize("signature", SIGNATURES.values(), ids=list(SIGNATURES))
def test_near_misses_name_a_signature(signature: Signature) -> None:
    for example in signature.examples:
        assert not example.other or example.other in SIGNATURES, f"{signature.id}: near miss of unknown {example.other}"


@pytest.mark.parametrize("signature", SIGNATURES.values(), ids=list(SIGNATURES))
def test_explained_ids_exist(signature: Signature) -> None:
    areas = {identity.split("/")[0] for identity in SIGNATURES}
    for explained in signature.explains:
        area, slug = explained.split("/")
        assert (area in areas) if slug == "*" else (explained in SIGNATURES), f"{signature.id} explains unknown {explained}"


@pytest.mark.parametrize("signature", SIGNATURES.values(), ids=list(SIGNATURES))
def test_templates_name_only_what_can_be_known(signature: Signature) -> None:
    known = capture_names(signature) | NAMES
    unknown = {name for program in templates(signature) for name in names(program)} - known
    assert not unknown, f"{signature.id}: its templates name {sorted(unknown)}, which no pattern captures"


@pytest.mark.parametrize("signature", SIGNATURES.values(), ids=list(SIGNATURES))
def test_templates_read_well_with_what_each_example_gives(signature: Signature) -> None:
    for example in signature.examples:
        for captures in captured(signature, example.line) if example.other is None else ():
            for program in templates(signature):
                text = render(program, captures)
                assert "{{" not in text and "{%" not in text
                assert not EMPTY.search(text.replace("```", "")), f"{signature.id}: a name is empty in {text!r} for {example.line!r}"


def captured(signature: Signature, text: str) -> list[dict[str, str]]:
    """The captures of every match of the signature in `text`."""
    found = ((p, m) for p in signature.patterns for m in compiled(p.regex).finditer(text))
    return [{**dict(p.gives), **{name: value for name, value in m.groupdict().items() if value}} for p, m in found]


EMPTY = re.compile(r"``|\*\*\*\*|\*\* +\*\*|`@|@`|` +`(?=\W)")
