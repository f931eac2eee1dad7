"""Try the hostile logs and write what they cost to docs/reliability.md: `python tools/reliability.py [--small]`.

At full size this takes a quarter of an hour, 10 GB below the temporary folder, and nothing of it stays.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from itertools import count
from pathlib import Path

ROOT = Path(__file__).parent.parent
sys.path.insert(0, str(ROOT))

from tests.hostile import CASES, Case, Cost, cost, short_lines  # noqa: E402
from tools.redaction import figures  # noqa: E402

SUITES = {
    "Hostile logs, patterns that explode, SIGINT, long landmark lines": "tests/test_hostile.py",
    "Numbers of hundreds of digits": "tests/test_numbers.py",
    "Cuts of 120 recordings": "tests/test_cuts.py",
    "Injection into every format and edit": "tests/test_injection.py",
    "Closed streams, full disk, no home, locale, runs at once": "tests/test_pipes.py",
    "Redaction": "tests/test_redact.py",
    "Fuzz targets on their seeds, and on what went wrong before": "tests/test_fuzz.py",
}


def main(small: bool) -> None:
    rows = [_row(case, case.small if small else case.full) for case in CASES]
    rows.append(_endless(5 if small else 60))
    checks = [_suite(name, path) for name, path in SUITES.items()]
    sizes = "The sizes are those of `make test`, not the full ones." if small else "The sizes are the full ones."
    parts = [sizes.join(_HEAD), *rows, "", *_CHECKS, *checks, "", *figures(), "", *_fuzzing(), ""]
    (ROOT / "docs" / "reliability.md").write_text("\n".join(parts))


_HEAD = """# Reliability

What was tried, and what it cost when this file was last made by `make reliability`. Each log is diagnosed in a process
that may take 1 GiB of its own; the memory told is the most that was resident, mapped files included.
Other programs were running on the machine, so the seconds are an upper bound. @
An answer "told as partial" says in every format how much of the log was not looked at.

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
    return _told(case.name, f"{size:,} {case.unit}", spent)


def _endless(seconds: int) -> str:
    lines = (line for _ in count() for line in short_lines(1000))
    spent = cost(lines, "--quiet", "--spool-max", str(1 << 26), interrupt_after=seconds)
    assert "interrupted" in spent.err
    return _told("short lines without an end, 64 MiB of them kept, Ctrl-C", f"after {seconds} s", spent)


def _told(name: str, size: str, spent: Cost) -> str:
    answer = json.loads(spent.out) if spent.code in (0, 1) and spent.out else {}
    words = answer.get("outcome", f"exit code {spent.code}")
    partial = answer.get("dropped_bytes") or answer.get("timed_out_patterns")
    told = f"{words}, told as partial" if partial else words
    print(name, size, f"{spent.seconds:.1f} s {spent.megabytes:.0f} MB", told, flush=True)
    return f"| {name} | {size} | {spent.seconds:.1f} | {spent.megabytes:.0f} | {told} |"


def _suite(name: str, path: str) -> str:
    command = [sys.executable, "-m", "pytest", "-q", "-o", "addopts=", "-p", "no:cacheprovider", path]
    last = subprocess.run(command, cwd=ROOT, capture_output=True, text=True).stdout.strip().splitlines()[-1]
    print(name, last, flush=True)
    counts = [part.strip("= ") for part in last.split(" in ")[0].split(",")]
    return f"| {name} | {sum(int(c.split()[0]) for c in counts if c[:1].isdigit())} | {', '.join(counts)} |"


def _fuzzing() -> list[str]:
    tried = json.loads((ROOT / "tests" / "fuzz" / "tried.json").read_text())
    rows = [f"| {name} | {one['executions']:,} | {one['seconds'] / 3600:.2f} |" for name, one in tried.items()]
    hours, kept = (
        sum(one["seconds"] for one in tried.values()) / 3600,
        list((ROOT / "tests/fuzz/corpus").rglob("*.bin")),
    )
    return [
        "| Fuzz target | Inputs tried | Hours |",
        "| --- | ---: | ---: |",
        *rows,
        "",
        f"`tools/fuzz.py` ran for {hours:.2f} hours in all. The inputs that showed something wrong, now tests: {len(kept)}.",
    ]


if __name__ == "__main__":
    main("--small" in sys.argv[1:])
