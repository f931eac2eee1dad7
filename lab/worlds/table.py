"""The table of worlds, read strictly."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path

SERVICES = {"goproxy", "vcs", "registry", "apt", "mirror", "files", "forward-proxy", "dns", "ssh", "tcp"}
CERTIFICATES = {"trusted", "unknown-authority", "expired", "wrong-name", "none"}


@dataclass(frozen=True, slots=True)
class World:
    """What answers at one loopback address. `status` 200 and `fault` "" mean that it works."""

    name: str
    address: str
    service: str
    status: int = 200
    fault: str = ""
    certificate: str = "trusted"
    answer: str = ""

    def __post_init__(self) -> None:
        if self.service not in SERVICES or self.certificate not in CERTIFICATES:
            raise ValueError(f"world {self.name}: unknown service or certificate")


@cache
def worlds() -> dict[str, World]:
    """Every world by its name. Raises TypeError for an unknown field, ValueError for an unknown value."""
    table = tomllib.loads(Path(__file__).with_name("table.toml").read_text())
    return {name: World(name=name, **fields) for name, fields in table.items()}
