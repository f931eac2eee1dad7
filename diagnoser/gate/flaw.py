"""What the gate finds wrong."""

from __future__ import annotations

from typing import NamedTuple


class Flaw(NamedTuple):
    """`file` is relative to the folder of signatures; `paste` is TOML that would mend it, where that is known."""

    file: str
    key: str
    todo: str
    paste: str = ""


def flaw(identity: str, key: str, todo: str, paste: str = "") -> Flaw:
    """A flaw of the signature's own file."""
    return Flaw(f"{identity}.toml", key, todo, paste)
