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

from diagnoser import __version__, cache
from diagnoser.signature import Signature

_HERE = Path(__file__).parent
_SHIPPED = _HERE / "catalogue.bin"  # in the wheel; a checkout has the files themselves
BUILT_IN = _HERE.parent / "signatures"


class Catalogue(NamedTuple):
    """`literals`: bytes to find, and whether their case may differ; `calls[n]`: the (signature id, pattern number)
    pairs that literal n calls. `stalls`: ids of the signatures that show as silence."""

    signatures: Mapping[str, Signature]
    literals: tuple[tuple[bytes, bool], ...]
    calls: tuple[tuple[tuple[str, int], ...], ...]
    stalls: tuple[str, ...]


def build(signatures: Mapping[str, Signature]) -> Catalogue:
    calls: dict[tuple[bytes, bool], list[tuple[str, int]]] = {}
    for signature in signatures.values():
        for number, pattern in enumerate(signature.patterns):
            for word in pattern.literals.words:
                calls.setdefault((word.encode(), pattern.literals.caseless), []).append((signature.id, number))
    stalls = tuple(s.id for s in signatures.values() if s.stalls)
    return Catalogue(signatures, tuple(calls), tuple(map(tuple, calls.values())), stalls)


def load_catalogue(extra: Path | None = None) -> Catalogue:
    """The built-in signatures and those below `extra`, which may override them by id. Raises `SignatureError`."""
    shipped = _SHIPPED.is_file()
    if shipped and extra is None:
        return unpack(_SHIPPED.read_bytes())
    roots = ([] if shipped else [BUILT_IN]) + ([extra] if extra else [])
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
    """A catalogue as bytes that load without reading what is not asked for."""
    blobs = {identity: pickle.dumps(signature) for identity, signature in catalogue.signatures.items()}
    return marshal.dumps((catalogue.literals, catalogue.calls, catalogue.stalls, blobs))


def unpack(data: bytes) -> Catalogue:
    literals, calls, stalls, blobs = marshal.loads(data)
    return Catalogue(_Stored(blobs), literals, calls, stalls)


class _Stored(Mapping[str, Signature]):
    """Signatures by id, each read when first asked for."""

    def __init__(self, blobs: dict[str, bytes]) -> None:
        self._blobs = blobs
        self._read: dict[str, Signature] = {}

    def __getitem__(self, identity: str) -> Signature:
        if identity not in self._read:
            self._read[identity] = pickle.loads(self._blobs[identity])
        return self._read[identity]

    def __iter__(self) -> Iterator[str]:
        return iter(self._blobs)

    def __len__(self) -> int:
        return len(self._blobs)


def _key(roots: list[Path]) -> str:
    """Changes with any signature file, with this package's code version and with Python's."""
    import hashlib

    digest = hashlib.sha256(f"{__version__} {sys.version_info[:2]} {_code_stamp()}".encode())
    for root in roots:
        for folder, folders, files in os.walk(root):
            folders.sort()
            for name in sorted(files):
                facts = os.stat(os.path.join(folder, name))
                digest.update(f"{folder}/{name} {facts.st_size} {facts.st_mtime_ns}\n".encode())
    return digest.hexdigest()[:32]


def _code_stamp() -> int:
    return max((_HERE / name).stat().st_mtime_ns for name in ("signature.py", "signature_file.py", "template.py", "literals.py", "pattern.py"))

