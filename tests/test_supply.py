"""What development and CI install is pinned, and a known vulnerability in it is told."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from .conftest import ROOT

FAKE = "import os, sys; sys.stdout.write(os.environ['OUT']); sys.exit(os.environ['ERR'] or 0)"
FLAW = {"id": "PYSEC-1", "fix_versions": ["2.0"], "aliases": [], "description": ""}


def names(lines: list[str]) -> set[str]:
    found = (re.match(r"[\w.-]+", line.strip()) for line in lines)
    return {re.sub(r"[-_.]+", "-", match[0]).lower() for match in found if match}


def test_every_dependency_is_pinned() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    wanted = [*project["dependencies"], *(d for extra in project["optional-dependencies"].values() for d in extra)]
    for file in ("requirements-dev.in", "lab/requirements.txt"):
        wanted += (ROOT / file).read_text("utf-8").splitlines()
    pinned = (ROOT / "requirements-dev.txt").read_text("utf-8").splitlines()
    assert names(wanted) <= names(pinned)
    assert all(re.match(r"#|[\w.-]+==[\w.+]+(?:;.*| *)?$", line) for line in pinned if line)


def audited(tmp_path: Path, out: str, err: str = "") -> subprocess.CompletedProcess[str]:
    (tmp_path / "pip_audit.py").write_text(FAKE)
    env = {**os.environ, "PYTHONPATH": str(tmp_path), "OUT": out, "ERR": err}
    command = [sys.executable, str(ROOT / "tools" / "audit.py")]
    return subprocess.run(command, capture_output=True, text=True, env=env, timeout=60)


@pytest.mark.parametrize(
    ("packages", "err", "code", "told"),
    [
        ([{"name": "a", "version": "1.0", "vulns": [FLAW]}], "", 1, "a 1.0: PYSEC-1 (mended in 2.0)"),
        ([{"name": "a", "version": "1.0", "vulns": []}], "", 0, "audited 1 of 1 pinned packages: 0 known"),
        ([{"name": "a", "skip_reason": "not found"}], "", 0, "skipped: no advisory service can be asked: "),
        (None, "requests.exceptions.ConnectionError: no route", 0, "skipped: no advisory service can be asked: "),
        (None, "packaging.version.InvalidVersion: '='", 2, "pip-audit failed: "),
    ],
)
def test_the_audit_tells_a_flaw_from_a_service_that_is_away(
    packages: object, err: str, code: int, told: str, tmp_path: Path
) -> None:
    done = audited(tmp_path, json.dumps({"dependencies": packages, "fixes": []}) if packages else "", err)
    assert (done.returncode, done.stdout.count("\n")) == (code, 2 if code == 1 else 1), done
    assert done.stdout.startswith(told)
