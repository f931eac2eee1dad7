"""Takes secrets out of text before any of it is printed.

A report quotes a log, and logs quote tokens. Most text holds none, so the way through is short: look for the clues of
all rules as plain words, and compile only the rules whose clue is there.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import cache
from typing import TYPE_CHECKING

from diagnoser.redaction_places import PLACES, STAYS, USERINFO
from diagnoser.redaction_rules import PREFIXED, REST, SHAPED, SHORTEST

if TYPE_CHECKING:
    import regex

_LEFT = r"(?:(?<![0-9A-Za-z]|h1:)|(?<=\\[nrt]|%[0-9A-Fa-f]{2}))"
"""Where a prefix may start: not inside a word or hash, but after an escaped line break or percent-encoded character."""


def redact(text: str) -> str:
    """`text` with each secret replaced by a mark such as `[redacted github]`, and with as many lines as before.

    A secret that has neither a provider's format nor a telling name or place cannot be told from other text, and stays.
    Colour codes are to be gone before: one inside a token hides it from here too.
    """
    for number in sorted(set(_suspects(text))):
        pattern, mask = _rule(number)
        text = pattern.sub(mask, text)
    return text


def _suspects(text: str) -> Iterator[int]:
    """The rules of which `text` holds a clue; those of providers come first, so that their marks name them."""
    prefixes, clues = _clues()
    tokens = " ".join([word for word in text.split() if len(word) >= SHORTEST])
    if tokens:
        yield from (number for prefix, number in prefixes if prefix in tokens)
    folded = text.lower() + (USERINFO if _has_userinfo(text) else "")
    yield from (number for clue, number in clues if clue in folded)


def _has_userinfo(text: str) -> bool:
    return any("@" in rest.partition("/")[0] for rest in text.split("//")[1:])


@cache
def _clues() -> tuple[list[tuple[str, int]], list[tuple[str, int]]]:
    prefixes = [(prefix, n) for n, (_, prefixes, _, _) in enumerate(PREFIXED) for prefix in prefixes]
    return prefixes, [(clue, n) for n, (_, clues, _, _) in enumerate(SHAPED + PLACES, len(PREFIXED)) for clue in clues]


@cache
def _rule(number: int) -> tuple[regex.Pattern[str], Callable[[regex.Match[str]], str]]:
    import regex  # costs more than all the rest, and most text never gets here

    if number < len(PREFIXED):
        name, prefixes, body, _ = PREFIXED[number]
        pattern = f"{_LEFT}(?P<secret>(?:{'|'.join(map(regex.escape, prefixes))}){body}{REST})"
    else:
        name, _, pattern, _ = (SHAPED + PLACES)[number - len(PREFIXED)]
    mark = f"[redacted {name}]" if number < len(PREFIXED) + len(SHAPED) else "[redacted]"
    return regex.compile(pattern), _masker(mark, regex.compile(STAYS))


def _masker(mark: str, stays: regex.Pattern[str]) -> Callable[[regex.Match[str]], str]:
    def mask(match: regex.Match[str]) -> str:
        secret: str = match["secret"]
        if stays.match(secret):
            return match[0]
        hidden = "\n".join(mark if line.strip() else line for line in secret.split("\n"))
        begin, end = (at - match.start() for at in match.span("secret"))
        return match[0][:begin] + hidden + match[0][end:]

    return mask
