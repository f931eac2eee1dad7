"""Compiles the signatures into the wheel, so that an installed diagnoser reads no TOML at start-up."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

_PACK = """
import sys
from pathlib import Path
from diagnoser.catalogue import build, pack
from diagnoser.signature_file import load
Path(sys.argv[2]).write_bytes(pack(build(load(Path(sys.argv[1], "signatures")))))
"""


class CatalogueHook(BuildHookInterface):  # type: ignore[type-arg]
    PLUGIN_NAME = "custom"

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        if version == "editable":
            return
        packed = Path(self.directory) / "catalogue.bin"
        packed.parent.mkdir(parents=True, exist_ok=True)
        # `regex` orders character sets by hashes of strings (fixed by the seed) and of classes (their addresses: not yet
        # fixed, so two wheels may differ in the order of such sets)
        environment = {**os.environ, "PYTHONHASHSEED": "0", "PYTHONPATH": self.root}
        subprocess.run([sys.executable, "-c", _PACK, self.root, str(packed)], check=True, env=environment)
        build_data["force_include"][str(packed)] = "diagnoser/catalogue.bin"
        build_data["artifacts"].append("diagnoser/catalogue.bin")
