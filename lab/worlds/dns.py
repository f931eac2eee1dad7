"""Resolvers: one that knows the hosts of the running scenario alone, and some that fail."""

from __future__ import annotations

import socket
from collections.abc import Mapping

from dnslib import QTYPE, RCODE, RR, A, DNSRecord  # type: ignore[import-untyped]
from dnslib.server import BaseResolver, DNSHandler, DNSLogger, DNSServer  # type: ignore[import-untyped]

from lab.worlds.table import World

_known: dict[str, str] = {}
_silent: list[socket.socket] = []


def know(addresses: Mapping[str, str]) -> None:
    """The names that the default resolver gives from now on.

    A daemon keeps what it read in /etc/hosts for seconds; here it asks each time.
    """
    _known.clear()
    _known.update(addresses)


def start(world: World) -> None:
    """Answer on UDP port 53; the silent one takes the port and reads nothing."""
    if world.answer == "none":
        taken = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        taken.bind((world.address, 53))
        _silent.append(taken)
    else:
        DNSServer(
            _Resolver(world.answer), port=53, address=world.address, logger=DNSLogger(logf=lambda _: None)
        ).start_thread()


class _Resolver(BaseResolver):  # type: ignore[misc]  # dnslib has no types
    def __init__(self, code: str) -> None:
        self.code = code

    def resolve(self, request: DNSRecord, handler: DNSHandler) -> DNSRecord:
        reply = request.reply()
        address = _known.get(str(request.q.qname).rstrip("."))
        if self.code != "NXDOMAIN" or address is None:
            reply.header.rcode = getattr(RCODE, self.code)
        elif request.q.qtype == QTYPE.A:
            reply.add_answer(RR(request.q.qname, QTYPE.A, rdata=A(address)))
        return reply
