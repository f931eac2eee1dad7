"""`diagnoser fix`: the patch on standard output, and commands that belong in the folder of go.mod."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

TIDY = "go: updates to go.mod needed; to update it:\n\tgo mod tidy\n"


def fix(log: str, context: Path, folder: Path = Path()) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "diagnoser", "fix", "--context", str(context)]
    return subprocess.run(command, cwd=folder, input=log, capture_output=True, text=True)


@pytest.mark.parametrize(("files", "folder"), [
    (["go.mod"], "."),
    (["go.mod", "tools/go.mod"], "."),
    (["backend/go.mod", "web/package.json"], "backend"),
    (["backend/go.mod", "backend/vendor/a.test/b/go.mod"], "backend"),
    (["a/go.mod", "b/go.mod"], "."),
    ([], "."),
])  # fmt: skip
def test_a_go_command_is_for_the_folder_of_go_mod(tmp_path: Path, files: list[str], folder: str) -> None:
    for name in files:
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).touch()
    done = fix(TIDY, tmp_path)
    assert done.returncode == 1 and not done.stdout
    assert f"run: cd {tmp_path / folder} && go mod tidy\n" in done.stderr


def test_in_the_context_itself_no_folder_is_named(tmp_path: Path) -> None:
    assert "run: go mod tidy\n" in fix(TIDY, Path(), tmp_path).stderr


def test_a_command_that_is_likelier_than_the_patch_is_named_beside_it(tmp_path: Path) -> None:
    (tmp_path / "Dockerfile").write_text("FROM golang:1.22\nCOPY . .\nRUN go build -mod=vendor .\n")
    log = (
        "#6 [3/3] RUN go build -mod=vendor .\n#6 0.31 go: inconsistent vendoring in /app:\n"
        "#6 0.31 \ta.test/b@v1.0.0: is explicitly required in go.mod, but not marked as explicit in vendor/modules.txt\n"
        '#6 ERROR: process "/bin/sh -c go build -mod=vendor ." did not complete successfully: exit code: 1\n'
    )
    done = fix(log, Path(), tmp_path)
    assert done.returncode == 0 and "+RUN go build -mod=mod ." in done.stdout
    assert "likelier than the patch; run: go mod tidy && go mod vendor\n" in done.stderr
