"""The modules that the lab's proxies serve: their zips, go.mod files and go.sum hashes, made from modules.toml."""

from __future__ import annotations

import base64
import hashlib
import io
import tomllib
import zipfile
from functools import cache
from pathlib import Path


@cache
def modules() -> dict[str, dict[str, str]]:
    """`path@version` → file name → content, go.mod included."""
    table = tomllib.loads(Path(__file__).with_name("modules.toml").read_text())
    return {key: {"go.mod": f"module {key.split('@')[0]}\n\ngo 1.18\n"} | files for key, files in table.items()}


def versions(path: str) -> list[str]:
    """The versions that exist of a module, oldest first as the table has them."""
    return [key.split("@")[1] for key in modules() if key.split("@")[0] == path]


def module_zip(key: str, *, extra: str | None = None, prefix: str | None = None) -> bytes:
    """The zip a proxy serves; `extra` adds a file, so that the hash differs; `prefix` misplaces all files."""
    buffer = io.BytesIO()
    files = modules()[key] | ({"extra.txt": extra} if extra else {})
    with zipfile.ZipFile(buffer, "w") as archive:
        for name, content in files.items():
            archive.writestr(zipfile.ZipInfo(f"{prefix or key}/{name}", (1980, 1, 1, 0, 0, 0)), content)
    return buffer.getvalue()


def go_sum(keys: list[str]) -> str:
    """The go.sum text for `path@version` keys; `path@version/go.mod` gives the go.mod line alone.

    Hash1 as golang.org/x/mod/sumdb/dirhash defines it.
    """
    return "".join(line + "\n" for key in keys for line in _sum_lines(key))


def _sum_lines(key: str) -> list[str]:
    path, version = key.removesuffix("/go.mod").split("@")
    files = modules()[f"{path}@{version}"]
    of_mod = f"{path} {version}/go.mod {_hash1({'go.mod': files['go.mod']})}"
    if key.endswith("/go.mod"):
        return [of_mod]
    return [f"{path} {version} {_hash1({f'{path}@{version}/{name}': text for name, text in files.items()})}", of_mod]


def _hash1(files: dict[str, str]) -> str:
    lines = "".join(f"{hashlib.sha256(files[name].encode()).hexdigest()}  {name}\n" for name in sorted(files))
    return "h1:" + base64.b64encode(hashlib.sha256(lines.encode()).digest()).decode()
