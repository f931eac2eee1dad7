"""Starts every world of the table on one event loop in a thread of its own."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable

from aiohttp import web

from lab.worlds import apt, dns, files, goproxy, mirror, registry, ssh, tcp, vcs
from lab.worlds.certificates import server_context
from lab.worlds.table import World, worlds

HTTP: dict[str, Callable[[World], web.Application]] = {
    "goproxy": goproxy.application,
    "vcs": vcs.application,
    "registry": registry.application,
    "apt": apt.application,
    "files": files.application,
    "mirror": mirror.application,
}


def start() -> None:
    """All worlds listen when this returns; they end with the process."""
    loop = asyncio.new_event_loop()
    threading.Thread(target=loop.run_forever, daemon=True).start()
    for world in worlds().values():
        if world.service == "dns":
            dns.start(world)
        else:
            asyncio.run_coroutine_threadsafe(_start(world), loop).result(timeout=30)


async def _start(world: World) -> None:
    if world.service == "tcp":
        await tcp.start(world)
    elif world.service == "forward-proxy":
        await tcp.start_forward_proxy(world)
    elif world.service == "ssh":
        await ssh.start(world)
    else:
        await _start_http(world)
    if world.service == "vcs":
        await vcs.refuse_git_protocol(world)


async def _start_http(world: World) -> None:
    runner = web.AppRunner(HTTP[world.service](world), access_log=None, shutdown_timeout=0)
    await runner.setup()
    tls = None if world.certificate == "none" else server_context(world.certificate)
    await web.TCPSite(runner, world.address, 80).start()
    await web.TCPSite(runner, world.address, 443, ssl_context=tls).start()
