"""Logs that nobody would want to read, made piece by piece at any size, and what diagnosing them costs."""

from __future__ import annotations

import base64
import os
import resource
import signal
import subprocess
import sys
import threading
import time
import zlib
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from typing import IO, NamedTuple

MEMORY = 1 << 30  # bytes of its own that a run may take
RESIDENT = 200  # megabytes that it may hold at once, mapped files included
_BUFFER = 1 << 18


class Case(NamedTuple):
    """`full` is the size of the one-command run, in bytes or pieces (`unit`), `small` that of the tests."""

    name: str
    stream: Callable[[int], Iterator[bytes]]
    small: int
    full: int
    unit: str
    outcome: str


class Cost(NamedTuple):
    seconds: float
    megabytes: float  # at the most
    code: int
    out: str
    err: str


def one_line(size: int) -> Iterator[bytes]:
    yield from (b"a" * (1 << 20) for _ in range(size >> 20))
    yield b"\ngo: x.example/y@v1.0.0: dial tcp: lookup proxy.golang.org: no such host\n"


def one_line_of_words(size: int) -> Iterator[bytes]:
    yield from (b"error: dial tcp: no such host " * 10_000 for _ in range(size // 300_000))


def digits(size: int) -> Iterator[bytes]:
    yield from (b"#" + b"0" * 250_000 + b"\n" for _ in range(size // 250_000))


def utf16(size: int) -> Iterator[bytes]:
    yield b"\xff\xfe"
    yield from ("error: said\n".encode("utf-16-le") * 1000 for _ in range(size // 24_000))


def zeros(size: int) -> Iterator[bytes]:
    yield from (bytes(1 << 20) for _ in range(size >> 20))


def short_lines(size: int) -> Iterator[bytes]:
    yield from (b"ok\n" for _ in range(size))


def trigger_words(size: int) -> Iterator[bytes]:
    yield from (b"error: dial tcp: no such host\n" for _ in range(size))


def bomb(size: int) -> Iterator[bytes]:
    """Gzip of zeros: a thousandth of what it unpacks to."""
    packer = zlib.compressobj(9, wbits=31)
    yield from (packer.compress(piece) for piece in zeros(size))
    yield packer.flush()


def steps_done(size: int) -> Iterator[bytes]:
    for n in range(1, size + 1):
        yield b"#%d [s%d 1/2] RUN make %d\n#%d 0.1 error: said\n#%d DONE 0.1s\n\n" % (n, n, n, n, n)
    yield b"#%d [x 2/2] RUN make\n#%d 0.1 no\n" % (size + 1, size + 1)
    yield b"#%d ERROR: process did not complete successfully: exit code: 2\n------\n" % (size + 1)
    yield b" > [x 2/2] RUN make:\n0.1 no\n------\nERROR: failed to solve: exit code: 2\n"


def steps_open(size: int) -> Iterator[bytes]:
    yield from (b"#%d [s%d 1/2] RUN make %d\n#%d 0.1 error: said\n" % (n, n, n, n) for n in range(1, size + 1))


def steps_failed(size: int) -> Iterator[bytes]:
    for n in range(1, size + 1):
        name = b"[s%d 1/2] RUN make %d" % (n, n)
        yield b"#%d %s\n#%d 0.1 said\n#%d ERROR: x\n------\n > %s:\n0.1 said\n------\n" % (n, name, n, n, name)
        yield b"Dockerfile:%d\n------\n 1 | >>> RUN make\n------\nERROR: failed to solve: x\n" % n


def blocks(size: int) -> Iterator[bytes]:
    yield from (b" > [s%d 1/2] RUN x:\n#1 x\n" % n for n in range(size))


def frames(size: int) -> Iterator[bytes]:
    yield from (b" => [s%d 1/2] RUN make %d           0.1s\n" % (n, n) for n in range(size))


def legacy_steps(size: int) -> Iterator[bytes]:
    for n in range(1, size + 1):
        yield b"Step %d/%d : RUN make\n ---> Running in 0123456789ab\nerror: said\n ---> 0123456789ab\n" % (n, size)
    yield b"The command '/bin/sh -c make' returned a non-zero code: 2\n"


def redrawn(size: int) -> Iterator[bytes]:
    for n in range(size):
        yield b"\x1b[1A\x1b[0G[+] Building %d.0s (1/2)\n => \x1b[34m[a 1/2] RUN make\x1b[0m    %d.0s\n" % (n, n)


def go_events(size: int) -> Iterator[bytes]:
    yield from (b'{"Action":"output","Package":"app","Output":"error: said %d\\n"}\n' % n for n in range(size))


def nested_json(size: int) -> Iterator[bytes]:
    yield b'{"vertexes":' + b"[" * size


def endless_records(size: int) -> Iterator[bytes]:
    yield from (b'{\n"vertexes":[\n' for _ in range(size))


def records(size: int) -> Iterator[bytes]:
    for n in range(size):
        yield b'{"vertexes":[{"digest":"%d","name":"[a %d/2] RUN x","started":"2024-01-01T00:00:00Z"}]}\n' % (n, n)


def output(size: int) -> Iterator[bytes]:
    head = b'{"vertexes":[{"digest":"%d","name":"[a %d/3] RUN x","started":"2024-01-01T00:00:00Z"}]}\n'
    yield from (head % (n, n) for n in range(3))
    said = base64.b64encode(b"error: said something of a hundred bytes, as programs do\n")
    log = b'{"logs":[{"vertex":"%d","stream":1,"data":"%s","timestamp":"2024-01-01T00:00:01.5Z"}]}\n'
    yield from (log % (n % 3, said) for n in range(size))


def output_without_end(size: int) -> Iterator[bytes]:
    yield from (b'{"logs":[{"vertex":"1","data":"aGVsbG8a"}]}\n' for _ in range(size))


def escapes(size: int) -> Iterator[bytes]:
    yield from (b"\x1b[31merror\x1b[0m: said %d\n" % n for n in range(size))


CASES = (
    Case("one line, and then the cause", one_line, 64 << 20, 2 << 30, "bytes", "failed"),
    Case("one line of trigger words", one_line_of_words, 8 << 20, 1 << 30, "bytes", "undetermined"),
    Case("digits", digits, 8 << 20, 1 << 30, "bytes", "undetermined"),
    Case("zero bytes", zeros, 64 << 20, 2 << 30, "bytes", "undetermined"),
    Case("short lines", short_lines, 300_000, 10_000_000, "lines", "undetermined"),
    Case("lines of trigger words", trigger_words, 100_000, 10_000_000, "lines", "undetermined"),
    Case("UTF-16", utf16, 8 << 20, 1 << 30, "bytes", "undetermined"),
    Case("gzip bomb", bomb, 256 << 20, 8 << 30, "bytes", "undetermined"),
    Case("BuildKit steps that went well", steps_done, 5_000, 1_000_000, "steps", "failed"),
    Case("BuildKit steps without an end", steps_open, 3_000, 1_000_000, "steps", "undetermined"),
    Case("BuildKit steps that all failed", steps_failed, 2_000, 1_000_000, "steps", "failed"),
    Case("blocks without a rule", blocks, 5_000, 1_000_000, "blocks", "failed"),
    Case("steps on a terminal", frames, 10_000, 1_000_000, "steps", "undetermined"),
    Case("frames drawn over each other", redrawn, 10_000, 5_000_000, "frames", "undetermined"),
    Case("legacy steps", legacy_steps, 5_000, 1_000_000, "steps", "failed"),
    Case("deep nesting in rawjson", nested_json, 100_000, 10_000_000, "levels", "undetermined"),
    Case("rawjson records without an end", endless_records, 3_000, 1_000_000, "records", "undetermined"),
    Case("rawjson vertexes", records, 5_000, 1_000_000, "records", "undetermined"),
    Case("rawjson output", output, 20_000, 5_000_000, "records", "undetermined"),
    Case("go test -json", go_events, 20_000, 10_000_000, "events", "undetermined"),
    Case("rawjson output without an end", output_without_end, 20_000, 1_000_000, "records", "undetermined"),
    Case("colour codes", escapes, 200_000, 10_000_000, "lines", "undetermined"),
)


def cost(stream: Iterable[bytes], *arguments: str, memory: int = MEMORY, interrupt_after: float | None = None) -> Cost:
    """Diagnose a stream through a pipe, in a process that cannot take more than `memory` bytes of its own.

    It gets Ctrl-C's signal `interrupt_after` so many seconds.
    """
    start = time.monotonic()
    command = [sys.executable, "-m", "diagnoser", "--format", "json", *arguments]
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, preexec_fn=_limit(memory)
    ) as child:
        assert child.stdin and child.stdout and child.stderr
        threading.Thread(target=feed, args=(child.stdin, stream), daemon=True).start()
        if interrupt_after:
            threading.Timer(interrupt_after, child.send_signal, [signal.SIGINT]).start()
        out, err = child.stdout.read().decode(), child.stderr.read().decode()
        _, status, usage = os.wait4(child.pid, 0)
        child.returncode = os.waitstatus_to_exitcode(status)
    return Cost(time.monotonic() - start, usage.ru_maxrss / 1024, child.returncode, out, err)


def feed(pipe: IO[bytes], stream: Iterable[bytes]) -> None:
    """Write the stream in large pieces until it or its reader ends."""
    with suppress(BrokenPipeError), pipe:
        pending = bytearray()
        for piece in stream:
            pending += piece
            if len(pending) >= _BUFFER:
                pipe.write(pending)
                pending.clear()
        pipe.write(pending)


def _limit(memory: int) -> Callable[[], None]:
    return lambda: resource.setrlimit(resource.RLIMIT_DATA, (memory, memory))
