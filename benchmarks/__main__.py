"""`python -m benchmarks [MEGABYTES] [LOGS]`: whole processes against public tools, each pair run in turn, medians of three."""

from __future__ import annotations

import os
import platform
import shutil
import sys
import tempfile
from contextlib import chdir
from pathlib import Path

from benchmarks import logs, signatures
from benchmarks.measure import latency, peak, row
from diagnoser.catalogue import load_catalogue

DIAGNOSER = [str(Path(sys.executable).with_name("diagnoser"))]
JSON = [*DIAGNOSER, "--format", "json"]
BARE = 'import typer\napp = typer.Typer()\n@app.command()\ndef main(x: str = "a") -> None:\n    print(x)\napp()\n'
_LOG = 100_000  # bytes of each of many
_LINES = 4000  # that are passed on


def main() -> None:
    megabytes, count = (*map(int, sys.argv[1:]), *(1000, 10_000)[len(sys.argv) - 1 :])
    machine = f"{platform.machine()}, {os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}, Python {platform.python_version()}"
    print(f"{machine}; logs of {megabytes} MB, {count} logs of {_LOG // 1000} KB; CPU seconds")
    with tempfile.TemporaryDirectory() as folder, chdir(folder):  # without a Dockerfile, which would be read for patches
        _measure(Path(folder), megabytes * 1_000_000, count)


def _measure(folder: Path, size: int, count: int) -> None:
    normal, hot, small, many = (folder / name for name in ("normal.log", "hot.log", "small.log", "many"))
    logs.write(normal, size)
    print(f"{'from a pipe, peak memory':50} {peak(f'cat {normal} | {chr(32).join(JSON)}'):8.0f} MB", flush=True)
    small.write_bytes(_tail(normal))
    _starts(small, folder / "bare.py")
    latency("line after line passed on / cat", DIAGNOSER, ["cat"], _LINES, 0)
    latency("5,000 lines a second passed on / cat", DIAGNOSER, ["cat"], _LINES, 1 / 5000)
    large = [*JSON, str(normal)]
    row("large log / cat", large, ["cat", str(normal)])
    literals = _literals(folder / "literals")
    if shutil.which("rg"):
        row("large log / rg -c -F -j1 -f literals", large, [*literals, str(normal)])
        logs.write_many(many, count, _LOG)
        row(f"{count} logs, one worker / rg", [*DIAGNOSER, "batch", "-q", "-j1", str(many)], [*literals, str(many)])
        shutil.rmtree(many)
    logs.write(hot, size, hot=0.2)
    row("hot log / normal log", [*JSON, str(hot)], large)
    signatures.write(folder / "signatures")
    row("ten times the signatures / as they are", [*large, "--signatures", str(folder / "signatures")], large)


def _starts(small: Path, bare: Path) -> None:
    bare.write_text(BARE)
    row("2 KB of a failing log / bare typer", [*JSON, str(small)], [sys.executable, str(bare)])


def _literals(path: Path) -> list[str]:
    """The search for all literals of the signatures."""
    path.write_bytes(b"".join(word + b"\n" for word, _ in load_catalogue().literals))
    return ["rg", "-c", "-F", "-j1", "-f", str(path)]


def _tail(path: Path) -> bytes:
    with path.open("rb") as file:
        file.seek(-2048, os.SEEK_END)
        return file.read()


main()
