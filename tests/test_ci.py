"""The step after a failed build: the command, and the scripts of action.yml and ci/gitlab.yml as they stand there."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

from .conftest import ROOT

LOG = ROOT / "sample_logs/modules/proxy-timeout/docker28.5-plain-mod-dial-timeout.log"
BASH = shutil.which("bash")


@pytest.fixture
def job(tmp_path: Path) -> dict[str, str]:
    """A job's environment, with the files that GitHub gives a step."""
    files = {name: str(tmp_path / name) for name in ("GITHUB_STEP_SUMMARY", "GITHUB_OUTPUT", "GITHUB_ENV")}
    for path in files.values():
        Path(path).write_text("before\n")
    return {**os.environ, **files, "PYTHONPATH": str(ROOT), "DIAGNOSER_PYTHON": sys.executable}


def outputs(job: dict[str, str]) -> dict[str, str]:
    """Read as the runner reads the file."""
    text = Path(job["GITHUB_OUTPUT"]).read_text().removeprefix("before\n")
    found = re.findall(r"(\w+)<<(\S+)\n(.*?)\n\2\n", text, re.DOTALL)
    assert "".join(f"{name}<<{mark}\n{value}\n{mark}\n" for name, mark, value in found) == text
    return {name: value for name, _, value in found}


def github(job: dict[str, str], *arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "diagnoser", "ci", "github", *arguments]
    return subprocess.run(command, env=job, capture_output=True, text=True, timeout=60, check=False)


def test_annotations_summary_and_outputs(job: dict[str, str]) -> None:
    done = github(job, str(LOG))
    assert done.returncode == 0 and not done.stderr
    assert done.stdout.startswith("::error title=A module server did not answer in time::go: github.com/")
    assert Path(job["GITHUB_STEP_SUMMARY"]).read_text().startswith("before\n# A module server did not answer in time\n")
    assert outputs(job) == {
        "outcome": "failed",
        "cause": "modules/proxy-timeout",
        "title": "A module server did not answer in time",
        "confidence": "high",
        "transient": "true",
        "action": "fail",
    }


def test_the_settings_say_what_ci_is_to_do(job: dict[str, str], tmp_path: Path) -> None:
    (tmp_path / "settings.toml").write_text('[response]\ntransient = "retry"\n')
    assert github(job, "--config", str(tmp_path / "settings.toml"), str(LOG)).returncode == 0
    assert outputs(job)["action"] == "retry"


def test_what_a_log_says_cannot_become_a_command_or_an_output(job: dict[str, str], tmp_path: Path) -> None:
    nasty = tmp_path / "nasty.log"
    nasty.write_text("::set-output name=cause::x\nmain.go:4:2: undefined: x%0A::error::y\nend-1\ncause<<x\n")
    lines = github(job, str(nasty)).stdout.splitlines()
    assert len(lines) == 1 and "%250A" in lines[0] and "::set-output" not in lines[0]
    assert set(outputs(job)) == {"outcome", "cause", "title", "confidence", "transient", "action"}


@pytest.mark.parametrize("log", ["", "all is well\n", "#5 [1/2] RUN x\n#5 ERROR: exit code: 3\n"])
def test_a_log_without_a_cause_leaves_the_outputs_about_it_empty(log: str, job: dict[str, str], tmp_path: Path) -> None:
    (tmp_path / "build.log").write_text(log)
    assert github(job, str(tmp_path / "build.log")).returncode == 0
    found = outputs(job)
    assert found["cause"] == found["title"] == "" and found["transient"] == "false"
    assert found["action"] == ("fail" if log.startswith("#5") else "pass")


def test_outside_of_github_it_prints_the_annotations_alone(job: dict[str, str]) -> None:
    bare = {name: value for name, value in job.items() if not name.startswith("GITHUB_")}
    done = github(bare, str(LOG))
    assert done.returncode == 0 and done.stdout.startswith("::error")


def test_a_missing_log_is_told(job: dict[str, str]) -> None:
    done = github(job, "nowhere.log")
    assert done.returncode == 2 and "nowhere.log: no such file" in done.stderr


def action() -> dict[str, Any]:
    return dict(yaml.safe_load((ROOT / "action.yml").read_text()))


def test_the_action_passes_every_output_and_every_input_on() -> None:
    manifest = action()
    step = next(s for s in manifest["runs"]["steps"] if s.get("id") == "diagnose")
    assert {f"${{{{ inputs.{name} }}}}" for name in manifest["inputs"] if name != "python"} == set(step["env"].values())
    assert all("${{" not in s.get("run", "") for s in manifest["runs"]["steps"])  # no input becomes part of a script
    command = (ROOT / "diagnoser/cli/ci.py").read_text()
    assert all(f'"{name}":' in command for name in manifest["outputs"])


@pytest.mark.skipif(BASH is None, reason="the action's script needs bash")
def test_the_actions_script_runs_on_a_recorded_log(job: dict[str, str], tmp_path: Path) -> None:
    script = next(s["run"] for s in action()["runs"]["steps"] if s.get("id") == "diagnose")
    log = tmp_path / "a 'b' $(touch owned).log"
    log.write_bytes(LOG.read_bytes())
    inputs = {
        "LOG": str(log),
        "CONTEXT": ".",
        "CONFIG": "",
        "SIGNATURES": "",
        "HTML": "page.html",
        "SARIF": "out.sarif",
    }
    command = [str(BASH), "--noprofile", "--norc", "-eo", "pipefail", "-c", script]
    done = subprocess.run(command, env={**job, **inputs}, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert done.returncode == 0 and done.stdout.startswith("::error "), done.stderr
    assert outputs(job)["cause"] == "modules/proxy-timeout" and not (tmp_path / "owned").exists()
    assert json.loads((tmp_path / "out.sarif").read_text())["version"] == "2.1.0"
    assert (tmp_path / "page.html").read_text().startswith("<!DOCTYPE html>")


def gitlab(job: dict[str, str], folder: Path, **variables: str) -> subprocess.CompletedProcess[str]:
    script = yaml.safe_load((ROOT / "ci/gitlab.yml").read_text())[".diagnoser"]["after_script"][0]
    return subprocess.run(
        ["sh", "-c", script], env={**job, **variables}, cwd=folder, capture_output=True, text=True, check=False
    )


def test_gitlabs_script_leaves_the_reports_that_the_job_names(job: dict[str, str], tmp_path: Path) -> None:
    (tmp_path / "bin").mkdir()
    (tmp_path / "bin/python").write_text(f'#!/bin/sh\nexec "{sys.executable}" "$@"\n')
    (tmp_path / "bin/python").chmod(0o755)
    done = gitlab(job, tmp_path, CI_JOB_STATUS="failed", DIAGNOSER_HOME=str(tmp_path), BUILD_LOG=str(LOG))
    assert "modules/proxy-timeout" in done.stdout and "\x1b[" in done.stdout, done.stderr
    artifacts = yaml.safe_load((ROOT / "ci/gitlab.yml").read_text())[".diagnoser"]["artifacts"]
    for name in (*artifacts["paths"], *artifacts["reports"].values()):
        assert (tmp_path / name).stat().st_size > 100, name


def test_gitlabs_script_does_nothing_after_a_good_build(job: dict[str, str], tmp_path: Path) -> None:
    done = gitlab(job, tmp_path, CI_JOB_STATUS="success", BUILD_LOG="nowhere.log")
    assert done.returncode == 0 and not done.stdout and not done.stderr
    done = gitlab(job, tmp_path, CI_JOB_STATUS="failed", DIAGNOSER_HOME=str(tmp_path / "none"), DIAGNOSER="")
    assert done.returncode == 0 and "set DIAGNOSER" in done.stdout
