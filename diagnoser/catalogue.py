"""All signatures, indexed for the scan: which literals to look for, and which patterns each of them calls."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from diagnoser.signature import Signature, load

_HERE = Path(__file__).parent
BUILT_IN = _HERE / "signatures" if (_HERE / "signatures").is_dir() else _HERE.parent / "signatures"


@dataclass(frozen=True, slots=True)
class Catalogue:
    """`literals`: bytes to find, and whether their case may differ. `calls[n]`: (signature id, pattern number)."""

    signatures: Mapping[str, Signature]
    literals: tuple[tuple[bytes, bool], ...]
    calls: tuple[tuple[tuple[str, int], ...], ...]


def build(signatures: Mapping[str, Signature]) -> Catalogue:
    calls: dict[tuple[bytes, bool], list[tuple[str, int]]] = {}
    for signature in signatures.values():
        for number, pattern in enumerate(signature.patterns):
            for word in pattern.literals.words:
                calls.setdefault((word.encode(), pattern.literals.caseless), []).append((signature.id, number))
    return Catalogue(signatures, tuple(calls), tuple(map(tuple, calls.values())))


@lru_cache(maxsize=4)
def load_catalogue(extra: Path | None = None) -> Catalogue:
    """The built-in signatures and those below `extra`, which may override them by id. Raises `SignatureError`."""
    signatures = load(BUILT_IN)
    if extra is not None:
        signatures |= load(extra)
    return build(signatures)
