"""A Debian mirror with real packages of bookworm beside the made ones, for remedies that install something."""

from __future__ import annotations

import subprocess
from functools import cache
from pathlib import Path

from aiohttp import web

from lab import debian
from lab.worlds import apt
from lab.worlds.table import World

PACKAGES = (
    "ca-certificates", "curl", "dirmngr", "g++", "gcc", "gcc-aarch64-linux-gnu", "git", "gnupg", "libc6-dev",
    "libc6-dev-arm64-cross", "libpq5", "libsqlite3-dev", "libsqlite3-0", "make", "musl-tools", "pkg-config", "tzdata", "unzip", "zlib1g-dev",
)  # fmt: skip


def download() -> list[Path]:
    """Their .deb files and all that these depend on; kept."""
    return debian.download("bookworm", PACKAGES, dependencies=True)


def application(_: World) -> web.Application:
    """`/debian/dists/<suite>/Release`, `.../Packages`, `/debian/pool/<file>.deb`; unsigned."""

    async def answer(request: web.Request) -> web.StreamResponse:
        name = request.path.rsplit("/", 1)[-1]
        if name == "Release":
            return web.Response(text=apt.release(request.path.split("/")[-2], index()))
        if name == "Packages":
            return web.Response(text=index())
        if name == "Sources":
            return web.Response(text=apt.sources())
        if made := (apt.debs() | apt.source()).get(name):
            return web.Response(body=made)
        file = _files().get(name)
        return web.FileResponse(file) if file else web.Response(status=404, text="")

    app = web.Application()
    app.router.add_get("/debian/{path:.*}", answer)
    return app


def _files() -> dict[str, Path]:
    return {file.name.replace("%3a", "_"): file for file in download()}


@cache
def index() -> str:
    """The Packages file, kept beside the packages as reading 200 of them takes seconds."""
    files = _files()
    kept = next(iter(files.values())).with_name("Packages")
    if not kept.exists() or kept.stat().st_mtime < kept.with_name(".complete").stat().st_mtime:
        kept.write_text("\n".join(_entry(name, file) for name, file in files.items()))
    return f"{apt.index()}\n{kept.read_text()}"


def _entry(name: str, file: Path) -> str:
    control = subprocess.run(["dpkg-deb", "-f", str(file)], capture_output=True, text=True, check=True).stdout
    digest = subprocess.run(["sha256sum", str(file)], capture_output=True, text=True, check=True).stdout.split()[0]
    return f"{control}Filename: pool/{name}\nSize: {file.stat().st_size}\nSHA256: {digest}\n"
