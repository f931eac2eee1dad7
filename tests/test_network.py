"""No command opens a connection or looks a name up, whatever the log says: an audit hook ends the process that tries."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from .conftest import ROOT

HOOK = """
import os, sys

def refuse(event, arguments):
    if event in ("socket.connect", "socket.sendto", "socket.getaddrinfo", "socket.gethostbyname", "socket.gethostbyaddr"):
        os.write(2, f"NETWORK: {event} {arguments[1:]}\\n".encode())
        os._exit(97)

sys.addaudithook(refuse)
"""
LOG = ROOT / "sample_logs" / "modules" / "proxy-timeout" / "docker28.5-plain-mod-dial-timeout.log"
OWN = "title = 'T'\ncause = 'C'\n[[pattern]]\nregex = 'certain words'\n"
FORMATS = "terminal plain json markdown html github sarif junit codequality".split()
COMMANDS = [
    *(["-f", name, str(LOG)] for name in FORMATS),
    ["fix", str(LOG)],
    ["ci", "github", str(LOG), "--sarif", "a.sarif", "--html", "a.html"],
    ["batch", str(ROOT / "sample_logs" / "modules")],
    ["run", "--", "cat", str(LOG)],
    ["explain", "modules/proxy-timeout"],
    ["list"],
    ["new", "team/broker-down", str(LOG), "--signatures", "own"],
    ["check", "own"],
    ["install-docker-plugin"],
    ["--help"],
]


def run(arguments: list[str], folder: Path) -> subprocess.CompletedProcess[str]:
    """Python with these arguments, in `folder`, under the hook."""
    (folder / "hook").mkdir()
    (folder / "hook" / "sitecustomize.py").write_text(HOOK)
    env = {**os.environ, "PYTHONPATH": f"{folder / 'hook'}{os.pathsep}{ROOT}", "HOME": str(folder)}
    command = [sys.executable, *arguments]
    return subprocess.run(command, cwd=folder, env=env, capture_output=True, text=True, timeout=120, input="")


@pytest.mark.parametrize("arguments", COMMANDS, ids=lambda a: " ".join(a[:2]).replace(str(ROOT), ""))
def test_no_command_asks_the_network(arguments: list[str], tmp_path: Path) -> None:
    shutil.copy(ROOT / "Dockerfile", tmp_path)
    (tmp_path / "own" / "area").mkdir(parents=True)
    (tmp_path / "own" / "area" / "slug.toml").write_text(OWN)
    done = run(["-m", "diagnoser", *arguments], tmp_path)
    assert done.returncode in (0, 1) and "NETWORK" not in done.stderr, done


@pytest.mark.parametrize("call", ["create_connection(('127.0.0.1', 9))", "getaddrinfo('localhost', 9)"])
def test_the_hook_sees_who_asks(call: str, tmp_path: Path) -> None:
    assert run(["-c", f"import socket; socket.{call}"], tmp_path).returncode == 97
