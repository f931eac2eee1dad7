"""A world of its own for the lab: network, mounts and processes that end with it.

Inside, `lo` is the only interface: nothing can reach the outside, servers may listen on ports 53, 80 and 443 of any
loopback address, and the container engine finds its usual paths empty. Outside, nothing changes.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

MARK = "DIAGNOSER_LAB_INSIDE"
HOME = Path("/srv")  # a folder that every Debian has and hardly any machine uses
CONTEXT = HOME / "app"  # where a scenario's files lie, so that no log shows a path of this machine
HIDDEN = (HOME, Path("/run"), Path("/var/lib"))  # an empty tmpfs inside
RESOLVER = "127.0.0.53"  # the world dns-nxdomain
OWN_FILES = {"hosts": Path("/etc/hosts"), "resolv.conf": Path("/etc/resolv.conf"),
             "ca-certificates.crt": Path("/etc/ssl/certs/ca-certificates.crt")}  # fmt: skip


def missing() -> str | None:
    """Why no lab can be brought up here, or None when it can."""
    if inside():
        return None
    if os.geteuid() != 0:
        return "it needs root, to make namespaces and run a container engine"
    if not shutil.which("dpkg-deb") or not shutil.which("unshare"):
        return "it needs Debian's dpkg-deb and unshare"
    tried = subprocess.run([*_unshare(), "true"], capture_output=True, text=True)
    return None if tried.returncode == 0 else f"this machine allows no namespaces ({tried.stderr.strip()})"


def enter() -> None:
    """Run this very command again inside, and end with its exit status."""
    done = subprocess.run([*_unshare(), sys.executable, "-m", "lab", *sys.argv[1:]], env=os.environ | {MARK: "1"})
    sys.exit(done.returncode)


def inside() -> bool:
    """Whether this process is the one that `enter` started."""
    return bool(os.environ.get(MARK))


def furnish(busybox: Path, bundle: bytes) -> None:
    """Set up the inside: `lo` up, empty folders, own files in /etc."""
    subprocess.run([str(busybox), "ip", "link", "set", "lo", "up"], check=True)
    for folder in HIDDEN:
        subprocess.run(["mount", "-t", "tmpfs", "-o", "mode=755", "tmpfs", str(folder)], check=True)
    for name, place in OWN_FILES.items():
        own = Path("/run") / name
        own.write_bytes(bundle if name.endswith(".crt") else b"")
        subprocess.run(["mount", "--bind", str(own), str(place)], check=True)
    CONTEXT.mkdir()
    write_names({}, RESOLVER)


def mount(source: Path, place: Path) -> None:
    """Show the folder `source` at `place`, which lies in one of the hidden folders."""
    source.mkdir(parents=True, exist_ok=True)
    place.mkdir(parents=True, exist_ok=True)
    subprocess.run(["mount", "--bind", str(source), str(place)], check=True)


def write_names(addresses: Mapping[str, str], resolver: str) -> None:
    """What every program inside finds in /etc/hosts and /etc/resolv.conf from now on."""
    lines = ["127.0.0.1 localhost", *(f"{address} {host}" for host, address in addresses.items())]
    OWN_FILES["hosts"].write_text("\n".join(lines) + "\n")
    OWN_FILES["resolv.conf"].write_text(f"nameserver {resolver}\noptions timeout:1 attempts:1\n")


def _unshare() -> list[str]:
    return [
        "unshare",
        "--net",
        "--mount",
        "--propagation",
        "private",
        "--pid",
        "--fork",
        "--kill-child",
        "--mount-proc",
    ]
