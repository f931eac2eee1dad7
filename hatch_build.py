"""Compiles the signatures into the wheel, so that an installed diagnoser reads no TOML at start-up.

The same sources, Python and `regex` make the same wheel, byte for byte: hatchling sees to times and order in the archive
(and heeds SOURCE_DATE_EPOCH), the script below to the catalogue.
"""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

# `regex` puts the nodes of a pattern into sets and compiles them in the order in which they come out. A node's hash is
# made of its class's, which is an address and so another in every process; the class's name serves as well.
_PACK = """
import sys
from pathlib import Path
from regex import _regex_core
from diagnoser.catalogue import build, pack
from diagnoser.signature_file import load

def by_name(node):
    kind, *rest = node._key if isinstance(node._key, tuple) else (node._key,)
    return hash((kind.__name__, *rest))

_regex_core.RegexBase.__hash__ = by_name
Path(sys.argv[2]).write_bytes(pack(build(load(Path(sys.argv[1], "signatures")))))
"""


class CatalogueHook(BuildHookInterface):  # type: ignore[type-arg]
    PLUGIN_NAME = "custom"

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        if version == "editable":
            return
        packed = Path(self.directory) / "catalogue.bin"
        packed.parent.mkdir(parents=True, exist_ok=True)
        path = os.pathsep.join([self.root, *sys.path])  # where the build is isolated, `regex` is on this path alone
        environment = {**os.environ, "PYTHONHASHSEED": "0", "PYTHONPATH": path}
        subprocess.run([sys.executable, "-c", _PACK, self.root, str(packed)], check=True, env=environment)
        build_data["force_include"][str(packed)] = "diagnoser/catalogue.bin"
        build_data["artifacts"].append("diagnoser/catalogue.bin")
