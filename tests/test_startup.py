"""What a short log costs: only what it needs is imported, and little is read of the catalogue."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

from diagnoser.catalogue import Catalogue, pack, unpack

from .conftest import ROOT

LOG = ROOT / "sample_logs" / "modules" / "proxy-timeout" / "docker28.5-plain-mod-dial-timeout.log"
PROGRAM = """
import atexit, sys
atexit.register(lambda: print(*sys.modules, file=sys.stderr))
sys.argv = ["diagnoser", "--format", "json", sys.argv[1]]
from diagnoser.__main__ import main
main()
"""
DEAR = "regex hyperscan rich jinja2 markdown_it tomllib importlib.metadata e2b_dockerfile_utils diagnoser.fix".split()


@pytest.fixture(scope="module")
def imported(catalogue: Catalogue, tmp_path_factory: pytest.TempPathFactory) -> set[str]:
    """The modules imported for a short log, where the catalogue was compiled before and no Dockerfile is at hand."""
    command, folder = [sys.executable, "-c", PROGRAM, str(LOG)], tmp_path_factory.mktemp("empty")
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    done = subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, timeout=60)
    assert done.returncode == 1 and '"modules/proxy-timeout"' in done.stdout, done.stderr
    return set(done.stderr.split())


@pytest.mark.parametrize("module", DEAR)
def test_a_short_log_does_without(module: str, imported: set[str]) -> None:
    assert module not in imported


def test_only_the_dialect_of_the_log_is_imported(imported: set[str]) -> None:
    dialects = {f"diagnoser.steps.{name}" for name in ("buildkit", "buildah", "kaniko", "legacy", "plain")}
    assert imported & dialects == {"diagnoser.steps.buildkit"}


def test_a_packed_catalogue_is_the_same_catalogue(catalogue: Catalogue) -> None:
    found = unpack(pack(catalogue))
    assert list(found.signatures.items()) == list(catalogue.signatures.items())
    assert list(found.literals) == list(catalogue.literals)
    assert list(found.calls) == list(catalogue.calls)
    assert found[3:] == catalogue[3:]


@pytest.mark.parametrize("end", [4, 100, 10_000])
def test_a_cut_catalogue_is_told(catalogue: Catalogue, end: int) -> None:
    with pytest.raises((ValueError, EOFError, TypeError)):
        unpack(pack(catalogue)[:end])
