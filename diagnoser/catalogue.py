"""All signatures, indexed for the scan: which literals to look for, and which patterns each of them calls.

Reading 300 files costs seconds, so a catalogue is compiled once: into the wheel when that is built, else into the
user's cache, keyed by the files' names, sizes and times. Start-up reads the index; a signature is read when it is hit.
"""

from __future__ import annotations

import contextlib
import marshal
import os
import pickle
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import NamedTuple

from diagnoser import cache
from diagnoser.scan import Grams, grams
from diagnoser.signature import Signature, SignatureError
from diagnoser.version import VERSION

_HERE = Path(__file__).parent
_SHIPPED = _HERE / "catalogue.bin"  # in the wheel; a checkout has the files themselves
BUILT_IN = _HERE.parent / "signatures"


class Catalogue(NamedTuple):
    """`literals`: bytes to find, and whether their case may differ; `calls[n]`: the (signature id, pattern number)
    pairs that literal n calls. `grams` index the literals. `stalls`: ids of the signatures that show as silence."""

    signatures: Mapping[str, Signature]
    literals: tuple[tuple[bytes, bool], ...]
    calls: tuple[tuple[tuple[str, int], ...], ...]
    grams: Grams
    stalls: tuple[str, ...]


def build(signatures: Mapping[str, Signature]) -> Catalogue:
    calls: dict[tuple[bytes, bool], list[tuple[str, int]]] = {}
    for signature in signatures.values():
        for number, pattern in enumerate(signature.patterns):
            for word in pattern.literals.words:
                calls.setdefault((word.encode(), pattern.literals.caseless), []).append((signature.id, number))
    stalls = tuple(s.id for s in signatures.values() if s.stalls)
    return Catalogue(signatures, tuple(calls), tuple(map(tuple, calls.values())), grams(tuple(calls)), stalls)


def load_catalogue(extra: Path | None = None) -> Catalogue:
    """The built-in signatures and those below `extra`, which may override them by id. Raises `SignatureError`."""
    shipped = _SHIPPED.is_file()
    if shipped and extra is None:
        return unpack(_SHIPPED.read_bytes())
    roots = ([] if shipped else [BUILT_IN]) + ([extra] if extra else [])
    for root in roots:
        if not root.is_dir():
            raise SignatureError(f"{root}: no such folder; name a folder that holds AREA/SLUG.toml files")
    name = f"{_key(roots)}.catalogue"
    stored = cache.read(name)
    if stored:
        with contextlib.suppress(ValueError, EOFError, TypeError):
            return unpack(stored)
    from diagnoser.signature_file import load

    signatures = dict(unpack(_SHIPPED.read_bytes()).signatures) if shipped else {}
    for root in roots:
        signatures |= load(root)
    catalogue = build(signatures)
    cache.write(name, pack(catalogue))
    return catalogue


def pack(catalogue: Catalogue) -> bytes:
    """A catalogue as bytes: the length of the index, the index, and the signatures one after the other."""
    places: dict[str, tuple[int, int]] = {}
    stored = b""
    for identity, signature in catalogue.signatures.items():
        blob = pickle.dumps(signature)
        places[identity] = (len(stored), len(stored) + len(blob))
        stored += blob
    index = marshal.dumps((*catalogue[1:], places))  # type: ignore[arg-type]
    return len(index).to_bytes(8, "little") + index + stored


def unpack(data: bytes) -> Catalogue:
    """Raises `ValueError`, `EOFError` or `TypeError` where the data is not whole."""
    start = 8 + int.from_bytes(data[:8], "little")
    *index, places = marshal.loads(memoryview(data)[8:start])
    return Catalogue(_Stored(memoryview(data)[start:], places), *index)


class _Stored(Mapping[str, Signature]):
    """Signatures by id, each read when first asked for."""

    def __init__(self, stored: memoryview, places: Mapping[str, tuple[int, int]]) -> None:
        self._stored, self._places = stored, places
        self._read: dict[str, Signature] = {}

    def __getitem__(self, identity: str) -> Signature:
        if identity not in self._read:
            start, end = self._places[identity]
            self._read[identity] = pickle.loads(self._stored[start:end])
        return self._read[identity]

    def __iter__(self) -> Iterator[str]:
        return iter(self._places)

    def __len__(self) -> int:
        return len(self._places)


def _key(roots: list[Path]) -> str:
    """Changes with any signature file, with this package's code version and with Python's."""
    import hashlib

    digest = hashlib.sha256(f"{VERSION} {sys.version_info[:2]} {_code_stamp()}".encode())
    for root in roots:
        for folder, folders, files in os.walk(root):
            folders.sort()
            for name in sorted(files):
                facts = os.stat(os.path.join(folder, name))
                digest.update(f"{folder}/{name} {facts.st_size} {facts.st_mtime_ns}\n".encode())
    return digest.hexdigest()[:32]


def _code_stamp() -> int:
    return max(
        (_HERE / name).stat().st_mtime_ns
        for name in ("signature.py", "signature_file.py", "template.py", "literals.py", "pattern.py")
    )
