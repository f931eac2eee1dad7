"""A Go module proxy that serves the lab's modules, or fails as its world says.

The protocol: https://go.dev/ref/mod#goproxy-protocol
"""

from __future__ import annotations

import asyncio
import re

from aiohttp import web

from lab.worlds.modules import module_zip, modules, versions
from lab.worlds.table import World

NOT_FOUND = (404, 410)
STALLS = web.AppKey("stalls", list[str])  # the faults of the next zips, where only the first ones fail


def application(world: World) -> web.Application:
    """Answers `/<module>/@v/<file>` and `/<module>/@latest`; the checksum database has nothing here."""

    async def answer(request: web.Request) -> web.StreamResponse:
        path = re.sub("!(.)", lambda letter: letter[1].upper(), request.path.removeprefix("/"))
        if world.fault == "redirect-loop":
            raise web.HTTPFound(request.path)
        if world.fault == "hang":
            await asyncio.sleep(900)
        if world.fault == "html":
            return web.Response(text="<html><body>Please sign in</body></html>", content_type="text/html")
        if world.status != 200:
            return _refuse(path, world.status)
        return await _serve(request, path, world)

    app = web.Application()
    app[STALLS] = ["stall", "stall"]
    app.router.add_get("/{path:.*}", answer)
    return app


def _refuse(path: str, status: int) -> web.Response:
    """What proxy.golang.org says of a module it cannot get, or a bare status."""
    module, _, file = path.partition("/@v/")
    version = file.rsplit(".", 1)[0]
    if status not in NOT_FOUND or path.startswith("sumdb/"):
        return web.Response(status=status, text="")
    return web.Response(status=status, text=(
        f"not found: {module}@{version}: invalid version: git ls-remote -q origin in "
        "/tmp/gopath/pkg/mod/cache/vcs/3f0b: exit status 128:\n\t"
        "fatal: could not read Username for 'https://github.com': terminal prompts disabled\n"
        "Confirm the import path was entered correctly.\n"
        "If this is a private repository, see https://golang.org/doc/faq#git_https for additional information."
    ))  # fmt: skip


async def _serve(request: web.Request, path: str, world: World) -> web.StreamResponse:
    module, _, file = path.partition("/@")
    known = versions(module)
    if path.startswith("sumdb/") or not known:
        return web.Response(status=404, text=f"not found: module {module}: no matching versions")
    if file == "v/list":
        return web.Response(text="".join(v + "\n" for v in known if "incompatible" not in v))
    version, _, kind = (known[-1], "", "info") if file == "latest" else file.removeprefix("v/").rpartition(".")
    if version not in known:
        return web.Response(
            status=404, text=f"not found: {module}@{version}: invalid version: unknown revision {version}"
        )
    if kind == "info":
        return web.json_response({"Version": version, "Time": "2023-06-01T00:00:00Z"})
    if kind == "mod":
        return web.Response(text=modules()[f"{module}@{version}"]["go.mod"])
    stalls = request.app[STALLS]
    fault = (stalls.pop() if stalls else "") if world.fault == "stall-twice" else world.fault
    return await _zip(request, f"{module}@{version}", fault)


async def _zip(request: web.Request, key: str, fault: str) -> web.StreamResponse:
    if fault == "no-zip":
        return web.Response(status=404, text=f"not found: {key}: zip not available")
    if fault == "tamper":
        return web.Response(body=module_zip(key, extra="tampered"), content_type="application/zip")
    if fault == "bad-zip":
        return web.Response(body=module_zip(key, prefix="elsewhere"), content_type="application/zip")
    if fault in ("stall", "cut"):
        response = web.StreamResponse(headers={"Content-Length": "50000000"})
        await response.prepare(request)
        await response.write(module_zip(key)[:200])
        await asyncio.sleep(900 if fault == "stall" else 0)
        if request.transport:
            request.transport.close()
        return response
    return web.Response(body=module_zip(key), content_type="application/zip")
