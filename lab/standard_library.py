"""Prints the patterns of modules/go-version-too-old that know when a name of the standard library came.

    python -m lab.standard_library GOROOT >> signatures/modules/go-version-too-old.toml

The facts are those of the toolchain itself: the manifest that `go vet` checks the go line of go.mod with.
"""

from __future__ import annotations

import re
import sys
from collections import defaultdict
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import NamedTuple

MANIFEST = "src/cmd/vendor/golang.org/x/tools/internal/stdlib/manifest.go"
_FIRST = 4  # the oldest Go that images in use still have
_RARE = re.compile(
    "syscall|debug/|simd|internal|unicode$|image/color/palette|text/template/parse|"
    "go/(?!types$|ast$|token$)|runtime/(?!debug$|pprof$)"
)
_PACKAGE = re.compile(r'\t"([^"]+)": \{')
_SYMBOL = re.compile(r'\t\t\{"([^"]+)", (\w+), (\d+),')
_MEMBER = re.compile(r"\(?\*?(\w+)\)?\.(\w+)")


class Name(NamedTuple):
    package: str  # as code writes it: http, not net/http
    owner: str  # the type of a method or field, else empty
    name: str
    release: int


def main(goroot: Path) -> None:
    """Print one block for the names and one for the members that each release brought."""
    releases: dict[int, list[Name]] = defaultdict(list)
    for name in names((goroot / MANIFEST).read_text(encoding="utf-8")):
        releases[name.release].append(name)
    for release in sorted(releases):
        print(*_blocks(release, releases[release]), sep="\n", end="")


def names(manifest: str) -> Iterator[Name]:
    """What came to a package after the package itself: an import of a package that is not there is told otherwise."""
    packages: dict[str, list[tuple[str, str, int]]] = defaultdict(list)
    package = ""
    for line in manifest.splitlines():
        if found := _PACKAGE.match(line):
            package = found[1]
        elif found := _SYMBOL.match(line):
            packages[package].append((found[1], found[2], int(found[3])))
    for path, symbols in packages.items():
        born = min(release for _, _, release in symbols)
        for symbol, kind, release in symbols:
            if release >= max(_FIRST, born + 1) and not _RARE.match(path):
                yield from _name(path, symbol, kind, release)


def _name(path: str, symbol: str, kind: str, release: int) -> Iterator[Name]:
    package = re.sub(r"/v\d+$", "", path).rsplit("/", 1)[-1]
    if kind not in ("Method", "Field"):
        yield Name(package, "", symbol, release)
    elif found := _MEMBER.fullmatch(symbol):
        yield Name(package, found[1], found[2], release)


def _blocks(release: int, found: list[Name]) -> Iterator[str]:
    symbols = [n for n in found if not n.owner]
    types = {(n.package, n.name) for n in symbols}
    members = [n for n in found if n.owner and (n.package, n.owner) not in types]
    if symbols:
        lines = _lines(_grouped((n.package, n.name) for n in symbols), r"{head}\.{names}")
        example = f"undefined: {symbols[0].package}.{symbols[0].name}"
        yield _block(release, rf"undefined:\ (?<symbol>{lines})\b", example)
    if members:
        lines = _lines(
            _grouped((rf"{n.package}\.{n.owner}", n.name) for n in members),
            r"{names}\ undefined\ \(type\ \*{{0,2}}{head}",
        )
        n = members[0]
        example = f"x.{n.name} undefined (type *{n.package}.{n.owner} has no field or method {n.name})"
        yield _block(release, rf"\.{lines}\ has\ no\ field\ or\ method\ (?<symbol>\w+)", example)


def _grouped(pairs: Iterable[tuple[str, str]]) -> dict[str, list[str]]:
    groups: dict[str, list[str]] = defaultdict(list)
    for head, name in pairs:
        groups[head].append(name)
    return groups


def _lines(groups: dict[str, list[str]], form: str) -> str:
    """One alternative a line: `| strings\\.(?:Builder|ReplaceAll)`."""
    either = (
        form.format(head=head, names=f"(?:{'|'.join(names)})" if names[1:] else names[0])
        for head, names in groups.items()
    )
    return "(?:\n  " + "\n| ".join(either) + "\n)"


def _block(release: int, regex: str, example: str) -> str:
    return f"""[[pattern]]
regex = '''(?x) {regex}'''
gives = {{ go_want = "1.{release}" }}
source = "cmd/compile: came with Go 1.{release}"
until = "1.{release - 1}"
[[example]]
line = '''main.go:5:2: {example}'''

"""


if __name__ == "__main__":
    main(Path(sys.argv[1]))
