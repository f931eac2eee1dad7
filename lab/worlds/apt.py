"""A Debian mirror with a handful of packages made on the spot, or one that fails as its world says."""

from __future__ import annotations

import hashlib
import subprocess
import tempfile
import time
import tomllib
from functools import cache
from itertools import cycle
from pathlib import Path

from aiohttp import web

from lab.worlds.table import World

DAY = 86400
OUTAGE = 16  # requests for a package: more than apt makes by itself


def application(world: World) -> web.Application:
    """`/debian/dists/<suite>/Release`, `.../main/binary-amd64/Packages` and `/debian/pool/<file>.deb`; unsigned."""
    outage, labels = iter(range(OUTAGE)), cycle(("Debian", "Acme"))

    async def answer(request: web.Request) -> web.Response:
        if world.status != 200:
            return web.Response(status=world.status, text="")
        if world.fault == "outage" and request.path.endswith(".deb") and next(outage, None) is not None:
            assert request.transport
            request.transport.abort()
        if request.path.endswith("/Release"):
            label = next(labels) if world.fault == "renamed" else "Debian"
            return web.Response(text=release(request.path.split("/")[-2], index(), world.fault, label))
        if request.path.endswith("/source/Sources"):
            return web.Response(text=sources())
        if request.path.endswith("/binary-amd64/Packages"):
            return web.Response(text=index() + ("\n" if world.fault == "syncing" else ""))
        package = (debs() | source()).get(request.path.split("/")[-1])
        if package is None or world.fault == "stale":
            return web.Response(status=404, text="")
        return web.Response(body=package)

    app = web.Application()
    app.router.add_get("/debian/{path:.*}", answer)
    app.router.add_get("/debian-security/{path:.*}", answer)
    return app


@cache
def debs() -> dict[str, bytes]:
    """File name → .deb, for every package of packages.toml."""
    table = tomllib.loads(Path(__file__).with_name("packages.toml").read_text())
    return {f"{name}_{fields['version']}_all.deb": _deb(name, fields) for name, fields in table.items()}


def _deb(name: str, fields: dict[str, str]) -> bytes:
    with tempfile.TemporaryDirectory() as folder:
        control = Path(folder) / "tree" / "DEBIAN"
        control.mkdir(parents=True, mode=0o755)
        (control / "control").write_text(_control(name, fields))
        if "postinst" in fields:
            (control / "postinst").write_text(fields["postinst"])
            (control / "postinst").chmod(0o755)
        out = Path(folder) / "out.deb"
        subprocess.run(
            ["dpkg-deb", "--root-owner-group", "--build", str(control.parent), str(out)],
            check=True,
            stdout=subprocess.DEVNULL,
        )
        return out.read_bytes()


def _control(name: str, fields: dict[str, str]) -> str:
    depends = f"Depends: {fields['depends']}\n" if "depends" in fields else ""
    return (f"Package: {name}\nVersion: {fields['version']}\nArchitecture: all\nMaintainer: Lab <lab@acme.test>\n"
            f"{depends}Description: {fields['description']}\n")  # fmt: skip


@cache
def index() -> str:
    table = tomllib.loads(Path(__file__).with_name("packages.toml").read_text())
    entries = []
    for name, fields in table.items():
        file = f"{name}_{fields['version']}_all.deb"
        content = debs()[file]
        digest = hashlib.sha256(content).hexdigest()
        entries.append(f"{_control(name, fields)}Filename: pool/{file}\nSize: {len(content)}\nSHA256: {digest}\n")
    return "\n".join(entries)


def source() -> dict[str, bytes]:
    """The one source package, `jq`: apt downloads its files, and looks at their sums alone."""
    return {"jq_1.6-2.1.dsc": b"Format: 1.0\nSource: jq\n", "jq_1.6-2.1.tar.gz": b"jq"}


def sources() -> str:
    sums = "".join(f" {hashlib.sha256(text).hexdigest()} {len(text)} {name}\n" for name, text in source().items())
    return (f"Package: jq\nBinary: jq\nVersion: 1.6-2.1\nArchitecture: all\nFormat: 1.0\nDirectory: pool\n"
            f"Checksums-Sha256:\n{sums}\n")  # fmt: skip


def release(suite: str, packages: str, fault: str = "", label: str = "Debian") -> str:
    """The Release file over one index of packages."""
    index = packages.encode()
    now = time.time()
    date = {"future": now + 3 * DAY + 4000, "expired": now - 400 * DAY}.get(fault, now - 9999)
    until = f"Valid-Until: {_date(now - 390 * DAY)}\n" if fault == "expired" else ""
    files = {"main/binary-amd64/Packages": index, "main/source/Sources": sources().encode()}
    listed = "\n".join(f" {hashlib.sha256(text).hexdigest()} {len(text)} {name}" for name, text in files.items())
    return (
        f"Origin: Debian\nLabel: {label}\nSuite: stable\nCodename: {suite}\nDate: {_date(date)}\n{until}"
        f"Architectures: amd64\nComponents: main\nSHA256:\n{listed}\n"
    )


def _date(moment: float) -> str:
    return time.strftime("%a, %d %b %Y %H:%M:%S UTC", time.gmtime(moment))
