"""Any text is a Dockerfile or is left alone: a patch of it applies with git, and what comes out is a Dockerfile."""

from __future__ import annotations

import subprocess
import tempfile
from pathlib import Path

from diagnoser.dockerfile import parse
from diagnoser.fix import EditError, Patch, Place, propose

from ..test_fix_properties import EDITS

_ALL = (*EDITS, {"dockerignore": "go.sum"}, {"dockerignore": "cmd/x"}, {"insert-before-step": "RUN a \\\n b"})


def patches(data: bytes) -> None:
    """Edit, line and layout in the first three bytes; the Dockerfile, the logged instruction and .dockerignore follow."""
    which, line, layout = [*data[:3], 0, 0, 0][:3]
    dockerfile, instruction, ignored = [*data[3:].split(b"\0", 2), b"", b""][:3]
    words = instruction.decode("utf-8", "replace") or None
    place = Place(line=line or None, instruction=words, stage="build" if layout & 1 else None)
    with tempfile.TemporaryDirectory() as folder:
        context = Path(folder)
        (context / "Dockerfile").write_bytes(dockerfile)
        (context / "go.sum").touch()
        if ignored or layout & 2:
            (context / ".dockerignore").write_bytes(ignored)
        try:
            patch = propose(_ALL[which % len(_ALL)], place, context)
        except EditError:
            return
        if patch:
            _check(patch, context)


def _check(patch: Patch, context: Path) -> None:
    assert patch.path in ("Dockerfile", ".dockerignore")
    ran = subprocess.run(["git", "apply", "-"], input=patch.diff.encode(), cwd=context, capture_output=True)
    assert ran.returncode == 0, (ran.stderr, patch.diff)
    assert (context / patch.path).read_bytes() == patch.after
    if patch.path == "Dockerfile":
        parse(patch.after.decode())
