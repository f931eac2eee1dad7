"""Resolvers that answer every question with one error, or not at all."""

from __future__ import annotations

from dnslib import RCODE, DNSRecord
from dnslib.server import BaseResolver, DNSHandler, DNSServer

from lab.worlds.table import World


class _Fails(BaseResolver):  # type: ignore[misc]  # dnslib has no types
    def __init__(self, code: str) -> None:
        self.code = code

    def resolve(self, request: DNSRecord, handler: DNSHandler) -> DNSRecord:
        reply = request.reply()
        reply.header.rcode = getattr(RCODE, self.code)
        return reply


class _Quiet:
    def log_prefix(self, *_: object) -> str:
        return ""

    def __getattr__(self, name: str) -> object:
        return lambda *_: None


def start(world: World) -> None:
    """Answer on UDP port 53; a silent resolver binds the port and reads nothing."""
    if world.answer == "none":
        import socket

        quiet = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        quiet.bind((world.address, 53))
        _held.append(quiet)
    else:
        DNSServer(_Fails(world.answer), port=53, address=world.address, logger=_Quiet()).start_thread()


_held: list[object] = []
