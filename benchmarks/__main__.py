"""`python -m benchmarks [MEGABYTES]`: CPU ratios against public tools, each pair run in turn, medians of three."""

from __future__ import annotations

import os
import platform
import re
import resource
import shutil
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

from benchmarks.logs import write
from diagnoser.catalogue import load_catalogue

RUNS = 3
_PATTERN = re.compile(r"^regex = '''\s*(?:\(\?[a-z]+\)\s*)?", re.MULTILINE)
DIAGNOSER = [str(Path(sys.executable).with_name("diagnoser")), "--format", "json"]
BARE = 'import typer\napp = typer.Typer()\n@app.command()\ndef main(x: str = "a") -> None:\n    print(x)\napp()\n'


def main() -> None:
    megabytes = int(sys.argv[1]) if len(sys.argv) > 1 else 1000
    print(
        f"{platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}, logs of {megabytes} MB, CPU seconds"
    )
    with tempfile.TemporaryDirectory() as folder:
        _measure(Path(folder), megabytes * 1_000_000)


def _measure(folder: Path, size: int) -> None:
    normal, hot, small, literals, bare = (
        folder / n for n in ("normal.log", "hot.log", "small.log", "literals", "bare.py")
    )
    write(normal, size)
    write(hot, size, hot=0.2)
    small.write_bytes(normal.read_bytes()[-2048:] if size < 1 << 22 else _tail(normal))
    literals.write_bytes(b"".join(word + b"\n" for word, _ in load_catalogue().literals))
    bare.write_text(BARE)
    many = _ten_times(folder / "signatures")
    log = [*DIAGNOSER, str(normal)]
    _row("2 KB of a failing log / bare typer", [*DIAGNOSER, str(small)], [sys.executable, str(bare)])
    if shutil.which("rg"):
        _row("large log / rg -c -F -j1 -f literals", log, ["rg", "-c", "-F", "-j1", "-f", str(literals), str(normal)])
    _row("large log / cat", log, ["cat", str(normal)])
    _row("hot log / normal log", [*DIAGNOSER, str(hot)], log)
    _row("ten times the signatures / as they are", [*log, "--signatures", str(many)], log)
    piped = f"cat {normal} | {' '.join(DIAGNOSER)}"
    subprocess.run(["sh", "-c", piped], stdout=subprocess.DEVNULL, check=False)
    print(f"{'peak memory of any of these':45} {resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024:8.0f} MB")


def _tail(path: Path) -> bytes:
    with path.open("rb") as file:
        file.seek(-2048, os.SEEK_END)
        return file.read()


def _ten_times(folder: Path) -> Path:
    """Nine more copies of every signature, each with literals of its own."""
    for path in Path("signatures").rglob("*.toml"):
        text = path.read_text()
        for copy in range(9):
            made = folder / f"{path.parent.name}-{copy}" / path.name
            made.parent.mkdir(parents=True, exist_ok=True)
            made.write_text(_PATTERN.sub(rf"\g<0>zq{copy}", text))
    return folder


def _row(name: str, first: list[str], second: list[str]) -> None:
    _cpu(first), _cpu(second)  # warm: files in memory, caches written
    pairs = [(_cpu(first), _cpu(second)) for _ in range(RUNS)]
    a, b = (statistics.median(column) for column in zip(*pairs, strict=True))
    ratio = statistics.median(x / y for x, y in pairs)
    print(f"{name:45} {a:8.2f} / {b:5.2f} = {ratio:5.2f}", flush=True)


def _cpu(command: list[str]) -> float:
    """CPU seconds of one whole process."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=False)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


main()
