"""The wheel alone, in a clean environment and another folder, finds its signatures (needs the package index); two are the same."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from .conftest import ROOT


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The `diagnoser` command of a new virtual environment that holds nothing but the wheel and what it asks for."""
    folder = tmp_path_factory.mktemp("wheel")
    run([sys.executable, "-m", "build", "--wheel", "--outdir", str(folder), str(ROOT)])
    run([sys.executable, "-m", "venv", str(folder / "venv")])
    (wheel,) = folder.glob("*.whl")
    run([str(folder / "venv" / "bin" / "python"), "-m", "pip", "install", "--quiet", str(wheel)])
    return folder / "venv" / "bin" / "diagnoser"


def run(command: list[str]) -> None:
    done = subprocess.run(command, capture_output=True, text=True, timeout=600)
    if done.returncode and "No matching distribution" in done.stdout + done.stderr:
        pytest.skip("no package index can be reached")
    assert done.returncode == 0, done.stdout[-2000:] + done.stderr[-2000:]


def test_the_bare_wheel_diagnoses(installed: Path, tmp_path: Path) -> None:
    log = ROOT / "sample_logs" / "modules" / "proxy-timeout" / "docker28.5-plain-mod-dial-timeout.log"
    out = subprocess.run([str(installed), "-f", "json", str(log)], capture_output=True, cwd=tmp_path, timeout=60)
    assert out.returncode == 1, out.stderr
    assert json.loads(out.stdout)["diagnoses"][0]["id"] == "modules/proxy-timeout"
    page = subprocess.run([str(installed), "-f", "html", str(log)], capture_output=True, cwd=tmp_path, timeout=60)
    assert page.returncode == 1 and b"<html" in page.stdout


def test_the_bare_wheel_holds_every_signature(installed: Path, tmp_path: Path) -> None:
    out = subprocess.run([str(installed), "list"], capture_output=True, text=True, cwd=tmp_path, timeout=60)
    ids = {line.split()[0] for line in out.stdout.splitlines()}
    assert ids == {
        p.relative_to(ROOT / "signatures").with_suffix("").as_posix() for p in (ROOT / "signatures").rglob("*.toml")
    }


def test_two_builds_make_the_same_wheel(tmp_path: Path) -> None:
    """In another folder, by a process of other hashes and with other permissions: byte for byte."""
    wheels = [_built(tmp_path / folder, seed, mode) for folder, seed, mode in (("a", "1", 0o644), ("b/c", "2", 0o600))]
    assert hashlib.sha256(wheels[0]).hexdigest() == hashlib.sha256(wheels[1]).hexdigest()


def _built(folder: Path, seed: str, mode: int) -> bytes:
    """The wheel built from a copy of the sources in `folder`."""
    for name in ("diagnoser", "signatures"):
        shutil.copytree(ROOT / name, folder / name, ignore=shutil.ignore_patterns("__pycache__"))
    for name in ("hatch_build.py", "pyproject.toml", "README.md", "LICENSE"):
        shutil.copyfile(ROOT / name, folder / name)
        (folder / name).chmod(mode)
    command = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", "out"]
    subprocess.run(command, cwd=folder, env={**os.environ, "PYTHONHASHSEED": seed}, check=True, capture_output=True)
    (wheel,) = (folder / "out").glob("*.whl")
    return wheel.read_bytes()
