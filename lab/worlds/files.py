"""A download server for RUN curl and RUN wget: what it answers stands in the path."""

from __future__ import annotations

import asyncio
import io
import tarfile

from aiohttp import web

from lab.worlds.table import World


def application(_: World) -> web.Application:
    """`/status/404/x`, `/page/x.tar.gz` (HTML with status 200), `/good/x.tar.gz`, `/cut/x`, `/hang/x`."""
    app = web.Application()
    app.router.add_get("/status/{status}/{name:.*}", _status)
    app.router.add_get("/page/{name:.*}", _page)
    app.router.add_get("/good/{name:.*}", _good)
    app.router.add_get("/cut/{name:.*}", _cut)
    app.router.add_get("/hang/{name:.*}", _hang)
    return app


async def _status(request: web.Request) -> web.Response:
    return web.Response(status=int(request.match_info["status"]), text="no such release\n")


async def _page(request: web.Request) -> web.Response:
    return web.Response(text="<!DOCTYPE html><html><body>Please sign in</body></html>\n", content_type="text/html")


async def _good(request: web.Request) -> web.Response:
    return web.Response(body=_tarball(), content_type="application/gzip")


async def _cut(request: web.Request) -> web.StreamResponse:
    response = web.StreamResponse(headers={"Content-Length": "50000000"})
    await response.prepare(request)
    await response.write(_tarball())
    if request.transport:
        request.transport.close()
    return response


async def _hang(request: web.Request) -> web.Response:
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
