"""One page that needs nothing else: no script, no network.

Everything is escaped by Jinja2; prose is Markdown without HTML, links and images.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import NamedTuple

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markdown_it import MarkdownIt
from markupsafe import Markup

from diagnoser.diagnosis import Diagnosis
from diagnoser.render import partial
from diagnoser.render.headline import HEADLINE, next_step
from diagnoser.render.html_log import pieces
from diagnoser.text import Text
from diagnoser.timeline import Silence, Span, Timeline, in_words
from diagnoser.version import VERSION

_ROWS = 30  # steps that are drawn: the slowest,
_SHARE = 0.005  # and of these the ones that took so much of the whole, or did not end well
_TICKS = (0.1, 0.2, 0.5, 1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 14400, 43200, 86400)  # seconds
_MOST_TICKS = 5
# Neither links nor images: what a log says must not make the page ask anybody for anything.
_PROSE = MarkdownIt("zero").enable(["backticks", "emphasis", "fence", "list", "newline"])


class Bar(NamedTuple):
    """A step on the scale of the page, and its silence: where they begin and how wide they are, in hundredths."""

    span: Span
    left: float | None
    width: float
    silence: tuple[float, float] | None


def render(diagnosis: Diagnosis, text: Text) -> str:
    """The page; `text` is the log that the diagnosis is of."""
    timeline = diagnosis.timeline
    return (
        _environment()
        .get_template("page.html.jinja")
        .render(
            diagnosis=diagnosis,
            headline=HEADLINE[diagnosis.outcome],
            bars=(bars := _bars(timeline) if timeline else []),
            rest=[s for s in timeline.steps if s not in {bar.span for bar in bars}] if timeline else [],
            ticks=_ticks(timeline.seconds) if timeline and timeline.seconds else [],
            pieces=pieces(text, diagnosis),
            next_step=next_step(diagnosis),
            notes=partial.notes(diagnosis),
            version=VERSION,
        )
    )


@cache
def _environment() -> Environment:
    loader = FileSystemLoader(Path(__file__).parent)
    environment = Environment(
        loader=loader, autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    environment.filters |= {"prose": _prose, "in_words": in_words, "diff_lines": _diff_lines}
    return environment


def _prose(text: str) -> Markup:
    return Markup(_PROSE.render(text))  # "zero" escapes all HTML


def _diff_lines(patch: str) -> list[tuple[str, str]]:
    """Each line of a patch with the class that colours it."""
    kinds = {"+": "added", "-": "removed", "@": "place"}
    return [(kinds.get(line[:1], ""), line) for line in patch.rstrip("\n").split("\n")]


def _bars(timeline: Timeline) -> list[Bar]:
    least = _SHARE * (timeline.seconds or 0.0)
    worth = [s for s in timeline.steps if s.state not in ("done", "cached") or (s.seconds or 0.0) > least]
    drawn = set(sorted(worth, key=lambda s: (s.state in ("done", "cached"), -(s.seconds or 0.0)))[:_ROWS])
    return [_bar(span, timeline) for span in timeline.steps if span in drawn]


def _bar(span: Span, timeline: Timeline) -> Bar:
    whole = timeline.seconds or 1.0
    if span.start is None:
        return Bar(span, None, 0.0, None)
    left, width = 100 * span.start / whole, 100 * (span.seconds or 0.0) / whole
    silence = timeline.silence
    mine = silence and silence.step == span.name and span.seconds
    return Bar(span, left, width, _quiet(silence, span, whole) if silence and mine else None)


def _quiet(silence: Silence, span: Span, whole: float) -> tuple[float, float]:
    """Up to the end of the step: that is where it was ended, or where the line came that tells why it failed."""
    assert span.start is not None and span.seconds is not None
    length = min(silence.seconds, span.seconds)
    return 100 * (span.start + span.seconds - length) / whole, 100 * length / whole


def _ticks(whole: float) -> list[tuple[float, str]]:
    """Where round times lie on the scale, and what they read."""
    every = next((t for t in _TICKS if whole / t <= _MOST_TICKS), _TICKS[-1])
    return [(100 * n * every / whole, _tick(n * every)) for n in range(int(min(whole / every, 100)) + 1)]


def _tick(seconds: float) -> str:
    return f"{seconds:g} s" if seconds < 60 else in_words(seconds).removesuffix(" 0 s")
