"""Logs in a zip archive, such as the logs of a GitHub run: each member is one."""

from __future__ import annotations

import zipfile
from functools import lru_cache
from typing import BinaryIO, cast

from diagnoser.text import Text
from diagnoser.text.source import UnreadableError, unpacked

_MAGIC = 4  # bytes


def members(path: str) -> list[str]:
    """The names of the files in it. Raises `UnreadableError`."""
    return [info.filename for info in _archive(path).infolist() if not info.is_dir()]


def open_member(path: str, name: str, spool_max: int) -> Text:
    """The text of a member, compressed once more or not. Raises `UnreadableError`."""
    source = f"{path}:{name}"
    try:
        with _archive(path).open(name) as file:
            magic = cast(zipfile.ZipExtFile, file).peek(_MAGIC)[:_MAGIC]
            return unpacked(cast(BinaryIO, file), magic, source, spool_max)
    except (
        OSError,
        EOFError,
        KeyError,
        RuntimeError,
        zipfile.BadZipFile,
    ) as error:  # RuntimeError: it wants a password
        raise UnreadableError(f"{source}: cannot be read: {error}") from error


@lru_cache(maxsize=1)
def _archive(path: str) -> zipfile.ZipFile:
    """The last one opened: its directory is read once for all its members."""
    try:
        return zipfile.ZipFile(path)
    except (OSError, zipfile.BadZipFile) as error:
        raise UnreadableError(
            f"{path}: no readable zip archive: {getattr(error, 'strerror', None) or error}"
        ) from error
