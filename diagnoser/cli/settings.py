"""The settings file, named by `--config` or DIAGNOSER_CONFIG, and the catalogue that it asks for.

Nothing is picked up from the current folder: a pull request could plant it there.
"""

from __future__ import annotations

import contextlib
import os
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, NamedTuple

from diagnoser.cli.response import Response, unknown
from diagnoser.cli.response import flaw as response_flaw

if TYPE_CHECKING:
    from diagnoser.catalogue import Catalogue

_KEYS = ("signatures", "response")


class Settings(NamedTuple):
    """`signatures`: a folder, relative to the file. `response`: what a failure means to CI, by its root cause."""

    signatures: Path | None = None
    response: Response = MappingProxyType({})


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
    if problem := _flaw(values):
        raise UnreadableError(f"{path}: {problem}")
    folder = values.get("signatures")
    return Settings(folder and path.parent / folder, values.get("response", {}))


def _flaw(values: dict[str, Any]) -> str | None:
    for key in values:
        if key not in _KEYS:
            return f"unknown key {key!r}; the keys are {', '.join(_KEYS)}"
    if not isinstance(values.get("signatures", ""), str):
        return "signatures: must be the name of a folder"
    return response_flaw(values["response"]) if "response" in values else None


def load(signatures: Path | None, config: Path | None) -> tuple[Catalogue, Settings]:
    """The settings, and the catalogue with the folder given on the command line, or else in the settings.

    Raises `UnreadableError`, `SignatureError`.
    """
    from diagnoser.catalogue import load_catalogue
    from diagnoser.text.source import UnreadableError

    settings = read(config) if config else Settings()
    catalogue = load_catalogue(signatures or settings.signatures)
    if problem := unknown(settings.response, catalogue.signatures):
        raise UnreadableError(f"{config}: {problem}")
    return catalogue, settings


def context_of(given: Path | None) -> Path | None:
    """The build's folder: the one that was named, else this one where it holds a Dockerfile."""
    if given is not None:
        return given
    with contextlib.suppress(OSError):
        if any("dockerfile" in name.lower() for name in os.listdir()):
            return Path()
    return None


def catalogue_of(signatures: Path | None, config: Path | None) -> Catalogue:
    """The catalogue alone."""
    return load(signatures, config)[0]
