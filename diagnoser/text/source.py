"""Opening a log: a file (mapped, not read), a pipe (spooled), gzip and Zstandard."""

from __future__ import annotations

import io
import mmap
import os
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import BinaryIO

from diagnoser.text import Buffer, Text
from diagnoser.text.rewrite import searchable, spooled

_CHUNK = 1 << 16
SPOOL_MAX = 1 << 32  # bytes of a pipe, or of what a compressed file unpacks to, that are kept
_REACH = 16  # times `spool_max` that are unpacked to find the end of a log
_GZIP, _ZSTANDARD = b"\x1f\x8b", b"\x28\xb5\x2f\xfd"


class UnreadableError(Exception):
    """The input cannot be read. The text names it and says what to do."""


def open_log(path: str, spool_max: int = SPOOL_MAX) -> Text:
    """The text of a file, compressed or not. Raises `UnreadableError`."""
    try:
        with Path(path).open("rb") as file:
            return _text(file, path, spool_max)
    except IsADirectoryError:
        raise UnreadableError(
            f"{path}: is a folder; name the log files in it, or use: diagnoser batch {path}"
        ) from None
    except FileNotFoundError:
        raise UnreadableError(f"{path}: no such file; give a log's path, or - for standard input") from None
    except (OSError, EOFError) as error:
        raise UnreadableError(f"{path}: cannot be read: {getattr(error, 'strerror', None) or error}") from error


def open_stdin(spool_max: int = SPOOL_MAX) -> Text:
    """Standard input where it is a file; see `live` for a pipe."""
    return _text(sys.stdin.buffer, "-", spool_max)


def _text(file: BinaryIO, source: str, spool_max: int) -> Text:
    magic = _magic(file)
    if magic.startswith(_GZIP) or magic == _ZSTANDARD:
        return unpacked(file, magic, source, spool_max)
    return searchable(_mapped(file), source)


def _magic(file: BinaryIO) -> bytes:
    try:
        return os.pread(file.fileno(), 4, file.tell())
    except (OSError, io.UnsupportedOperation):
        return b""


def _mapped(file: BinaryIO) -> Buffer:
    try:
        return mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
    except (OSError, ValueError):  # an empty file, or one that cannot be mapped
        return file.read()


def unpacked(file: BinaryIO, magic: bytes, source: str, spool_max: int) -> Text:
    """The text of a stream of bytes that begins with `magic`, which tells whether it is compressed.

    Raises `OSError` or `EOFError` where it is damaged.
    """
    if magic.startswith(_GZIP):
        file = _open_gzip(file)
    elif magic == _ZSTANDARD:
        file = _open_zstandard(file)
    return _unpacked(_readable(file), source, spool_max)


def _readable(file: BinaryIO) -> Iterator[bytes]:
    try:
        yield from iter_chunks(file)
    except (OSError, EOFError):
        raise
    except Exception as error:  # each library of compression has an error of its own
        raise OSError(f"it is damaged: {error}") from error


def _bounded(chunks: Iterable[bytes], most: int) -> Iterator[bytes]:
    """Something that unpacks without end is not unpacked to its end."""
    for chunk in chunks:
        yield chunk
        most -= len(chunk)
        if most <= 0:
            return


def _unpacked(chunks: Iterable[bytes], source: str, spool_max: int) -> Text:
    from diagnoser.text.spool import spool

    return spooled(spool(_bounded(chunks, _REACH * spool_max), spool_max), source)


def iter_chunks(file: BinaryIO) -> Iterator[bytes]:
    while chunk := file.read(_CHUNK):
        yield chunk


def _open_gzip(file: BinaryIO) -> BinaryIO:
    import gzip

    return gzip.open(file)  # type: ignore[return-value]


def _open_zstandard(file: BinaryIO) -> BinaryIO:
    if sys.version_info >= (3, 14):
        from compression import zstd
    else:
        from backports import zstd
    return zstd.open(file)  # type: ignore[return-value]
