"""What a whole process costs: CPU seconds, and the time in which it passes a line on."""

from __future__ import annotations

import os
import resource
import statistics
import subprocess
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

RUNS = 3
_WARM = 200  # lines


def row(name: str, first: Sequence[str], second: Sequence[str]) -> None:
    """Print the CPU seconds of two commands that are run in turn, and the median of their ratios."""
    _cpu(first), _cpu(second)  # warm: files in memory, caches written
    show(name, [(_cpu(first), _cpu(second)) for _ in range(RUNS)], "s")


def latency(name: str, first: Sequence[str], second: Sequence[str], lines: int, pause: float) -> None:
    """The same of the microseconds until a line that is written can be read: their median, and 99th percentile.

    `pause`: seconds from a line that was read to the next that is written. All stay on one core: to wake another takes
    ten times as long as what is measured, and which one a process gets is chance.
    """
    with _one_core():
        pairs = [(_echoed(first, lines, pause), _echoed(second, lines, pause)) for _ in range(RUNS)]
    show(f"{name}, median", [(a[0], b[0]) for a, b in pairs], "µs")
    show(f"{name}, 99th percentile", [(a[1], b[1]) for a, b in pairs], "µs")


def peak(command: str) -> float:
    """Megabytes that a shell's command had in memory at the most. Larger ones must not have run before."""
    subprocess.run(["sh", "-c", command], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=False)
    return resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024


def show(name: str, pairs: list[tuple[float, float]], unit: str) -> None:
    a, b = (statistics.median(column) for column in zip(*pairs, strict=True))
    ratio = statistics.median(x / y for x, y in pairs)
    print(f"{name:50} {a:8.2f} / {b:6.2f} {unit} = {ratio:5.2f}", flush=True)


@contextmanager
def _one_core() -> Iterator[None]:
    if not hasattr(os, "sched_setaffinity"):  # macOS
        yield
        return
    cores = os.sched_getaffinity(0)
    os.sched_setaffinity(0, {max(cores)})
    try:
        yield
    finally:
        os.sched_setaffinity(0, cores)


def _cpu(command: Sequence[str]) -> float:
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=False)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def _echoed(command: Sequence[str], lines: int, pause: float) -> tuple[float, float]:
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, bufsize=0) as process:
        assert process.stdin and process.stdout
        into, out = process.stdin.fileno(), process.stdout.fileno()
        took = sorted([_line(into, out, number, pause) for number in range(_WARM + lines)][_WARM:])
        process.stdin.close()
        process.stdout.read()
    return took[len(took) // 2], took[len(took) * 99 // 100]


def _line(into: int, out: int, number: int, pause: float) -> float:
    if pause:
        time.sleep(pause)
    line = b"#5 %d.123 go: downloading example.com/acme/lib v1.%d.0\n" % (number, number)
    start, seen = time.perf_counter(), b""
    os.write(into, line)
    while not seen.endswith(b"\n"):
        seen += os.read(out, 1 << 16)
    return (time.perf_counter() - start) * 1e6
