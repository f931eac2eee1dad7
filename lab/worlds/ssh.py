"""A git host over ssh that shows its key and then lets nobody in."""

from __future__ import annotations

import asyncssh

from lab.worlds.table import World


class _AsksForKeys(asyncssh.SSHServer):
    """Says that it takes public keys, and then takes none."""

    def public_key_auth_supported(self) -> bool:
        return True


async def start(world: World) -> None:
    """Listen on port 22 with a fresh host key; every login is refused."""
    await asyncssh.listen(
        world.address, 22, server_factory=_AsksForKeys, server_host_keys=[asyncssh.generate_private_key("ssh-ed25519")]
    )
