"""`docker diagnose …`: the plugin as docker calls it, with a stand-in for docker itself."""

from __future__ import annotations

import json
import os
import subprocess
from pathlib import Path

import pytest

from diagnoser import __version__
from diagnoser.cli.plugin import as_run

from .test_cli import COMMAND, ENVIRONMENT
from .test_run import GO_SUM


def install(*arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [*COMMAND, "install-docker-plugin", *arguments],
        capture_output=True,
        text=True,
        env={**ENVIRONMENT, **environment},
        check=False,
    )


@pytest.fixture
def plugin(tmp_path: Path) -> Path:
    assert install("--dir", str(tmp_path / "plugins")).returncode == 0
    return tmp_path / "plugins" / "docker-diagnose"


@pytest.fixture
def docker(tmp_path: Path) -> dict[str, str]:
    """A `docker` that tells how it was called, and fails."""
    (tmp_path / "docker").write_text(f"#!/bin/sh\necho docker \"$@\"\necho '{GO_SUM}'\nexit 7\n")
    (tmp_path / "docker").chmod(0o755)
    return {**ENVIRONMENT, "PATH": f"{tmp_path}:{os.environ['PATH']}"}


def test_docker_is_told_what_the_plugin_is(plugin: Path) -> None:
    answer = subprocess.run([plugin, "docker-cli-plugin-metadata"], capture_output=True, env={}, check=True).stdout
    told = json.loads(answer)
    assert told["SchemaVersion"] == "0.1.0" and told["Version"] == __version__
    assert told["Vendor"] and told["ShortDescription"]


def test_a_build_through_docker_is_run_and_diagnosed(plugin: Path, docker: dict[str, str]) -> None:
    done = subprocess.run(
        [plugin, "diagnose", "build", "-t", "a b", "."], capture_output=True, text=True, env=docker, check=False
    )
    assert done.stdout.splitlines()[0] == "docker build -t a b ." and done.returncode == 7
    assert "modules/missing-go-sum" in done.stderr


def test_our_options_come_first_and_dockers_global_ones_stay_its_own(plugin: Path, docker: dict[str, str]) -> None:
    call = [plugin, "--context", "remote", "diagnose", "--no-pty", "--retry", "1", "build", "--no-cache", "."]
    done = subprocess.run(call, capture_output=True, text=True, env=docker, check=False)
    assert done.stdout.splitlines()[0] == "docker --context remote build --no-cache ."
    assert "not run again" in done.stderr


def test_the_docker_that_called_is_the_one_that_is_run(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DOCKER_CLI_PLUGIN_ORIGINAL_CLI_COMMAND", "/opt/docker")
    assert as_run(["diagnose", "build", "."]) == ["run", "--program=/opt/docker", "build", "."]


def test_it_goes_where_docker_looks(tmp_path: Path) -> None:
    assert install(DOCKER_CONFIG=str(tmp_path / "config")).returncode == 0
    assert os.access(tmp_path / "config" / "cli-plugins" / "docker-diagnose", os.X_OK)
    assert install(DOCKER_CONFIG="", HOME=str(tmp_path)).returncode == 0
    assert os.access(tmp_path / ".docker" / "cli-plugins" / "docker-diagnose", os.X_OK)


def test_our_own_file_is_replaced_and_a_foreign_one_is_not(plugin: Path) -> None:
    assert install("--dir", str(plugin.parent)).returncode == 0
    plugin.write_text("#!/bin/sh\necho somebody else's\n")
    done = install("--dir", str(plugin.parent))
    assert done.returncode == 2 and "not ours" in done.stderr and "somebody" in plugin.read_text()


def test_a_link_is_not_written_through(plugin: Path, tmp_path: Path) -> None:
    plugin.rename(tmp_path / "other")
    plugin.symlink_to(tmp_path / "other")
    assert install("--dir", str(plugin.parent)).returncode == 2


def test_a_folder_of_the_same_name_where_it_is_called_is_not_run(
    plugin: Path, docker: dict[str, str], tmp_path: Path
) -> None:
    (tmp_path / "project" / "diagnoser").mkdir(parents=True)
    (tmp_path / "project" / "diagnoser" / "__main__.py").write_text("print('planted')")
    (tmp_path / "project" / "diagnoser" / "__init__.py").write_text("")
    done = subprocess.run(
        [plugin, "diagnose", "build", "."],
        capture_output=True,
        text=True,
        env=docker,
        cwd=tmp_path / "project",
        check=False,
    )
    assert "planted" not in done.stdout and done.returncode == 7


def test_a_folder_that_cannot_be_written_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    done = install("--dir", str(tmp_path / "file" / "below"))
    assert done.returncode == 2 and "cannot be written" in done.stderr and "Traceback" not in done.stderr
