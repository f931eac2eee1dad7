"""Edits of the failing instruction's own text."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from diagnoser.dockerfile import Dockerfile, Instruction, instructions_of
from diagnoser.fix.change import Change, Changes
from diagnoser.fix.place import Target
from diagnoser.fix.value import substituted
from diagnoser.fix.words import Word, plain_words, rewritten

_LINE = re.compile(r"(?P<body>.*?)(?P<end>\r?\n?)\Z", re.DOTALL)


def in_step(target: Target, value: Mapping[str, str]) -> Changes:
    """`{match = REGEX, with = REPLACEMENT}`, or `{text = WORD, with = WORD}` for a word or path as it stands.

    A line that keeps nothing but its continuation goes. In COPY and ADD a `text` is looked for among the sources.
    """
    if target.step is None:
        return None
    if "text" in value and target.step.keyword in ("COPY", "ADD"):
        return _source(target.dockerfile, target.step, value["text"], value["with"])
    pattern, replacement = value.get("match", ""), value["with"]
    if "text" in value:
        pattern, replacement = _whole_word(value["text"], value["with"])
    return tuple(_substituted(target.dockerfile, target.step, pattern, replacement)) or None


def in_stage(target: Target, value: Mapping[str, str]) -> Changes:
    """`{match, with}` in the one instruction of the failing stage that it fits, down to the failing step.

    `every`: in all instructions of the stage, also below the step; this is what the others than the step must read
    like as a whole (a regex), so that nothing is changed that is not as simple.
    """
    if target.stage is None or target.step is None:
        return None
    whole, last = value.get("every"), target.step.line
    steps = [i for i in instructions_of(target.dockerfile, target.stage)[1:] if whole or i.line <= last]
    found = [(i, tuple(_substituted(target.dockerfile, i, value["match"], value["with"]))) for i in steps]
    changed = {i.line: changes for i, changes in found if changes}
    others = [i for i in steps if i.line in changed and i != target.step]
    if not changed or (len(changed) > 1 and not whole) or not all(_reads_like(whole, i) for i in others if whole):
        return None
    return tuple(change for changes in changed.values() for change in changes)


def _reads_like(whole: str, instruction: Instruction) -> bool:
    return not substituted(rf"\A(?:{whole})\Z", "", instruction.text)


def whole_word(dockerfile: Dockerfile, step: Instruction, text: str, new: str) -> tuple[Change, ...]:
    """`text` as it stands, not inside a longer name or path, becomes `new`."""
    return tuple(_substituted(dockerfile, step, *_whole_word(text, new)))


def _substituted(dockerfile: Dockerfile, step: Instruction, pattern: str, replacement: str) -> Iterator[Change]:
    for number in range(step.line, step.end_line + 1):
        raw = dockerfile.lines[number - 1]
        match = _LINE.match(raw)
        body, end = (match["body"], match["end"]) if match else (raw, "")
        if body.lstrip().startswith("#"):
            continue
        changed = substituted(pattern, replacement, body)
        if changed != body:
            emptied = changed.strip() in ("", dockerfile.escape) and step.line < number < step.end_line
            yield Change(number, number, () if emptied else (changed + end,))


def _whole_word(text: str, new: str) -> tuple[str, str]:
    """A pattern for `text` that does not hit it inside a longer name or path, and its replacement.

    Where the word goes, the blanks before it go too.
    """
    before, blanks = r"(?<![\w.+/-])(?P<root>\./|/)?", "" if new else r"[ \t]*"
    literal = new.replace("\\", "\\\\")
    return rf"{blanks}{before}{re.escape(text)}(?![\w.+-]|/\w)", (rf"\g<root>{literal}" if new else "")


def _source(dockerfile: Dockerfile, step: Instruction, text: str, new: str) -> Changes:
    if step.json or not new:
        return None
    words = [word for word in plain_words(dockerfile, step)[1:] if not word.text.startswith("--")]
    same = [word for word in words[:-1] if _path(word) == text.strip("/").removeprefix("./")]
    if len(same) != 1:
        return None
    slash = "/" if same[0].text.endswith("/") and not new.endswith("/") else ""
    return rewritten(dockerfile, same[0], new + slash)


def _path(word: Word) -> str:
    return word.text.removeprefix("./").strip("/")
