"""The package lists of a RUN: `apk add`, `apt-get install`, `yum install` and what they name, word by word."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from diagnoser.dockerfile import Dockerfile, Instruction
from diagnoser.fix.words import Word, shell_words

_VERBS = {
    "apk": "add",
    "apt": "install",
    "apt-get": "install",
    "aptitude": "install",
    "yum": "install",
    "dnf": "install",
    "microdnf": "install",
}
_TAKES_VALUE = frozenset((
    "-t", "--virtual", "-X", "--repository", "-p", "--root", "--arch", "--keys-dir", "--repositories-file",  # apk
    "--target-release", "--default-release", "-o", "--option", "-c", "--config-file",  # apt
    "-x", "--exclude", "--enablerepo", "--disablerepo", "--releasever", "--installroot", "--setopt", "--repo",  # yum
))  # fmt: skip
_PREFIXES = frozenset(["sudo", "env", "time", "eatmydata", "exec", "then", "do", "else", "if", "!", "{", "command"])
_COMPUTED = re.compile(r"\$\Z|`|\A#|\A[\"']\Z")  # `$(...)` and the like: where the list ends is not told by words
_REMOVAL = re.compile(
    r"\b(?:apk\s+(?:-\S+\s+)*del|apt(?:-get)?\s+(?:-\S+\s+)*(?:purge|remove)|(?:yum|dnf)\s+(?:-\S+\s+)*remove)\b"
)


@dataclass(frozen=True, slots=True)
class InstallList:
    """One command that installs packages; `packages` are words of `instruction`."""

    manager: str
    instruction: Instruction
    packages: tuple[Word, ...]
    verb: Word  # `add` or `install`
    temporary: bool  # the same RUN removes packages again


def install_lists(dockerfile: Dockerfile, instruction: Instruction) -> tuple[InstallList, ...]:
    if instruction.keyword != "RUN" or instruction.json:
        return ()
    raw = dockerfile.lines[instruction.line - 1 : instruction.end_line]
    temporary = _REMOVAL.search("".join(raw)) is not None
    return tuple(
        InstallList(found[0], instruction, found[2], found[1], temporary)
        for command in _commands(shell_words(dockerfile, instruction))
        if (found := _install(command)) is not None
    )


def _commands(words: tuple[Word, ...]) -> Iterator[list[Word]]:
    """The words of each simple command, without the keyword RUN, its flags and redirections."""
    command: list[Word] = []
    redirected = False
    for word in words[1:]:
        if word.operator and word.text not in ("<", ">"):
            yield command
            command, redirected = [], False
        elif word.operator:
            redirected = True
            if command and command[-1].end == word.start and command[-1].text.isdigit():
                command.pop()  # `2` of `2>`
        elif not redirected:
            command.append(word)
    yield command


def _install(command: list[Word]) -> tuple[str, Word, tuple[Word, ...]] | None:
    words = _without_prefixes(command)
    if not words or (manager := words[0].text.rpartition("/")[2]) not in _VERBS:
        return None
    plain = list(_without_options(words[1:]))
    if not plain or plain[0].text != _VERBS[manager]:
        return None
    packages = tuple(plain[1:])
    return None if any(_COMPUTED.search(word.text) for word in packages) else (manager, plain[0], packages)


def _without_prefixes(command: list[Word]) -> list[Word]:
    """From the program on: `sudo`, `then`, assignments and the flags of RUN left out."""
    for index, word in enumerate(command):
        if word.text not in _PREFIXES and not re.match(r"\w+=|-|\d*<<", word.text):
            return command[index:]
    return []


def _without_options(words: list[Word]) -> Iterator[Word]:
    value_follows = False
    for word in words:
        if not value_follows and not word.text.startswith("-"):
            yield word
        value_follows = word.text in _TAKES_VALUE
