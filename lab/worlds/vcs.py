"""Web front of a git host: the go-import discovery page, and a way to the repository, which as a rule denies."""

from __future__ import annotations

import asyncio
import hashlib
import re
import zlib
from collections.abc import Mapping
from functools import cache

from aiohttp import web

from lab.worlds.modules import modules, versions
from lab.worlds.table import World

IN_REPOSITORY = re.compile(r"/([^/]+/[^/]+?)(?:\.git)?/(.+)")


def application(world: World) -> web.Application:
    """Discovery succeeds unless the fault forbids it; `git clone` gets the world's status, or a small repository."""

    async def answer(request: web.Request) -> web.StreamResponse:
        if "go-get" in request.query:
            return _discovery(request, world)
        if world.fault == "repository" and (world.status == 200 or "Authorization" in request.headers):
            asked = IN_REPOSITORY.fullmatch(request.path)
            content = repository(f"{request.host}/{asked[1]}").get(asked[2]) if asked else None
            return web.Response(status=404 if content is None else 200, body=content)
        denied = {"WWW-Authenticate": 'Basic realm="GitLab"'} if world.status == 401 else {}
        return web.Response(status=world.status, text="", headers=denied)

    app = web.Application()
    app.router.add_route("*", "/{path:.*}", answer)
    return app


def _discovery(request: web.Request, world: World) -> web.Response:
    host, path = request.host, request.path.strip("/")
    root = "/".join(path.split("/")[:2])
    if world.fault == "other-root":
        root = "elsewhere/" + root
    meta = (
        ""
        if world.fault == "no-meta"
        else f'<meta name="go-import" content="{host}/{root} git https://{host}/{root}.git">'
    )
    return web.Response(text=f"<html><head>{meta}</head><body>{path}</body></html>", content_type="text/html")


@cache
def repository(module: str) -> dict[str, bytes]:
    """The files of a bare repository as git's dumb HTTP protocol asks for them: one commit on `main`.

    It holds the files of the last version of the module, tagged; nothing, where the lab has no such module.
    """
    objects: dict[str, bytes] = {}
    tags = versions(module)[-1:]
    tree = _tree(modules()[f"{module}@{tags[0]}"] if tags else {}, objects)
    author = b"author a <a@b.test> 0 +0000\ncommitter a <a@b.test> 0 +0000\n\nfirst\n"
    commit = _keep("commit", f"tree {tree}\n".encode() + author, objects)
    names = ["refs/heads/main", *(f"refs/tags/{tag}" for tag in tags)]
    refs = "".join(f"{commit}\t{name}\n" for name in names)
    return {"HEAD": b"ref: refs/heads/main\n", "info/refs": refs.encode(), **objects}


def _tree(files: Mapping[str, str], objects: dict[str, bytes]) -> str:
    entries = b""
    for name in sorted({path.split("/")[0] for path in files}):
        below = {path.partition("/")[2]: text for path, text in files.items() if path.startswith(f"{name}/")}
        mode = "40000" if below else "100644"
        digest = _tree(below, objects) if below else _keep("blob", files[name].encode(), objects)
        entries += f"{mode} {name}\0".encode() + bytes.fromhex(digest)
    return _keep("tree", entries, objects)


def _keep(kind: str, content: bytes, objects: dict[str, bytes]) -> str:
    """Add an object to those of the repository; its hash."""
    whole = f"{kind} {len(content)}\0".encode() + content
    digest = hashlib.sha1(whole).hexdigest()
    objects[f"objects/{digest[:2]}/{digest[2:]}"] = zlib.compress(whole)
    return digest


async def refuse_git_protocol(world: World) -> None:
    """On the port of `git://`, GitHub's answer since 2022."""

    async def refuse(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read(4096)
        text = "ERR \n  The unauthenticated git protocol on port 9418 is no longer supported.\n"
        writer.write(f"{len(text) + 4:04x}{text}".encode())
        await writer.drain()
        writer.close()

    await asyncio.start_server(refuse, world.address, 9418)
