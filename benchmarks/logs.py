"""Logs of any size, made line by line from what builders print; the last step fails."""

from __future__ import annotations

import random
from collections.abc import Iterator
from pathlib import Path

_QUIET = (
    "go: downloading github.com/acme/{w} v1.{n}.0",
    "Get:{n} http://mirror.example/debian bookworm/main amd64 {w} amd64 1.{n}-2 [{n} kB]",
    "Setting up {w} (1.{n}-2+deb12u1) ...",
    "  CC       drivers/{w}/{w}_{n}.o",
    "npm http fetch GET 200 https://registry.example/{w} {n}ms",
    "ok  \tgithub.com/acme/{w}\t0.{n}s",
    "Unpacking {w} (1.{n}) over (1.{n}) ...",
    "[{n}/9000] Building CXX object src/{w}.cc.o",
)
_TRIGGERS = (
    "warning: error: {w}.h: No such file or directory (ignored {n})",
    "E: Unable to locate package {w}",
    "dial tcp: lookup {w}.example: no such host, retrying",
    "curl: (22) The requested URL returned error: 404 Not Found",
    "{w}.go:{n}:2: undefined: {w}",
    "cannot find -l{w}: connection refused",
)
_TURN = 400  # lines that a step prints before another one has its turn
_END = """#{step} {time:.1f} main.go:4:2: missing go.sum entry for module providing package example.com/dep (imported by app); to add:
#{step} {time:.1f} \tgo get app
#{step} ERROR: process "/bin/sh -c go build ./..." did not complete successfully: exit code: 1
------
 > [builder {step}/9] RUN go build ./...:
{time:.1f} main.go:4:2: missing go.sum entry for module providing package example.com/dep (imported by app); to add:
{time:.1f} \tgo get app
------
ERROR: failed to solve: process "/bin/sh -c go build ./..." did not complete successfully: exit code: 1
"""


def write(path: Path, size: int, hot: float = 0.0, seed: int = 7) -> None:
    """A BuildKit log of about `size` bytes, of whose lines the share `hot` holds words that patterns look for."""
    with path.open("w") as file:
        written = 0
        for block in _blocks(random.Random(seed), hot):
            written += file.write(block)
            if written >= size:
                break
        file.write("\n#8 [builder 8/9] RUN go build ./...\n" + _END.format(step=8, time=99.9))


def write_many(folder: Path, count: int, size: int) -> None:
    """So many failing logs, each of other lines."""
    folder.mkdir()
    for number in range(count):
        write(folder / f"{number:05}.log", size, seed=number)


def _blocks(dice: random.Random, hot: float) -> Iterator[str]:
    """Steps that take turns, some hundred lines at a time, as BuildKit prints them."""
    clock = 0.0
    while True:
        for step in (5, 6, 7):
            lines = []
            for _ in range(_TURN):
                clock += 0.001
                form = dice.choice(_TRIGGERS if dice.random() < hot else _QUIET)
                text = form.format(
                    w=f"{dice.choice(('lib', 'net', 'core'))}{dice.randrange(9999)}", n=dice.randrange(999)
                )
                lines.append(f"#{step} {clock % 9999:.3f} {text}\n")
            yield f"#{step} [builder {step}/9] RUN step {step}\n" + "".join(lines) + f"#{step} ...\n\n"
