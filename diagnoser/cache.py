"""Files that may be lost at any time, in the user's own cache folder; written whole or not at all."""

from __future__ import annotations

import contextlib
import os
import sys
from pathlib import Path

_MOST = 12  # files that are kept


def folder() -> Path:
    if sys.platform == "win32":
        base = Path(os.environ.get("LOCALAPPDATA") or Path.home() / "AppData" / "Local")
    else:
        base = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
    return base / "diagnoser"


def read(name: str) -> bytes | None:
    with contextlib.suppress(OSError, RuntimeError):  # no such file, no home
        return (folder() / name).read_bytes()
    return None


def write(name: str, data: bytes) -> None:
    """Also beside another run that writes the same. A cache that cannot be written is no error."""
    with contextlib.suppress(OSError, RuntimeError):
        folder().mkdir(parents=True, exist_ok=True, mode=0o700)
        write_whole(folder() / name, data)
        _prune()


def write_whole(path: Path, data: bytes) -> None:
    """Write a file such that it is there whole, or as it was before. Raises `OSError`."""
    import tempfile

    if path.exists() and not path.is_file():  # a device or a pipe: not ours to replace
        path.write_bytes(data)
        return
    file = tempfile.NamedTemporaryFile(dir=path.parent, delete=False)  # noqa: SIM115
    try:
        with file:
            file.write(data)
        Path(file.name).chmod(0o666 & ~_umask())  # a temporary file is its maker's alone
        os.replace(file.name, path)
    except BaseException:
        with contextlib.suppress(OSError):
            Path(file.name).unlink()
        raise


def _umask() -> int:
    """The process's own; it can only be read by setting it."""
    mask = os.umask(0o077)
    os.umask(mask)
    return mask


def _prune() -> None:
    """Keep the newest: every change of a signature leaves a file here that nothing asks for again."""
    found = sorted(folder().iterdir(), key=lambda path: path.stat().st_mtime, reverse=True)
    for path in found[_MOST:]:
        path.unlink(missing_ok=True)
