"""Where the lab keeps what it downloads and builds: $LAB_HOME, else ~/.cache/diagnoser-lab."""

from __future__ import annotations

import os
from pathlib import Path

REPOSITORY = Path(__file__).resolve().parent.parent
SCENARIOS = REPOSITORY / "lab" / "scenarios"
RECORDINGS = REPOSITORY / "sample_logs"


def lab_home() -> Path:
    """The work folder; made when missing. About 4 GB when every engine and Go release is installed."""
    home = Path(os.environ.get("LAB_HOME") or Path.home() / ".cache" / "diagnoser-lab")
    home.mkdir(parents=True, exist_ok=True)
    return home.resolve()
