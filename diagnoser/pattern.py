"""Regular expressions as data: compiled when a signature is read, loaded again only when a clue calls them.

What compiles them is the larger half of `regex`, and importing it costs a tenth of a short log's time. What runs them is
its engine, a module in C that can be loaded alone.
"""

from __future__ import annotations

import copyreg
import marshal
import sys
import zlib
from functools import cache, lru_cache
from importlib.machinery import PathFinder
from importlib.util import module_from_spec
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    import regex

_ENGINE, _COMPILER = "regex._regex", "_regex_core.py"
_PLAIN = 2  # the version of marshal's format that is the same bytes every time


class Regex(NamedTuple):
    """`code` is what `regex` hands to its engine (and pickles), good for the `compiler` (a checksum) that made it."""

    source: str
    code: bytes
    compiler: int


def compile_regex(source: str) -> Regex:
    """Raises `ValueError` where `source` is no regex."""
    import regex

    try:
        compiled = regex.compile(source, regex.MULTILINE)
    except (regex.error, OverflowError) as error:
        raise ValueError(str(error)) from error
    code = copyreg.dispatch_table[regex.Pattern](compiled)[1]
    return Regex(source, marshal.dumps(code, _PLAIN), _compiler())


@lru_cache(maxsize=8192)
def compiled(pattern: Regex) -> regex.Pattern[str]:
    """Ready to run: thirty times faster from its code than from its source."""
    engine = _engine()
    if engine and pattern.compiler == _compiler():
        return engine.compile(*marshal.loads(pattern.code))  # type: ignore[no-any-return]
    import regex

    return regex.compile(pattern.source, regex.MULTILINE)


@cache
def _compiler() -> int:
    """A checksum of the compiler that is installed; 0 where it is not found."""
    for folder in _folders():
        path = Path(folder, _COMPILER)
        if path.is_file():
            return zlib.crc32(path.read_bytes())
    return 0


@cache
def _engine() -> ModuleType | None:
    if _ENGINE not in sys.modules:
        spec = PathFinder.find_spec(_ENGINE, _folders())
        if spec is None or spec.loader is None:
            return None
        sys.modules[_ENGINE] = module_from_spec(spec)
        spec.loader.exec_module(sys.modules[_ENGINE])
    return sys.modules[_ENGINE]


def _folders() -> list[str]:
    """Where the package `regex` lies; finding it does not import it."""
    package = PathFinder.find_spec("regex")
    return list(package.submodule_search_locations or []) if package else []
