"""Checks the apt column of diagnoser/data/packages.tsv against the Contents index of a Debian release.

Needs apt-file with a fetched index (`apt-get install apt-file && apt-file update`). Prints each role that its apt
packages do not bring, directly or through a package that they depend on; exit status 1 where there is one. Takes
minutes. Not part of `make test`: it needs Debian and a network.
"""

from __future__ import annotations

import re
import subprocess
import sys
from collections import defaultdict
from dataclasses import dataclass

from diagnoser.packages import Row, rows

WHERE = {
    "header": r"usr/include/(?:.*/)?{}",
    "pkg-config": r"usr/(?:lib(?:/x86_64-linux-gnu)?|share)/pkgconfig/{}\.pc",
    "library": r"(?:usr/)?lib(?:/x86_64-linux-gnu|/gcc/x86_64-linux-gnu/\d+)?(?:/.*)?/lib{}\.(?:so|a)",
    "command": r"(?:usr/)?(?:local/)?s?bin/{}",
    "shared": r"(?:usr/)?lib(?:64)?(?:/x86_64-linux-gnu)?(?:/.*)?/{}(?:\.[\d.]+)?",
}
# Links that are made when a package is configured (update-alternatives, -compat packages): in no index.
LINKS = frozenset((
    "command:automake", "command:aclocal", "command:bzr", "command:c++", "command:cc", "command:convert",
    "command:fakeroot", "command:go", "command:gofmt", "command:identify", "command:iptables", "command:java",
    "command:javac", "command:mysql", "command:mysqldump", "command:nc", "command:x86_64-w64-mingw32-g++",
    "command:x86_64-w64-mingw32-gcc", "command:which", "header:cblas.h", "header:mysql/mysql.h", "library:blas",
    "library:lapack", "pkg-config:lapack", "pkg-config:openblas",
))  # fmt: skip
# In a newer or older release than the one at hand: Debian 13 has ImageMagick 7, Debian 12 no upx.
ELSEWHERE = (
    frozenset(  # in a newer or older release than the one at hand: Debian 13 has ImageMagick 7, Debian 12 no upx
        ["header:MagickWand/*", "upx", "command:upx"]
    )
)


@dataclass(frozen=True, slots=True)
class Debian:
    near: dict[str, set[str]]  # a package to its dependencies, two levels down
    paths: dict[str, set[str]]  # a package to its files


def main() -> int:
    debian = _debian()
    wrong = [(row, role) for row in rows() for role in row.roles if row.apt and not _brings(row, role, debian)]
    for row, role in wrong:
        print(f"{' '.join(row.apt)}: does not bring {role}")
    checked = sum(":" in role for row in rows() if row.apt for role in row.roles)
    print(f"{checked} roles checked, {len(wrong)} wrong")
    return 1 if wrong else 0


def _brings(row: Row, role: str, debian: Debian) -> bool:
    near = {name for package in row.apt for name in (package, *debian.near[package])}
    if role in ELSEWHERE:
        return True
    if ":" not in role or role in LINKS:
        return all(debian.paths.get(package) for package in row.apt)
    kind, _, name = role.partition(":")
    pattern = re.escape(name.removesuffix("*")) + (".+" if name.endswith("/*") else "")
    place = re.compile(WHERE[kind].format(pattern))
    return any(place.fullmatch(path) for package in near for path in debian.paths.get(package, ()))


def _debian() -> Debian:
    names = {name for row in rows() for name in row.apt}
    direct = _depends(names)
    far = _depends({name for found in direct.values() for name in found})
    near = {n: {*direct[n], *(f for d in direct[n] for f in far[d])} for n in names}
    return Debian(near, _paths(names.union(*near.values())))


def _depends(names: set[str]) -> dict[str, set[str]]:
    found: dict[str, set[str]] = defaultdict(set)
    package = ""
    for line in _output("apt-cache", "depends", "--no-recommends", "--no-suggests", *sorted(names)).splitlines():
        if match := re.match(r" +\|?(?:Pre)?Depends: ([^<\s]+)", line):
            found[package].add(match[1])
        elif not line.startswith(" "):
            package = line
    return found


def _paths(names: set[str]) -> dict[str, set[str]]:
    found: dict[str, set[str]] = defaultdict(set)
    for line in _output("apt-file", "list", "--fixed-string", "--from-file", "-", given="\n".join(names)).splitlines():
        package, _, path = line.partition(": ")
        found[package].add(path.removeprefix("/"))
    return found


def _output(*command: str, given: str = "") -> str:
    return subprocess.run(command, input=given, capture_output=True, text=True, check=True).stdout


if __name__ == "__main__":
    sys.exit(main())
