"""Web front of a git host: the go-import discovery page and the smart-HTTP entrance, which denies."""

from __future__ import annotations

from aiohttp import web

from lab.worlds.table import World


def application(world: World) -> web.Application:
    """Discovery succeeds unless the fault forbids it; `git clone` gets the world's status."""

    async def answer(request: web.Request) -> web.StreamResponse:
        if "go-get" in request.query:
            return _discovery(request, world)
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
