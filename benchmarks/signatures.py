"""Ten times the signatures: nine more of each, with words of their own to look for."""

from __future__ import annotations

import re
from pathlib import Path

from diagnoser.catalogue import load_catalogue
from diagnoser.signature import Pattern

_HEAD = 'title = "Copy"\ncause = "Copy."\n'
_FORM = "\n[[pattern]]\nregex = '''{}'''\n\n[[example]]\nline = '''{}'''\n"


def write(folder: Path) -> None:
    """Write them below `folder`. Raises `ValueError` where they do not all load."""
    signatures = load_catalogue().signatures
    copied = [signature for signature in signatures.values() if signature.patterns]  # not those that show as silence
    for signature in copied:
        for copy in range(9):
            path = folder / f"{signature.id.replace('/', f'-{copy}/')}.toml"
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(_HEAD + "".join(_pattern(pattern, copy) for pattern in signature.patterns))
    if len(load_catalogue(folder).signatures) != len(signatures) + 9 * len(copied):
        raise ValueError(f"{folder}: not all signatures loaded")


def _pattern(pattern: Pattern, copy: int) -> str:
    words = [f"zq{copy} {word}" for word in pattern.literals.words]
    return _FORM.format("|".join(map(re.escape, words)), words[0])
