"""Package names by base image."""

from __future__ import annotations

import re
from collections import Counter

import pytest

from diagnoser.packages import manager, names_of, rows

IMAGES = {
    "golang:1.22-alpine": "apk",
    "golang:1.22-alpine3.19": "apk",
    "golang:alpine": "apk",
    "docker.io/library/alpine:3.20": "apk",
    "docker:24-dind": "apk",
    "acme/tool:2-alpine": "apk",
    "golang": "apt-get",
    "golang:1.22": "apt-get",
    "golang:1.22@sha256:0": "apt-get",
    "mirror.acme.test:5000/library/golang:1.22": "apt-get",
    "python:3.12-slim": "apt-get",
    "openjdk:17-slim": "apt-get",
    "nvidia/cuda:12.2.0-devel-ubuntu22.04": "apt-get",
    "fedora:40": "dnf",
    "rockylinux:9": "dnf",
    "registry.access.redhat.com/ubi8/ubi:8.9": "dnf",
    "amazonlinux:2023": "dnf",
    "centos:stream9": "dnf",
    "centos:7": "yum",
    "centos:centos7": "yum",
    "amazonlinux:2": "yum",
    "registry.access.redhat.com/ubi9/ubi-minimal": "microdnf",
    "oraclelinux:8-slim": "microdnf",
    "scratch": None,
    "gcr.io/distroless/static-debian12": None,
    "golang:1.22-windowsservercore": None,
    "mcr.microsoft.com/windows/servercore:ltsc2022": None,
    "openjdk:17": None,
    "acme/golang:1.22": None,
    "golang:${TAG}": None,
    "": None,
}


@pytest.mark.parametrize(("image", "expected"), IMAGES.items())
def test_manager(image: str, expected: str | None) -> None:
    assert manager(image) == expected


@pytest.mark.parametrize(
    ("roles", "with_manager", "expected"),
    [
        ("git header:sqlite3.h", "apk", ("git", "sqlite-dev")),
        ("header:sqlite3.h library:sqlite3 pkg-config:sqlite3", "yum", ("sqlite-devel",)),
        ("header:openssl/evp.h", "apt-get", ("libssl-dev",)),
        ("header:X11/extensions/Xrandr.h", "dnf", ("libXrandr-devel",)),
        ("gcc", "apk", ("build-base",)),
        ("gcc", "apt", ("gcc", "libc6-dev")),
        ("apt:libfoo-dev apk:foo-dev", "apk", ("foo-dev",)),
        ("apt:libfoo-dev", "apk", ()),
        ("git header:nobody/knows.h", "apk", ()),
        ("pkg-config:libsystemd", "apk", ()),
    ],
)
def test_names(roles: str, with_manager: str, expected: tuple[str, ...]) -> None:
    assert names_of(roles.split(), with_manager) == expected


def test_the_table_is_well_formed() -> None:
    names = [name for row in rows() for cell in (row.apt, row.apk, row.dnf) for name in cell]
    assert not [name for name in names if not re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9+._-]*", name)]
    counted = Counter(role for row in rows() for role in row.roles)
    assert not [role for role, count in counted.items() if count > 1]
    assert all(row.roles and (row.apt or row.apk or row.dnf) for row in rows())
    kinds = {role.partition(":")[0] for role in counted if ":" in role}
    assert kinds == {"header", "pkg-config", "library", "command", "shared"}
