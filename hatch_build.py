"""Compiles the signatures into the wheel, so that an installed diagnoser reads no TOML at start-up."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface


class CatalogueHook(BuildHookInterface):  # type: ignore[type-arg]
    PLUGIN_NAME = "custom"

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        if version == "editable":
            return
        sys.path.insert(0, self.root)
        from diagnoser.catalogue import build, pack
        from diagnoser.signature_file import load

        packed = Path(self.directory) / "catalogue.bin"
        packed.parent.mkdir(parents=True, exist_ok=True)
        packed.write_bytes(pack(build(load(Path(self.root) / "signatures"))))
        build_data["force_include"][str(packed)] = "diagnoser/catalogue.bin"
        build_data["artifacts"].append("diagnoser/catalogue.bin")
