"""The report for people, as rows of styled spans: `plain` joins them, `terminal` colours them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from textwrap import wrap
from typing import NamedTuple

from diagnoser.diagnosis import Diagnosis, Evidence, FailingStep, Finding
from diagnoser.remedy import Remedy
from diagnoser.render import partial
from diagnoser.render.headline import HEADLINE, next_step

Span = tuple[str, str]  # text, style
Row = list[Span]
_PROOF_LINES = 8
_MARKED = re.compile(r"(`[^`\n]+`|\*\*[^*\n]+\*\*)")


class Glyphs(NamedTuple):
    failed: str
    succeeded: str
    undetermined: str
    advice: str
    bar: str
    dot: str


UNICODE = Glyphs("✗", "✓", "?", "→", "│", "·")
ASCII = Glyphs("FAILED:", "OK:", "UNKNOWN:", "NOTE:", "|", "-")


def rows(diagnosis: Diagnosis, width: int, glyphs: Glyphs) -> Iterator[Row]:
    """The report, at most `width` columns wide where words allow it."""
    for number, finding in enumerate(diagnosis.diagnoses):
        if number:
            yield []
        yield from _finding(finding, diagnosis.failing_step if number == 0 else None, width, glyphs)
    if not diagnosis.diagnoses:
        yield from _nothing_known(diagnosis, width, glyphs)
    elif diagnosis.excerpt and diagnosis.diagnoses[0].confidence != "high":
        yield []
        yield _label("The lines around it, since this is not certain:")
        yield from _proof(diagnosis.excerpt, width, glyphs, most=20)
    for advice in diagnosis.advice:
        yield []
        yield from _advice(advice, width, glyphs)
    for note in partial.notes(diagnosis):
        yield []
        yield _label(note)


def _finding(finding: Finding, step: FailingStep | None, width: int, glyphs: Glyphs) -> Iterator[Row]:
    meta = f" {glyphs.dot} ".join(
        [finding.id, finding.confidence, *(["may pass on retry"] if finding.transient else [])]
    )
    yield from _headline(glyphs.failed, finding.title, meta, width)
    if step:
        yield from _step(step, width)
    yield []
    if finding.evidence:
        yield from _proof(finding.evidence[0], width, glyphs)
        yield []
    yield from _labelled("Why", finding.cause, width)
    for number, remedy in enumerate(finding.remedies, 1):
        yield from _remedy(number, remedy, width)
    if finding.consequences:
        yield from _labelled("Also", "consequences of this: " + ", ".join(finding.consequences), width)


def _advice(finding: Finding, width: int, glyphs: Glyphs) -> Iterator[Row]:
    yield from _headline(glyphs.advice, finding.title, finding.id, width)
    yield from _labelled("Why", finding.cause, width)
    for number, remedy in enumerate(finding.remedies[:1], 1):
        yield from _remedy(number, remedy, width)


def _nothing_known(diagnosis: Diagnosis, width: int, glyphs: Glyphs) -> Iterator[Row]:
    if diagnosis.outcome == "succeeded":
        yield [(f"{glyphs.succeeded} ", "good"), (HEADLINE["succeeded"], "title")]
        return
    if diagnosis.outcome == "failed":
        yield [(f"{glyphs.failed} ", "bad"), (HEADLINE["failed"], "title")]
    else:
        yield [(f"{glyphs.undetermined} ", "dim"), (HEADLINE["undetermined"], "title")]
    if diagnosis.failing_step:
        yield from _step(diagnosis.failing_step, width)
    if diagnosis.excerpt:
        yield []
        yield from _proof(diagnosis.excerpt, width, glyphs, most=20)
    if hint := next_step(diagnosis):
        yield []
        yield from _labelled("Next", hint, width)
    if diagnosis.outcome == "failed":
        yield []
        yield _label("When you have understood it, make it a rule: diagnoser new AREA/SLUG LOG")


def _headline(mark: str, title: str, meta: str, width: int) -> Iterator[Row]:
    style = "bad" if mark in (UNICODE.failed, ASCII.failed) else "dim"
    gap = width - len(mark) - 1 - len(title) - len(meta)
    if gap >= 2:
        yield [(f"{mark} ", style), (title, "title"), (" " * gap, ""), (meta, "dim")]
        return
    first, *rest = wrap(title, width - len(mark) - 1) or [""]
    yield [(f"{mark} ", style), (first, "title")]
    for line in rest:
        yield [(" " * (len(mark) + 1), ""), (line, "title")]
    yield [("  ", ""), (meta, "dim")]


def _step(step: FailingStep, width: int) -> Iterator[Row]:
    place = f"{step.dockerfile}:{step.line}  " if step.dockerfile and step.line else ""
    what = " ".join((step.instruction or step.name).split())
    position = re.search(r"(\d+/\d+)", step.name)
    facts = [
        f"stage {step.stage}" if step.stage else "",
        f"step {position[1]}" if position else "",
        f"exit code {step.exit_code}" if step.exit_code is not None else "",
    ]
    told = ", ".join(filter(None, facts))
    room = width - 4 - len(place) - len(told)
    if len(what) > max(room, 30):
        what = what[: max(room, 30) - 1] + "…"
    if place or what or told:
        yield [("  ", ""), (place, "place"), (what, "code"), ("  " if told and what else "", ""), (told, "dim")]


def _proof(evidence: Evidence, width: int, glyphs: Glyphs, most: int = _PROOF_LINES) -> Iterator[Row]:
    lines = evidence.text.split("\n")
    numbers: list[int | None] = [evidence.line + n for n in range(len(lines))]
    if evidence.end_line - evidence.line + 1 != len(lines):  # other steps' lines lie between
        numbers = [evidence.line, *[None] * (len(lines) - 1)]
    for number, line in list(zip(numbers, lines, strict=True))[:most]:
        pieces = wrap(line, max(width - 10, 20), drop_whitespace=False, expand_tabs=True, tabsize=4) or [""]
        for n, piece in enumerate(pieces[:4]):
            mark = str(number) if number and not n else ""
            yield [(f"{mark:>7} {glyphs.bar} ", "dim"), (piece.rstrip(), "proof")]
    if len(lines) > most:
        yield [(f"{'':7} {glyphs.bar} ", "dim"), (f"… {len(lines) - most} more lines", "dim")]


def _remedy(number: int, remedy: Remedy, width: int) -> Iterator[Row]:
    label = "Fix" if number == 1 else ""
    yield from _labelled(label, f"{number}. {remedy.title}", width, hang=3)
    yield from _prose(remedy.text, width, 10)
    if remedy.patch:
        for line in remedy.patch.rstrip("\n").split("\n"):
            style = {"+": "added", "-": "removed", "@": "dim"}.get(line[:1], "dim" if line.startswith("diff") else "")
            yield [(" " * 10, ""), (line, style)]


def _labelled(label: str, text: str, width: int, hang: int = 0) -> Iterator[Row]:
    paragraphs = list(_prose(text, width, 7, hang))
    for number, row in enumerate(paragraphs):
        yield [("  ", ""), (f"{label:5}", "label"), *row[1:]] if number == 0 else row


def _prose(text: str, width: int, indent: int, hang: int = 0) -> Iterator[Row]:
    """Markdown's paragraphs wrapped, its fenced code as it is."""
    fenced = False
    for line in text.split("\n"):
        if line.strip().startswith("```"):
            fenced = not fenced
        elif fenced:
            yield [(" " * (indent + 2), ""), (line, "code")]
        elif line.strip():
            for n, piece in enumerate(
                wrap(line.strip(), max(width - indent, 20), break_long_words=False, break_on_hyphens=False)
            ):
                room = indent + (hang if n else 0)
                yield [(" " * room, ""), *_styled(piece)]


def _styled(text: str) -> Row:
    return [_span(part) for part in _MARKED.split(text) if part]


def _span(part: str) -> Span:
    if not _MARKED.fullmatch(part):
        return (part, "")
    return (part, "code") if part[0] == "`" else (part[2:-2], "place")


def _label(text: str) -> Row:
    return [("  ", ""), (text, "dim")]
