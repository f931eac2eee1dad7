"""Try the hostile logs and write what they cost to docs/reliability.md: `python tools/reliability.py [--small]`."""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
import tomllib
from pathlib import Path

ROOT = Path(__file__).parent.parent
sys.path.insert(0, str(ROOT))

from tests.hostile import CASES, Case, cost  # noqa: E402

SUITES = {
    "Hostile patterns, SIGINT, long landmark lines, a lint of every built-in pattern": "tests/test_hostile.py",
    "Cuts of fifty recordings": "tests/test_cuts.py",
    "Injection into every format and edit": "tests/test_injection.py",
    "Closed streams, full disk, no home, locale, runs at once": "tests/test_pipes.py",
    "Redaction": "tests/test_redact.py",
}


def main(small: bool) -> None:
    rows = [_row(case, case.small if small else case.full) for case in CASES]
    checks = [_suite(name, path) for name, path in SUITES.items()]
    sizes = "The sizes are those of `make test`, not the full ones." if small else "The sizes are the full ones."
    (ROOT / "docs" / "reliability.md").write_text(
        "\n".join([sizes.join(_HEAD), *rows, "", *_CHECKS, *checks, "", *_redaction(), ""])
    )


_HEAD = """# Reliability

What was tried, and what it cost when this file was last made by `make reliability`. Each log is diagnosed in a process
that may take 1 GiB of its own; the memory told is the most that was resident, mapped files included.
@

| Log | Size | Seconds | MB | Answer |
| --- | ---: | ---: | ---: | --- |""".split("@")
_CHECKS = ["| Checks | Cases | Result |", "| --- | ---: | --- |"]


def _row(case: Case, size: int) -> str:
    with tempfile.TemporaryDirectory() as folder:
        log = Path(folder) / "log.gz"
        if case.name == "gzip bomb":
            with log.open("wb") as file:
                file.writelines(case.stream(size))
        spent = cost((), str(log)) if log.exists() else cost(case.stream(size), "--quiet")
    answer = json.loads(spent.out) if spent.code in (0, 1) and spent.out else {}
    words = answer.get("outcome", f"exit code {spent.code}")
    partial = answer.get("dropped_bytes") or answer.get("timed_out_patterns")
    told = f"{words}, told as partial" if partial else words
    print(case.name, size, f"{spent.seconds:.1f} s", told, flush=True)
    return f"| {case.name} | {size:,} {case.unit} | {spent.seconds:.1f} | {spent.megabytes:.0f} | {told} |"


def _suite(name: str, path: str) -> str:
    command = [sys.executable, "-m", "pytest", "-q", "-o", "addopts=", "-p", "no:cacheprovider", path]
    last = subprocess.run(command, cwd=ROOT, capture_output=True, text=True).stdout.strip().splitlines()[-1]
    print(name, last, flush=True)
    counts = [part.strip("= ") for part in last.split(" in ")[0].split(",")]
    return f"| {name} | {sum(int(c.split()[0]) for c in counts if c[:1].isdigit())} | {', '.join(counts)} |"


def _redaction() -> list[str]:
    vectors = tomllib.loads((ROOT / "tests" / "data" / "redaction.toml").read_text())
    sizes = ", ".join(f"{len(v)} under `{k}`" for k, v in vectors.items() if isinstance(v, list | dict))
    return [f"The vectors of the redaction tests, in tests/data/redaction.toml: {sizes}."]


if __name__ == "__main__":
    main("--small" in sys.argv[1:])
