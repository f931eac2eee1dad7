"""A silence in words: which step, how long, what it named last, and what that usually means."""

from __future__ import annotations

import re

from diagnoser.live.watch import Silence

_PASSWORD = "a private repository: git asks for a name or a password, and nobody answers"
_ROAD = "a proxy or firewall that holds the connection; DNS; large answers lost on the way (MTU)"
# What the last words and the step's name tell, the first that fits.
_LIKELY = (
    (r"(?:Username|Password) for |passphrase for|'s password:", _PASSWORD),
    (
        r"go: (?:downloading|finding|extracting) |# get |go (?:mod|get|install)\b",
        f"the module proxy: {_ROAD}; or {_PASSWORD}",
    ),
    (r"Cloning into|git (?:clone|fetch|ls-remote|submodule)", f"{_PASSWORD}; or {_ROAD}"),
    (r"load metadata|resolve |sha256:|\bFROM |pull", f"the registry: {_ROAD}"),
    (
        r"\b(?:apt|apt-get|apk|dnf|yum|npm|yarn|pip|gem|bundle|cargo|curl|wget)\b",
        f"the package server: {_ROAD}; or a prompt that nobody answers",
    ),
    (
        r"\bgo (?:build|test|vet|run|generate)\b",
        f"modules that are fetched ({_ROAD}); or a compiler at work, which prints nothing",
    ),
    (
        r"\b(?:make|gcc|cc|rustc|cmake|ninja)\b",
        "a compiler at work, which prints nothing; or a program that waits for input",
    ),
)
_ANY = "a program that waits for the network (proxy, DNS, MTU) or for input, or works without a word"


def tell(silence: Silence, kill: float | None) -> str:
    """Two or three lines for standard error; what is taken from the log is redacted."""
    from diagnoser.diagnosis import clean

    lines = [f"{clean(silence.step) or 'the command'}: nothing new for {in_words(silence.seconds)}"]
    last = clean(silence.named) if silence.named else f"`{clean(silence.text.strip()[:160])}`" if silence.text else ""
    if last:
        lines[0] += f"; last {'named' if silence.named else 'printed'}: {last}"
    lines.append(f"  likely: {likely(silence)}")
    if kill:
        lines.append(f"  it goes on until {in_words(kill)} of silence (--stall-kill)")
    return "\n".join(lines)


def likely(silence: Silence) -> str:
    for words in (silence.text, silence.step):
        for pattern, meaning in _LIKELY:
            if re.search(pattern, words):
                return meaning
    return _ANY


def in_words(seconds: float) -> str:
    """`90 s`, `2 min`, `2 min 5 s`."""
    minutes, rest = divmod(round(seconds), 60)
    if seconds < 120:
        return f"{round(seconds)} s"
    return f"{minutes} min" + (f" {rest} s" if rest else "")
