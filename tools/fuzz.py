"""Try inputs that nobody thought of: `python tools/fuzz.py --minutes 60 [--only TARGET]… [--record]`.

Atheris (libFuzzer) changes recordings and keeps what reaches new code, in build/fuzz; the targets of tests/fuzz take
turns. An input for which something does not hold is kept beside the corpus, in `findings`, one
for each place in the code: mend it, then put it into tests/fuzz/corpus/TARGET as a *.bin. `--record` adds up what
was tried in tests/fuzz/tried.json, which docs/reliability.md tells.
"""

from __future__ import annotations

import argparse
import hashlib
import importlib.util
import json
import re
import subprocess
import sys
import time
import traceback
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).parent.parent
KEPT = ROOT / "build" / "fuzz"
TRIED = ROOT / "tests" / "fuzz" / "tried.json"
TARGETS = ("text", "steps", "clues", "formats", "signatures", "redaction", "patches")
_SLOW = 5.0  # seconds of processor time that no input may take
_LIMITS = ("-timeout=60", "-rss_limit_mb=2048", "-max_len=8192", "-print_final_stats=1", "-verbosity=0")


class Tried(NamedTuple):
    executions: int
    seconds: int
    inputs: int  # that reach code which no other reaches
    findings: int


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--minutes", type=float, default=1.0)
    parser.add_argument("--only", action="append", choices=TARGETS)
    parser.add_argument("--record", action="store_true")
    parser.add_argument("--child", choices=TARGETS, help=argparse.SUPPRESS)
    asked, libfuzzer = parser.parse_known_args()
    if importlib.util.find_spec("atheris") is None:
        print("Nothing fuzzed: Atheris has no wheel for this Python and system (it has for 3.11 to 3.13 on Linux).")
    elif asked.child:
        _fuzz(asked.child, libfuzzer)
    else:
        names = asked.only or TARGETS
        share = asked.minutes * 60 / sum(map(_weight, names))
        tried = {name: _run(name, share * _weight(name)) for name in names}
        if asked.record:
            _record(tried)
        sys.exit(any(one.findings for one in tried.values()))


def _weight(name: str) -> int:
    """The formats take the longest for one input, and have the most to lose."""
    return 3 if name == "formats" else 1


def _run(name: str, seconds: float) -> Tried:
    """Fuzz one target in a process of its own, again where an input ended it."""
    _prepare(name)
    executions, start = 0, time.monotonic()
    while (left := seconds - (time.monotonic() - start)) > 1:
        executions += _once(name, left)
    kept = KEPT / name
    findings = sorted((kept / "findings").glob("*.bin"))
    tried = Tried(executions, round(time.monotonic() - start), len(list((kept / "corpus").iterdir())), len(findings))
    print(f"{name}: {tried.executions:,} executions in {tried.seconds / 3600:.3f} h, {tried.inputs} inputs kept, "
          f"{tried.findings} findings", *findings, sep="\n  ", flush=True)  # fmt: skip
    return tried


def _once(name: str, seconds: float) -> int:
    kept = KEPT / name
    command = [sys.executable, __file__, "--child", name, f"-max_total_time={max(1, round(seconds))}", *_LIMITS,
               f"-artifact_prefix={kept / 'findings'}/", f"-dict={kept / 'words'}", str(kept / "corpus"), str(kept / "seeds")]  # fmt: skip
    with (kept / "log").open("w+") as log:
        subprocess.run(command, stdout=log, stderr=log, cwd=kept)
        log.seek(0)
        told = re.search(r"number_of_executed_units: (\d+)", log.read())
    return int(told[1]) if told else 0


def _prepare(name: str) -> None:
    sys.path.insert(0, str(ROOT))
    from diagnoser.catalogue import load_catalogue
    from tests import fuzz

    assert tuple(fuzz.TARGETS) == TARGETS
    for folder in ("corpus", "seeds", "findings"):
        (KEPT / name / folder).mkdir(parents=True, exist_ok=True)
    old = (path.read_bytes() for path in (fuzz.CORPUS / name).glob("*.bin"))
    for seed in (*fuzz.TARGETS[name].seeds(), *old):
        (KEPT / name / "seeds" / _digest(seed)).write_bytes(seed)
    words = (word for word, _ in load_catalogue().literals)
    lines = ('"' + "".join(f"\\x{byte:02x}" for byte in word) + '"\n' for word in words)
    (KEPT / name / "words").write_text("".join(lines))


def _fuzz(name: str, arguments: list[str]) -> None:
    """In the child: libFuzzer's own loop, which ends the process."""
    import atheris

    sys.path.insert(0, str(ROOT))
    with atheris.instrument_imports(include=["diagnoser"]):
        from tests import fuzz
    target, findings = fuzz.TARGETS[name].run, KEPT / name / "findings"

    def watched(data: bytes) -> None:
        start = time.process_time()
        try:
            target(data)
        except Exception as error:
            _keep(findings, data, "".join(traceback.format_exception(error)), _place(error))
        if time.process_time() - start > _SLOW:
            _keep(findings, data, f"{time.process_time() - start:.1f} s\n", "slow")

    atheris.Setup([sys.argv[0], *arguments], watched)
    atheris.Fuzz()


def _place(error: Exception) -> str:
    frames = traceback.extract_tb(error.__traceback__)
    return _digest(repr((type(error).__name__, [(f.filename, f.lineno) for f in frames[-3:]])).encode())


def _keep(findings: Path, data: bytes, words: str, place: str) -> None:
    path = findings / f"{place}.bin"
    if not path.exists() or len(data) < path.stat().st_size:
        path.write_bytes(data)
        path.with_suffix(".txt").write_text(words)


def _digest(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()[:12]


def _record(tried: dict[str, Tried]) -> None:
    """Add to what was tried before."""
    known = json.loads(TRIED.read_text()) if TRIED.exists() else {}
    for name, one in tried.items():
        before = known.get(name, {"executions": 0, "seconds": 0})
        known[name] = {k: before[k] + getattr(one, k) for k in ("executions", "seconds")}
    TRIED.write_text(json.dumps(known, indent=1) + "\n")


if __name__ == "__main__":
    main()
