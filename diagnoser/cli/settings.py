"""The settings file, named by `--config` or DIAGNOSER_CONFIG, and the catalogue that it asks for.

Nothing is picked up from the current folder: a pull request could plant it there.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from diagnoser.catalogue import Catalogue

_KEYS = ("signatures", "response")


class Settings(NamedTuple):
    """`signatures`: a folder, relative to the file. `response`: what CI does, by id, area or "transient"."""

    signatures: Path | None = None
    response: dict[str, str] | None = None


def read(path: Path) -> Settings:
    """Raises `UnreadableError`."""
    import tomllib

    from diagnoser.text.source import UnreadableError

    try:
        values = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError) as error:
        raise UnreadableError(f"{path}: cannot be read: {error}; name a settings file with --config") from error
    except tomllib.TOMLDecodeError as error:
        raise UnreadableError(f"{path}: not TOML: {error}") from error
    for key in values:
        if key not in _KEYS:
            raise UnreadableError(f"{path}: unknown key {key!r}; the keys are {', '.join(_KEYS)}")
    return Settings(_folder(values, path), values.get("response"))


def _folder(values: dict[str, Any], path: Path) -> Path | None:
    folder = values.get("signatures")
    return path.parent / folder if isinstance(folder, str) else None


def catalogue_of(signatures: Path | None, config: Path | None) -> Catalogue:
    """The catalogue with the folder given on the command line, or else in the settings."""
    from diagnoser.catalogue import load_catalogue

    if signatures is None and config is not None:
        signatures = read(config).signatures
    return load_catalogue(signatures)
