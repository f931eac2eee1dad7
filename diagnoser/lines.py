"""One line of a log as the program printed it: without what CI, BuildKit and a terminal put around it."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from typing import NamedTuple

from diagnoser.text import Text, line_end, line_offsets, line_start

_STAMP = r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:[.,]\d+)?(?:Z|[+-]\d\d:?\d\d)?"
_DIGITS = "0123456789"
# What wraps a whole log, line by line: the characters it begins with (or, after "has", one that it holds), and its form.
# Sources: GitHub Actions and `gh run view --log`, GitLab's stamped job logs, Jenkins' timestamper, Cloud Build, Drone,
# OBS, compose, journald, and how people quote a log.
_WRAPPERS = (
    (_DIGITS + "\ufeff", rf"\ufeff?(?P<stamp>{_STAMP}) \d\d[OE][ +]"),
    (_DIGITS + "\ufeff[", rf"\ufeff?\[?(?P<stamp>{_STAMP})\]?(?: |$)"),
    ("has\t", rf"[^\t]*\t[^\t]*\t\ufeff?(?:(?P<stamp>{_STAMP})(?: |$))?"),
    (_DIGITS + "[", r"\[?(?P<stamp>\d{4}[-/]\d\d[-/]\d\d[ T]\d\d:\d\d:\d\d(?:[.,]\d+)?)\]?(?: |$)"),
    ("[", r"\[(?P<stamp>\d\d:\d\d:\d\d(?:\.\d+)?)\] ?"),
    (_DIGITS + "[", r"(?:\d+: )?\[ *(?P<elapsed>\d{1,9}(?:\.\d{1,9})?)s\] ?"),
    ("S", r'Step #\d+(?: - "[^"]*")?: ?'),
    ("[", r"\[[\w./-]+:L?\d+:(?P<elapsed>\d{1,9})s\] ?"),
    ("JFMASOND", r"[A-Z][a-z]{2} [ \d]\d (?P<stamp>\d\d:\d\d:\d\d) \S+ \S+?(?:\[\d+\])?: "),
    ("has|", r"[\w.-]+ +\| ?"),
    ("r", r"remote: ?"),
    (">", r">(?: |$)"),
    ("|", r"\|(?: |$)"),
    (_DIGITS + " ", r" *\d+[:|] "),
    (" \t", r"(?:    |\t)"),
)
_QUOTES = _WRAPPERS[-6:]
_SHARE = 0.6  # of the sampled lines must carry a stamp,
_QUOTE_SHARE = 0.95  # and a quote or an indent nearly all: programs print these too
_SAMPLE = 1 << 14  # bytes at either end of the log
_BUILDKIT = re.compile(r"#(\d{1,9}) (?:(\d{1,9}\.\d{1,9})(?: |$))?")
_ESCAPE = re.compile(r"\x1b(?:\[[0-?]*[ -/]*[@-~]|\][^\x07\x1b]*(?:\x07|\x1b\\)?|.)?")
LONGEST = 1 << 14  # characters of a line that are looked at

Wrapper = tuple[re.Pattern[str], ...]


class Line(NamedTuple):
    """`start` and `end` are byte offsets in the text; `vertex` and `time` (seconds) are BuildKit's."""

    start: int
    end: int
    text: str
    vertex: int | None = None
    time: float | None = None
    stamp: str | None = None


def find_wrapper(text: Text) -> Wrapper:
    """The prefixes that most lines of the log carry, outermost first."""
    lines = [line for line in _sampled(text) if line.strip()]
    found: list[re.Pattern[str]] = []
    while len(lines) >= 3 and len(found) < 3:
        begins = Counter(line[0] for line in lines)
        prefix = next((p for hint, form in _WRAPPERS if (p := _common(hint, form, lines, begins))), None)
        if prefix is None:
            break
        found.append(prefix)
        lines = [stripped for line in lines if (stripped := prefix.sub("", line, count=1)).strip()]
    return tuple(found)


def _common(hint: str, form: str, lines: list[str], begins: Counter[str]) -> re.Pattern[str] | None:
    """The wrapper, where enough of the lines carry it. Few hints fit a log, and only for these is a form compiled."""
    quote = (hint, form) in _QUOTES
    least = len(lines) * (_QUOTE_SHARE if quote else _SHARE)
    mark = hint[3:] if hint.startswith("has") else ""
    if (len([1 for line in lines if mark in line]) if mark else sum(begins[sign] for sign in hint)) < least:
        return None
    prefix = re.compile(form)
    if sum(prefix.match(line) is not None for line in lines) < least or (quote and _is_output(prefix, lines)):
        return None
    return prefix


def read_line(text: Text, offset: int, wrapper: Wrapper) -> Line:
    """The line that holds `offset`."""
    start = line_start(text, offset)
    return _line(text, start, line_end(text, start), wrapper)


def read_lines(text: Text, start: int, end: int, wrapper: Wrapper) -> Iterable[Line]:
    for first, last in line_offsets(text, start, end):
        yield _line(text, first, last, wrapper)


def _line(text: Text, start: int, end: int, wrapper: Wrapper) -> Line:
    raw = bytes(text.data[start : min(end, start + LONGEST)]).decode("utf-8", "replace")
    if "\x1b" in raw:
        raw = _ESCAPE.sub("", raw)
    line, stamp = _unwrap(raw.rstrip("\r"), wrapper)
    if "\r" in line and not _BUILDKIT.match(line):  # else what is drawn over stands behind the step's number
        line = _last_drawn(line)
    match = _BUILDKIT.match(line)
    if not match:
        return Line(start, end, line, stamp=stamp)
    time = float(match[2]) if match[2] else None
    return Line(start, end, _last_drawn(line[match.end() :]), int(match[1]), time, stamp)


def _last_drawn(line: str) -> str:
    """What a carriage return left on the screen."""
    return line[line.rfind("\r") + 1 :] if "\r" in line else line


def _unwrap(line: str, wrapper: Wrapper) -> tuple[str, str | None]:
    stamp = None
    for prefix in wrapper:
        match = prefix.match(line)
        if match:
            stamp = stamp or match.groupdict().get("stamp") or match.groupdict().get("elapsed")
            line = line[match.end() :]
    return line, stamp


def _sampled(text: Text) -> list[str]:
    size = len(text.data)
    head = bytes(text.data[: min(_SAMPLE, size)])
    tail = bytes(text.data[max(_SAMPLE, size - _SAMPLE) :])
    sample = (head + b"\n" + tail).decode("utf-8", "replace").replace("\r", "")
    return [_ESCAPE.sub("", line) for line in sample.split("\n")] if "\x1b" in sample else sample.split("\n")


def _is_output(prefix: re.Pattern[str], lines: list[str]) -> bool:
    """A pipe or an indent may be the program's own: unless what is left reads as a builder's line, it is kept."""
    return not any(re.match(_BUILDER, prefix.sub("", line, count=1)) for line in lines)


_BUILDER = (
    r"#\d+ |Step \d+(?:/\d+)? : |STEP \d+(?:/\d+)?: |\[\+\] Building | => | > \[|-{6}|go: |# [\w.-]+/|ERROR: |"
    r".*failed to solve|The command '|Sending build context|INFO\[\d+\] |\S+\.go:\d+"
)
