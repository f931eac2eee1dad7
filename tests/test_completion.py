"""What a shell offers while a command line is typed."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

from .conftest import ROOT

PROGRAM = "import sys; sys.argv[0] = 'diagnoser'; from diagnoser.__main__ import main; main()"


@pytest.mark.parametrize(
    ("typed", "offered"),
    [
        ("diagnoser exp", "explain"),
        ("diagnoser fix --app", "--apply"),
        ("diagnoser --format ht", "html"),
        ("diagnoser --form", "--format"),
        ("diagnoser build.log --qui", "--quiet"),
        ("diagnoser ci gi", "github"),
        ("diagnoser build.l", ""),  # nothing of ours: the shell goes on with file names
    ],
)
def test_words_are_completed(typed: str, offered: str) -> None:
    words = {"COMP_WORDS": typed, "COMP_CWORD": str(len(typed.split()) - 1), "_DIAGNOSER_COMPLETE": "complete_bash"}
    environment = {**os.environ, "PYTHONPATH": str(ROOT), **words}
    done = subprocess.run([sys.executable, "-c", PROGRAM], env=environment, capture_output=True, text=True, check=False)
    assert done.stdout.split() == offered.split(), done.stderr
