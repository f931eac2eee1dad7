"""The gate every signature passes: it loads strictly, fires on its lines, and stays silent on its near misses."""

from __future__ import annotations

from pathlib import Path

import pytest
import regex

from diagnoser.signature import Signature, load

ROOT = Path(__file__).parent.parent
SIGNATURES = load(ROOT / "signatures")


def fires(signature: Signature, text: str) -> set[int]:
    """Numbers of the patterns that match `text`."""
    found = set()
    for number, pattern in enumerate(signature.patterns):
        for match in regex.finditer(pattern.regex, text, regex.MULTILINE):
            start = text.rfind("\n", 0, match.start()) + 1
            end = text.find("\n", match.end())
            lines = text[start : end if end >= 0 else len(text)]
            if not (pattern.unless and regex.search(pattern.unless, lines, regex.MULTILINE)):
                found.add(number)
    return found


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
