"""Logs as BuildKit, terminals and CIs would have made them, with what each step really printed."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from hypothesis import strategies as st

_COLOURS = st.sampled_from(["\x1b[0m", "\x1b[91m", "\x1b[1;31m", "\x1b[0K"])
_WRAPPERS: tuple[Callable[[int], str], ...] = (
    lambda n: "",
    lambda n: f"2026-01-02T03:{n // 60 % 60:02}:{n % 60:02}.1234567Z ",
    lambda n: f"2026-01-02T03:{n // 60 % 60:02}:{n % 60:02}.123456Z 01O ",
    lambda n: f"job\tstep\t2026-01-02T03:{n // 60 % 60:02}:{n % 60:02}.1234567Z ",
    lambda n: "app-1  | ",
)
_FILLER = st.sampled_from(
    ["", "ok", "Reading package lists...", "(1/9) Installing musl (1.2.3-r4)", "  CC  drivers/a.o"]
)
_COMMANDS = ("go build ./...", "apt-get update", "npm ci", "make -j2", "pip install -r requirements.txt")
_ERROR, _DONE = 'ERROR: process "%s" did not complete successfully: exit code: 1', "DONE 9.9s%.0s"


class Made(NamedTuple):
    """A log and what it was made of: the lines of each step, by the step's name, and which step failed."""

    raw: bytes
    printed: dict[str, list[str]]
    failed: str


@st.composite
def interleaved(draw: st.DrawFn, pieces: st.SearchStrategy[str]) -> Made:
    """A plain BuildKit log of a few steps at once, whose output are `pieces` (of one or more lines) and filler."""
    steps = [f"[s{n} 1/2] RUN {draw(st.sampled_from(_COMMANDS))}" for n in range(draw(st.integers(1, 3)))]
    printed: dict[str, list[str]] = {"": []}
    for step in steps:
        texts = draw(st.lists(st.one_of(pieces, _FILLER), max_size=6))
        printed[step] = "\n".join(texts).split("\n") if texts else []
    lines = _taking_turns(draw, steps, printed)
    failed = draw(st.sampled_from(steps))
    for number, step in enumerate(steps, 5):
        end = _ERROR if step == failed else _DONE
        lines += [f"#{number} {step}", f"#{number} {end % 'x'}", ""]
        printed[step].append(end % "…")
    return Made(_wrapped(draw, lines), printed, failed)


def _taking_turns(draw: st.DrawFn, steps: list[str], printed: dict[str, list[str]]) -> list[str]:
    """BuildKit prints some lines of a step, leaves it, and comes back to it with its header."""
    rest = {step: list(printed[step]) for step in steps}
    digest = draw(st.sampled_from([[], ["sha256:" + "0123456789abcdef" * 4]]))  # of old clients
    clock, lines = 0.0, []
    while any(rest.values()):
        step = draw(st.sampled_from([s for s in steps if rest[s]]))
        number = steps.index(step) + 5
        lines += [f"#{number} {text}" for text in (step, *digest)]
        for _ in range(draw(st.integers(1, len(rest[step])))):
            clock += 0.1
            lines.append(f"#{number} {clock:.3f} {_drawn(draw, rest[step].pop(0))}")
        lines += [f"#{number} ...", ""]
    return lines


def _drawn(draw: st.DrawFn, line: str) -> str:
    """The line with colour codes anywhere in it, or drawn over what stood there before."""
    if not line:
        return line
    for _ in range(draw(st.sampled_from([0, 0, 1, 2]))):
        at = draw(st.integers(0, len(line)))
        if "\x1b" not in line[max(0, at - 7) : at]:  # not inside another one
            line = line[:at] + draw(_COLOURS) + line[at:]
    over = draw(st.sampled_from(["", "", "10%\r", " 1 MB\r 22 MB\r"]))
    return over + line


def _wrapped(draw: st.DrawFn, lines: list[str]) -> bytes:
    wrapper, end = draw(st.sampled_from(_WRAPPERS)), draw(st.sampled_from(["\n", "\r\n"]))
    return "".join(wrapper(n) + line + end for n, line in enumerate(lines)).encode()
