"""A download server for RUN curl and RUN wget: what it answers stands in the path."""

from __future__ import annotations

import asyncio
import io
import tarfile
from collections import Counter
from collections.abc import Awaitable, Callable

from aiohttp import web

from lab.worlds.table import World

Answer = Callable[[web.Request], Awaitable[web.StreamResponse]]


def application(_: World) -> web.Application:
    """`/status/404/x`, `/page/x.tar.gz` (HTML with status 200), `/good/x.tar.gz`, `/cut/x`, `/hang/x`.

    `/first/2/status/503/x` and `/first/2/hang/x` answer so twice, from then on as `/good/x`.
    """
    app = web.Application()
    app.router.add_get("/first/{times}/status/{status}/{name:.*}", _first(_status))
    app.router.add_get("/first/{times}/hang/{name:.*}", _first(_hang))
    app.router.add_get("/status/{status}/{name:.*}", _status)
    app.router.add_get("/page/{name:.*}", _page)
    app.router.add_get("/good/{name:.*}", _good)
    app.router.add_get("/cut/{name:.*}", _cut)
    app.router.add_get("/hang/{name:.*}", _hang)
    return app


def _first(fault: Answer) -> Answer:
    """`fault` so many times for a path, then the file."""
    asked: Counter[str] = Counter()

    async def answer(request: web.Request) -> web.StreamResponse:
        asked[request.path] += 1
        return await (fault if asked[request.path] <= int(request.match_info["times"]) else _good)(request)

    return answer


async def _status(request: web.Request) -> web.StreamResponse:
    return web.Response(status=int(request.match_info["status"]), text="no such release\n")


async def _page(request: web.Request) -> web.Response:
    return web.Response(text="<!DOCTYPE html><html><body>Please sign in</body></html>\n", content_type="text/html")


async def _good(request: web.Request) -> web.StreamResponse:
    return web.Response(body=_tarball(), content_type="application/gzip")


async def _cut(request: web.Request) -> web.StreamResponse:
    response = web.StreamResponse(headers={"Content-Length": "50000000"})
    await response.prepare(request)
    await response.write(_tarball())
    if request.transport:
        request.transport.close()
    return response


async def _hang(request: web.Request) -> web.StreamResponse:
    await asyncio.sleep(900)
    return web.Response()


def _tarball() -> bytes:
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w:gz") as archive:
        entry = tarfile.TarInfo("tool/bin/tool")
        content = b"#!/bin/sh\necho tool 1.0\n"
        entry.size, entry.mode = len(content), 0o755
        archive.addfile(entry, io.BytesIO(content))
    return buffer.getvalue()
