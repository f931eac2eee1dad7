"""A first draft of a signature, from the line of a log that tells of the failure.

What changes from build to build (versions, hosts, paths, names in quotes, times) becomes a capture of the shared
vocabulary; all other words are kept as they were printed. The author fills in what a log cannot say.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator

from diagnoser.literals import required_literals

# What is volatile, the first that fits: how it looks, and the pattern that takes its place.
_VOLATILE = (
    (r"https?://[^\s\"'`<>)]+", r"https?://(?<host>[^/\s\"'`]+)[^\s\"'`<>)]*"),
    (
        r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d(?:[.,]\d+)?(?:Z|[+-]\d\d:?\d\d)?",
        r"\d{4}-\d\d-\d\d[T ][\d:.,]+(?:Z|[+-][\d:]+)?",
    ),
    (r"\b\d{1,2}:\d\d:\d\d(?:\.\d+)?\b", r"[\d:.]+"),
    (r"\b\w[\w.-]*\.\w+(?:/[\w.~-]+)*@v\d[\w.+-]*", r"(?<module>[^\s@\"'`]+)@(?<version>v\d[\w.+-]*)"),
    (r"(?<![\w/])@?\w[\w.-]*(?:/[\w.-]+)?@\d[\w.+-]*", r"(?<package>@?[^\s@\"'`]+)@(?<version>\d[\w.+-]*)"),
    (
        r"\b(?:[a-z0-9-]+\.)+(?:com|org|net|io|dev|local|internal|example)(?::\d+)?(?![\w/.-])",
        r"(?<host>[\w.-]+)(?::(?<port>\d+))?",
    ),
    (r"[\w./-]*\w\.[A-Za-z]\w*:\d+(?::\d+)?\b", r"(?<file>[^\s:\"'`]+):(?<line>\d+)(?::\d+)?"),
    (r"\bsha(?:256|512):[0-9a-f]{12,}", r"sha\d+:[0-9a-f]+"),
    (
        r"\b[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}\b|\b(?=[a-f]*\d)(?=\d*[a-f])[0-9a-f]{7,64}\b|\b0x[0-9a-f]+\b",
        r"[0-9a-fx-]+",
    ),
    (r"\b(?:\d{1,3}\.){3}\d{1,3}(?::\d+)?\b", r"(?<host>[\d.]+)(?::(?<port>\d+))?"),
    (
        r"\b[\w.-]+(?::\d+)?(?:/[\w.-]+)+:v?\d[\w.-]*|\b[a-z][\w.-]*:(?:latest|v?\d[\w.]*-[\w.-]+|\d+\.\d[\w.-]*)",
        r"(?<image>[^\s\"'`]+:[\w.-]+)",
    ),
    (r"\b[\w-]+(?:\.[\w-]+)+(?:/[\w.~-]+)+", r"(?<package>[^\s:\"'`,;()]+)"),
    (
        r"(?<![\w)])(?:~|\.{1,2})?/[\w.@+~-][^\s:\"'`,;()<>\[\]]*|\b\w[\w.-]*(?:/[\w.-]+)*/[\w-]+\.\w+\b",
        r"(?<path>[^\s:\"'`,;()]+)",
    ),
    (r"\b\d+(?:\.\d+)?(?:ns|µs|us|ms|s|m|h)\b", r"[\d.]+\w+"),
    (r"(?<![\w.])v?\d+(?:\.\d+)+(?:[-+~][\w.+~-]*\w)?(?![\w.]*\w)", r"(?<version>v?\d[\w.+~-]*)"),
    (r"(?<![\w.-])\d+(?![\w.-]*\w)", r"\d+"),
)
_QUOTED = re.compile(r"(?<!\w)(?P<quote>[\"'`])(?P<inner>[^\"'`\n]{1,200})(?P=quote)(?!\w)")
_ANY = re.compile("|".join(f"(?P<v{n}>{form})" for n, (form, _) in enumerate(_VOLATILE)))
_TIME = re.compile(r"\d+\.\d+ ")
_SPECIAL = re.compile(r"[\\.^$*+?{}\[\]|()]")
_NAME = re.compile(r"\(\?<(\w+)>")
_STATUS = re.compile(r"(?:HTTP(?:/[\d.]+)?|status|code|error)[ :=]+$", re.IGNORECASE)


def pattern_of(line: str) -> str:
    """The line as a regex, volatile parts as captures. Raises `NoLiteralError` where hardly a fixed word is in it."""
    text = line.rstrip()
    timed = _TIME.match(text)  # in the copy of a step's last lines BuildKit puts the time before each
    regex = "" if timed else "^"
    regex += _once("".join(_pieces(text[timed.end() :] if timed else text)))
    required_literals(regex)
    return regex


def signature_toml(regex: str, file: str, line: int) -> str:
    """The signature file; what the author has to say is marked TODO, which the gate reports."""
    names = ", ".join(f"{{{{ {name} }}}}" for name in dict.fromkeys(_NAME.findall(regex)))
    return _FILE.format(
        names=f" Captured: {names}." if names else "", regex=_toml(regex), file=json.dumps(file), line=line
    )


def _pieces(text: str) -> Iterator[str]:
    """The parts of the line as regexes: quoted names as a whole, the rest by what looks volatile."""
    at = 0
    for found in _QUOTED.finditer(text):
        yield from _plain(text[at : found.start()])
        quote, inner = found["quote"], found["inner"]
        yield quote + (_single(inner) or rf"(?<{_kind(inner)}>[^{quote}\n]+)") + quote
        at = found.end()
    yield from _plain(text[at:])


def _plain(text: str) -> Iterator[str]:
    at = 0
    for found in _ANY.finditer(text):
        before = text[at : found.start()]
        yield _escaped(before)
        regex = _VOLATILE[int((found.lastgroup or "v0")[1:])][1]
        yield r"(?<status>\d+)" if regex == r"\d+" and _STATUS.search(before) else regex
        at = found.end()
    yield _escaped(text[at:])


def _single(text: str) -> str | None:
    """The regex of a text that is one volatile thing and nothing else."""
    found = _ANY.fullmatch(text)
    return _VOLATILE[int(found.lastgroup[1:])][1] if found and found.lastgroup else None


def _kind(quoted: str) -> str:
    return "symbol" if re.fullmatch(r"[A-Za-z_]\w*", quoted) else "name"


def _escaped(text: str) -> str:
    """Characters that mean something to a regex escaped, and those that no terminal shows left open."""
    return "".join(_SPECIAL.sub(r"\\\g<0>", c) if c.isprintable() or c == "\t" else "." for c in text)


def _once(regex: str) -> str:
    """Each name captures the first thing of its kind."""
    seen: set[str] = set()

    def group(found: re.Match[str]) -> str:
        first = found[1] not in seen
        seen.add(found[1])
        return found[0] if first else "(?:"

    return _NAME.sub(group, regex)


def _toml(text: str) -> str:
    return f"'''{text}'''" if "'''" not in text and not text.endswith("'") else json.dumps(text, ensure_ascii=False)


_FILE = """\
title = "TODO: the cause in a few words, without names from this log"
cause = '''
TODO: what happened here, and why, in a sentence or two.{names}
'''

[[remedy]]
title = "TODO: what to do; the likeliest remedy first"
target = "dockerfile"  # what it changes: dockerfile, dockerignore, command, go.mod, source, ci or host
text = '''
TODO: how to do it, with the lines to write.
'''

[[pattern]]
regex = {regex}

[[log]]
file = {file}
line = {line}
"""
