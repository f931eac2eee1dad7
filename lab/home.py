"""Where the lab keeps what it downloads and builds: $LAB_HOME, else ~/.cache/diagnoser-lab."""

from __future__ import annotations

import fcntl
import os
from pathlib import Path

REPOSITORY = Path(__file__).resolve().parent.parent
SCENARIOS = REPOSITORY / "lab" / "scenarios"
PROOFS = REPOSITORY / "lab" / "proofs"  # scenarios made to prove a remedy; not recorded
RECORDINGS = REPOSITORY / "sample_logs"


def lab_home() -> Path:
    """The work folder; made when missing. About 4 GB when every engine and Go release is installed."""
    home = Path(os.environ.get("LAB_HOME") or Path.home() / ".cache" / "diagnoser-lab")
    home.mkdir(parents=True, exist_ok=True)
    return home.resolve()


def wait_for_others() -> None:
    """Two labs must not share one engine's data: hold the home until this process ends."""
    lock = os.open(lab_home() / "lock", os.O_CREAT | os.O_RDWR)
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        print("another lab is running here; waiting for it to end", flush=True)
        fcntl.flock(lock, fcntl.LOCK_EX)
