"""Web front of a git host: the go-import discovery page, and a way to the repository, which as a rule denies."""

from __future__ import annotations

import asyncio
import hashlib
import zlib
from functools import cache

from aiohttp import web

from lab.worlds.table import World


def application(world: World) -> web.Application:
    """Discovery succeeds unless the fault forbids it; `git clone` gets the world's status, or a small repository."""

    async def answer(request: web.Request) -> web.StreamResponse:
        if "go-get" in request.query:
            return _discovery(request, world)
        if world.fault == "repository":
            content = repository().get(request.path.partition(".git/")[2])
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
def repository() -> dict[str, bytes]:
    """The files of a bare repository with one empty commit on `main`, as git's dumb HTTP protocol asks for them."""
    tree, commit = _object("tree", b""), b"author a <a@b.test> 0 +0000\ncommitter a <a@b.test> 0 +0000\n\nfirst\n"
    first = _object("commit", f"tree {tree[0]}\n".encode() + commit)
    objects = {f"objects/{digest[:2]}/{digest[2:]}": content for digest, content in (tree, first)}
    return {"HEAD": b"ref: refs/heads/main\n", "info/refs": f"{first[0]}\trefs/heads/main\n".encode(), **objects}


def _object(kind: str, content: bytes) -> tuple[str, bytes]:
    whole = f"{kind} {len(content)}\0".encode() + content
    return hashlib.sha1(whole).hexdigest(), zlib.compress(whole)


async def refuse_git_protocol(world: World) -> None:
    """On the port of `git://`, GitHub's answer since 2022."""

    async def refuse(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read(4096)
        text = "ERR \n  The unauthenticated git protocol on port 9418 is no longer supported.\n"
        writer.write(f"{len(text) + 4:04x}{text}".encode())
        await writer.drain()
        writer.close()

    await asyncio.start_server(refuse, world.address, 9418)
