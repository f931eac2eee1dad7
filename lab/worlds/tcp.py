"""Faults below HTTP, and a forward proxy that refuses CONNECT."""

from __future__ import annotations

import asyncio
import socket
import struct
from http import HTTPStatus

from lab.worlds.table import World

PORTS = (80, 443)


async def start(world: World) -> None:
    """Listen, or not, as the fault says."""
    for port in PORTS:
        if world.fault == "blackhole":
            _fill_backlog(world.address, port)
        elif world.fault != "refused":
            await asyncio.start_server(
                _silent if world.fault == "silent" else _eof if world.fault == "eof" else _reset, world.address, port
            )


async def start_forward_proxy(world: World) -> None:
    """A proxy on port 3128 that answers every request with the world's status."""

    async def refuse(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read(4096)
        status = HTTPStatus(world.status)
        writer.write(
            f"HTTP/1.1 {status.value} {status.phrase}\r\nContent-Length: 0\r\nConnection: close\r\n\r\n".encode()
        )
        await writer.drain()
        writer.close()

    await asyncio.start_server(refuse, world.address, 3128)


async def _silent(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    await asyncio.sleep(900)


async def _eof(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    await reader.read(5)
    writer.close()


async def _reset(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    await reader.read(5)
    connection = writer.get_extra_info("socket")
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    writer.transport.abort()


_held: list[socket.socket] = []


def _fill_backlog(address: str, port: int) -> None:
    """Connections nobody accepts fill the queue; the kernel then drops each further SYN."""
    listener = socket.socket()
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    listener.bind((address, port))
    listener.listen(0)
    _held.append(listener)
    for _ in range(4):
        client = socket.socket()
        client.setblocking(False)
        client.connect_ex((address, port))
        _held.append(client)
