"""Names of operating-system packages: which brings a command, a header, a library, and what a base image installs with.

The table is `data/packages.tsv`; its head says where the names come from.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from pathlib import Path

_COLUMN = {
    "apk": "apk", "apt": "apt", "apt-get": "apt", "aptitude": "apt", "dnf": "dnf", "yum": "dnf", "microdnf": "dnf"
}  # fmt: skip
_IMAGE = re.compile(r"(?P<repository>[^@]*?)(?::(?P<tag>[^:/@]*))?(?:@.*)?")
_OFFICIAL = re.compile(r"(?:[^/]*[.:][^/]*/)?(?:(?:.*/)?library/)?(?P<name>[^/]+)")  # with or without a registry
_VENDOR = re.compile(r"(?:[^/]*[.:][^/]*/.*/)?(?P<name>[^/]+)")  # Red Hat's family lies in folders of registries
_ALPINE = frozenset((
    "alpine", "caddy", "consul", "docker", "registry", "traefik", "vault",
))  # fmt: skip
_DEBIAN = frozenset((
    "buildpack-deps", "clojure", "debian", "drupal", "eclipse-temurin", "elixir", "erlang", "gcc", "golang",
    "gradle", "haskell", "httpd", "java", "julia", "mariadb", "maven", "memcached", "mongo", "nginx", "node",
    "perl", "php", "postgres", "pypy", "python", "rabbitmq", "redis", "ruby", "rust", "swift", "tomcat", "ubuntu",
    "wordpress",
))  # fmt: skip
_RED_HAT = frozenset((
    "almalinux", "amazoncorretto", "amazonlinux", "centos", "fedora", "oraclelinux", "rockylinux", "ubi",
    "ubi-minimal", "ubi7", "ubi8", "ubi8-minimal", "ubi9", "ubi9-minimal", "ubi10", "ubi10-minimal",
))  # fmt: skip
_CONTENTS = {  # packages of packages that stand for the toolchain
    "build-essential": ("gcc", "g++", "make", "libc6-dev"),
    "build-base": ("gcc", "g++", "make", "musl-dev"),
    "alpine-sdk": ("build-base", "gcc", "g++", "make", "musl-dev", "git"),
}
_TAGS = (  # what a tag says of its base, whatever the image
    ("apk", re.compile(r"(?:^|-)alpine[\d.]*(?:-|$)")),
    (
        "apt-get",
        re.compile(r"(?:^|-)(?:slim|(?:debian|ubuntu)[\d.]*|buster|bullseye|bookworm|trixie|jammy|noble)(?:-|$)"),
    ),
)


@dataclass(frozen=True, slots=True)
class Row:
    """Packages that bring the roles, by package manager; empty: none is known there."""

    apt: tuple[str, ...]
    apk: tuple[str, ...]
    dnf: tuple[str, ...]
    roles: tuple[str, ...]


@cache
def rows() -> tuple[Row, ...]:
    text = Path(__file__).with_name("data").joinpath("packages.tsv").read_text(encoding="utf-8")
    lines = (line.split("\t") for line in text.splitlines() if line and not line.startswith("#"))
    return tuple(Row(*(_cell(cell) for cell in cells)) for cells in lines)


def _cell(text: str) -> tuple[str, ...]:
    return tuple(word for word in text.split() if word != "-")


def names_of(roles: Iterable[str], manager_name: str) -> tuple[str, ...]:
    """The packages for all roles, none twice; nothing where one role is unknown to this package manager.

    Roles: `git`, `command:make`, `header:sqlite3.h`, `pkg-config:vips`, `library:z`, `shared:libstdc++.so.6`; and
    `apt:NAME`, `apk:NAME`, `dnf:NAME` for a package as it is, which the other package managers pass over.
    """
    found: list[str] = []
    for role in roles:
        kind, _, literal = role.partition(":")
        if literal and kind in ("apt", "apk", "dnf"):
            found += [literal] if kind == _COLUMN[manager_name] else []
        elif names := _names(role, _COLUMN[manager_name]):
            found += names
        else:
            return ()
    return tuple(dict.fromkeys(found))


def with_contents(names: Iterable[str]) -> set[str]:
    """The packages and what comes with the toolchain packages among them."""
    return {found for name in names for found in (name, *_CONTENTS.get(name, ()))}


def manager(image: str) -> str | None:
    """What an image of this name installs with: `apk`, `apt-get`, `dnf`, `yum` or `microdnf`.

    None: it has none (`scratch`, distroless, Windows), or the name does not tell (`acme/base`).
    """
    parts = _IMAGE.fullmatch(image.lower())
    if parts is None or "$" in image or "windows" in image.lower() or "distroless" in image:
        return None
    tag = parts["tag"] or ""
    vendor, official = (pattern.fullmatch(parts["repository"]) for pattern in (_VENDOR, _OFFICIAL))
    if vendor and vendor["name"] in _RED_HAT:
        return _red_hat(vendor["name"], tag)
    for found, pattern in _TAGS:
        if pattern.search(tag):
            return found
    name = official["name"] if official else ""
    return "apk" if name in _ALPINE else "apt-get" if name in _DEBIAN else None


def _red_hat(name: str, tag: str) -> str:
    """The minimal images have microdnf alone; dnf came with release 8 and Amazon Linux 2023, in Fedora it always is."""
    if name.endswith("-minimal") or tag.endswith(("-minimal", "-slim")):
        return "microdnf"
    number = re.search(r"\d+", name.removeprefix("ubi") if name[-1].isdigit() else tag)
    if name in ("fedora", "ubi", "almalinux", "rockylinux"):
        return "dnf"
    return "dnf" if number and int(number[0]) >= 8 else "yum"


def _names(role: str, column: str) -> tuple[str, ...]:
    row = _by_role().get(role) or _by_role().get(f"{role.rpartition('/')[0]}/*")
    found: tuple[str, ...] = getattr(row, column) if row else ()
    return found


@cache
def _by_role() -> dict[str, Row]:
    """A package that stands alone in its column is a role as well: `libc6-dev` is `musl-dev` on Alpine."""
    alone = {cell[0]: row for row in reversed(rows()) for cell in (row.apt, row.apk, row.dnf) if len(cell) == 1}
    return alone | {role: row for row in rows() for role in row.roles}
