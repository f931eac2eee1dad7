"""All signatures, indexed for the scan: which literals to look for, and which patterns each of them calls.

Reading 300 files costs seconds, so a catalogue is compiled once: into the wheel when that is built, else into the
user's cache, keyed by the files' names, sizes and times. Start-up reads an index that hardly grows with the catalogue; a
signature, a literal and what it calls are read when they are hit.
"""

from __future__ import annotations

import contextlib
import marshal
import mmap
import os
import pickle
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import accumulate
from pathlib import Path
from typing import Any, NamedTuple

from diagnoser import cache
from diagnoser.scan import Grams, grams
from diagnoser.signature import LAST_RESORTS, Signature, SignatureError
from diagnoser.version import VERSION

_HERE = Path(__file__).parent
_SHIPPED = _HERE / "catalogue.bin"  # in the wheel; a checkout has the files themselves
_WIDTH = 4  # bytes of the place of a stored thing
BUILT_IN = _HERE.parent / "signatures"


class Catalogue(NamedTuple):
    """`literals`: bytes to find, and whether their case may differ; `calls[n]`: the (signature id, pattern number)
    pairs that literal n calls. `grams` index the literals. `stalls`: ids of the signatures that show as silence.
    `causes`: by id, those of the signatures that explain it by name."""

    signatures: Mapping[str, Signature]
    literals: Sequence[tuple[bytes, bool]]
    calls: Sequence[tuple[tuple[str, int], ...]]
    grams: Grams
    stalls: tuple[str, ...]
    causes: Mapping[str, tuple[str, ...]]


def build(signatures: Mapping[str, Signature]) -> Catalogue:
    calls: dict[tuple[bytes, bool], list[tuple[str, int]]] = {}
    for signature in signatures.values():
        for number, pattern in enumerate(signature.patterns):
            for word in pattern.literals.words:
                calls.setdefault((word.encode(), pattern.literals.caseless), []).append((signature.id, number))
    stalls = tuple(s.id for s in signatures.values() if s.stalls)
    literals, called = tuple(calls), tuple(map(tuple, calls.values()))
    return Catalogue(signatures, literals, called, grams(literals), stalls, _causes(signatures))


def _causes(signatures: Mapping[str, Signature]) -> dict[str, tuple[str, ...]]:
    """Of the last resorts none are told: everything explains them."""
    causes: dict[str, tuple[str, ...]] = {}
    for signature in signatures.values():
        for symptom in signature.explains:
            if symptom not in LAST_RESORTS:
                causes[symptom] = (*causes.get(symptom, ()), signature.id)
    return causes


def load_catalogue(extra: Path | None = None) -> Catalogue:
    """The built-in signatures and those below `extra`, which may override them by id. Raises `SignatureError`."""
    shipped = _SHIPPED.is_file()
    if shipped and extra is None:
        return unpack(_mapped(_SHIPPED))
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

    signatures = dict(unpack(_mapped(_SHIPPED)).signatures) if shipped else {}
    for root in roots:
        signatures |= load(root)
    catalogue = build(signatures)
    cache.write(name, pack(catalogue))
    return catalogue


def _mapped(path: Path) -> mmap.mmap:
    with path.open("rb") as file:
        return mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)


def pack(catalogue: Catalogue) -> bytes:
    """A catalogue as bytes: the length of the index, the index, and the signatures, literals and calls one by one."""
    signatures, literals, calls, *index = catalogue
    stored: list[bytes] = [pickle.dumps(signature) for signature in signatures.values()]
    stored += [marshal.dumps(literal) for literal in literals] + [marshal.dumps(called) for called in calls]
    ends = b"".join(end.to_bytes(_WIDTH, "little") for end in accumulate(map(len, stored), initial=0))
    head = marshal.dumps((*index, tuple(signatures), len(literals), ends))  # type: ignore[arg-type]
    return len(head).to_bytes(8, "little") + head + b"".join(stored)


def unpack(data: bytes | mmap.mmap) -> Catalogue:
    """Raises `ValueError`, `EOFError` or `TypeError` where the data is not whole."""
    view = memoryview(data)
    start = 8 + int.from_bytes(view[:8], "little")
    *index, ids, count, ends = marshal.loads(view[8:start])
    stored, first = view[start:], len(ids)
    signatures = _Signatures(ids, _Records(stored, ends, 0, first, pickle.loads))
    literals = _Records(stored, ends, first, count, marshal.loads)
    return Catalogue(signatures, literals, _Records(stored, ends, first + count, count, marshal.loads), *index)


class _Records(Sequence[Any]):
    """`count` of the stored things, from number `first` on; each is read when first asked for."""

    def __init__(
        self, stored: memoryview, ends: bytes, first: int, count: int, load: Callable[[memoryview], Any]
    ) -> None:
        self._stored, self._ends, self._first, self._count, self._load = stored, ends, first, count, load
        self._read: dict[int, Any] = {}

    def __getitem__(self, number: Any) -> Any:
        if number not in self._read:
            if number >= self._count:
                raise IndexError(number)
            start, end = self._end(number), self._end(number + 1)
            self._read[number] = self._load(self._stored[start:end])
        return self._read[number]

    def _end(self, number: int) -> int:
        at = (self._first + number) * _WIDTH
        return int.from_bytes(self._ends[at : at + _WIDTH], "little")

    def __len__(self) -> int:
        return self._count


class _Signatures(Mapping[str, Signature]):
    """Signatures by id."""

    def __init__(self, ids: tuple[str, ...], records: _Records) -> None:
        self._numbers, self._records = {identity: number for number, identity in enumerate(ids)}, records

    def __getitem__(self, identity: str) -> Signature:
        signature: Signature = self._records[self._numbers[identity]]
        return signature

    def __iter__(self) -> Iterator[str]:
        return iter(self._numbers)

    def __len__(self) -> int:
        return len(self._numbers)


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
        for name in ("catalogue.py", "signature.py", "signature_file.py", "template.py", "literals.py", "pattern.py")
    )
