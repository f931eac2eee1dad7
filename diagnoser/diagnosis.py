"""The answer: what failed, why, which lines prove it and what to do; the contract that every output format prints.

Whatever is taken from the log is redacted here, once. `docs/report.schema.json` is this module as JSON.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from pathlib import Path
from typing import Literal, NamedTuple

from diagnoser import facts, silence, stalls, timeline
from diagnoser.catalogue import Catalogue, load_catalogue
from diagnoser.lines import Line
from diagnoser.matching import Budget, Match, find_matches
from diagnoser.ranking import Candidate, Verdict, rank
from diagnoser.redact import redact
from diagnoser.remedy import Remedy, remedies
from diagnoser.scan import find_landmarks
from diagnoser.signature import Confidence, templates
from diagnoser.steps import Builder, Log, Step
from diagnoser.steps.reader import read
from diagnoser.template import names, render
from diagnoser.text import Text, raw_lines
from diagnoser.text.rewrite import searchable
from diagnoser.timeline import Silence, Timeline

Outcome = Literal["failed", "succeeded", "undetermined"]
_MUCH = 2048  # bytes of output after the proof
_PLACES = 6  # of one cause that are shown
_WIDTH = 600  # characters of an evidence line
_CAPTURE = 400  # characters of a capture
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u200b-\u200f\u202a-\u202e\u2066-\u2069]")


class Evidence(NamedTuple):
    """Lines of the raw log, from 1, and their redacted text."""

    line: int
    end_line: int
    text: str
    step: str | None = None


class FailingStep(NamedTuple):
    name: str
    stage: str | None
    instruction: str | None
    exit_code: int | None
    dockerfile: str | None
    line: int | None


class Finding(NamedTuple):
    """A cause (or an advice) with its proof and its remedies, likeliest first."""

    id: str
    title: str
    confidence: Confidence
    transient: bool
    cause: str
    captures: Mapping[str, str]
    evidence: tuple[Evidence, ...]
    remedies: tuple[Remedy, ...]
    references: tuple[str, ...]
    consequences: tuple[str, ...]


class Diagnosis(NamedTuple):
    outcome: Outcome
    builder: Builder
    source: str
    failing_step: FailingStep | None
    diagnoses: tuple[Finding, ...]
    advice: tuple[Finding, ...]
    excerpt: Evidence | None
    dropped: int = 0  # bytes of the log that were not looked at
    timeline: Timeline | None = None  # where the log tells of time
    timed_out: int = 0  # patterns that were not tried to the end: a cause may have been missed


def diagnose(
    log: str | bytes | Text,
    *,
    source: str = "-",
    catalogue: Catalogue | None = None,
    context: Path | None = None,
    watched: stalls.Watched | None = None,
) -> Diagnosis:
    """The diagnosis of one log. `context` is the folder of the build, where it is at hand; `watched` a silence that was seen."""
    text = log if isinstance(log, Text) else searchable(log.encode() if isinstance(log, str) else log, source)
    catalogue = catalogue or load_catalogue()
    steps = read(text, find_landmarks(text))
    budget = Budget()
    silent = stalls.find(steps, catalogue, watched)
    found = find_matches(steps, catalogue, budget, silent)
    verdict = rank(steps, found + silent, catalogue.signatures)
    return _Report(steps, context).diagnosis(verdict)._replace(timed_out=len(budget.timed_out))


class _Report:
    """Puts a verdict into words: line numbers, redacted texts, rendered remedies."""

    def __init__(self, log: Log, context: Path | None) -> None:
        self.log, self.context = log, context
        self.numbers: dict[int, int] = {}

    def diagnosis(self, verdict: Verdict) -> Diagnosis:
        outcome = _outcome(self.log, verdict)
        shown = self._excerpt(verdict) if outcome != "succeeded" else []
        step = _failing(self.log, verdict)
        gap = self._gap(step, verdict) if outcome != "succeeded" else None
        self._number([*verdict.causes, *verdict.advice], shown, gap)
        return Diagnosis(
            outcome=outcome,
            builder=self.log.builder,
            source=self.log.text.source,
            failing_step=_told(step) if step and outcome != "succeeded" else None,
            diagnoses=tuple(self._finding(c) for c in verdict.causes),
            advice=tuple(self._finding(c) for c in verdict.advice),
            excerpt=self._lines(shown) if shown else None,
            dropped=self.log.text.dropped,
            timeline=self._timeline(gap, step),
        )

    def _went_on(self, proof: Match) -> bool:
        """Whether the failed step printed much after the proof: how it ended is then worth showing, too."""
        ends = [s.end for s in self.log.segments if s.step == proof.step and s.kind in ("output", "outside")]
        return bool(ends) and ends[-1] - proof.end > _MUCH

    def _gap(self, step: Step | None, verdict: Verdict) -> silence.Gap | None:
        return silence.gap(self.log, step, verdict.causes[0].matches[0].start if verdict.causes else None)

    def _timeline(self, gap: silence.Gap | None, step: Step | None) -> Timeline | None:
        found = timeline.read(self.log, gap)
        if gap is None and found is None:
            return None
        clock, seconds, spans, _ = found or Timeline(None, None, ())
        steps = tuple(s._replace(name=clean(s.name), stage=s.stage and clean(s.stage)) for s in spans)
        return Timeline(clock, seconds, steps, gap and self._silence(gap, step))

    def _silence(self, gap: silence.Gap, step: Step | None) -> Silence:
        end = None if gap.end is None else self.numbers[gap.end]
        name = clean(step.name) if step else None
        return Silence(round(gap.seconds, 1), self.numbers[gap.start], end, clean(gap.text)[:_WIDTH], name)

    def _excerpt(self, verdict: Verdict) -> list[Line]:
        if (
            verdict.causes
            and verdict.causes[0].confidence == "high"
            and not self._went_on(verdict.causes[0].matches[0])
        ):
            return []
        from diagnoser import excerpt

        return excerpt.telling_lines(self.log)

    def _number(self, candidates: Iterable[Candidate], shown: Sequence[Line], gap: silence.Gap | None) -> None:
        offsets = [line.start for line in shown]
        if gap:
            offsets += [gap.start, *([gap.end] if gap.end is not None else [])]
        for candidate in candidates:
            offsets += [o for m in _places(candidate) for o in (m.start, m.end)]
        self.numbers = raw_lines(self.log.text, offsets)

    def _finding(self, candidate: Candidate) -> Finding:
        signature, first = candidate.signature, candidate.matches[0]
        captures = {name: _capture(value, first.text) for name, value in first.captures.items()}
        values = {n: clean(v) for n, v in facts.of(self.log, first.step, self.context).items()} | captures
        if any("nearest" in names(program) for program in templates(signature)):
            values |= facts.nearest(captures, self.context)
        return Finding(
            id=signature.id,
            title=signature.title,
            confidence=candidate.confidence,
            transient=signature.transient,
            cause=render(signature.cause, facts.in_words(values)).strip(),
            captures=captures,
            evidence=tuple(self._evidence(m) for m in _places(candidate)),
            remedies=remedies(signature, values, self.log, first.step, self.context),
            references=signature.references,
            consequences=tuple(dict.fromkeys(m.signature for m in candidate.consequences)),
        )

    def _evidence(self, match: Match) -> Evidence:
        step = None if match.step is None else clean(self.log.steps[match.step].name)
        return Evidence(self.numbers[match.start], self.numbers[match.end], _text(match.text), step)

    def _lines(self, lines: Sequence[Line]) -> Evidence:
        first, last = self.numbers[lines[0].start], self.numbers[lines[-1].start]
        return Evidence(first, last, _text("\n".join(line.text for line in lines)))


@lru_cache(maxsize=64)  # a report says the name of a step and a line of proof several times
def clean(value: str) -> str:
    """A piece of the log, without secrets and without what a terminal would act on."""
    return _harmless(redact(value))


def _harmless(text: str) -> str:
    return _CONTROL.sub("\N{REPLACEMENT CHARACTER}", text)


def _capture(value: str, line: str) -> str:
    """A value out of the line. What only the words around it tell to be a secret is none of the report's business."""
    if value in line and redact(value) not in redact(line):
        return "[redacted]"
    return clean(value)[:_CAPTURE]


def _text(text: str) -> str:
    return "\n".join(_harmless(line[:_WIDTH]) for line in redact(text).split("\n"))


def _places(candidate: Candidate) -> list[Match]:
    """Where the cause shows, best first, then the errors of its own area that it accounts for."""
    own = _distinct(candidate.matches)
    area = candidate.signature.id.split("/")[0]
    kin = [m for m in candidate.consequences if m.signature.startswith(f"{area}/") and m.confidence == "high"]
    return _distinct([*own, *kin]) if len(own) < _PLACES else own


def _distinct(matches: Sequence[Match]) -> list[Match]:
    """The best places of a cause, one a line, and the last: where a step goes on after an error, it ends there."""
    found: dict[int, Match] = {}
    for match in matches:
        found.setdefault(match.start, match)
    places = list(found.values())
    return places if len(places) <= _PLACES else [*places[: _PLACES - 1], places[-1]]


def _failing(log: Log, verdict: Verdict) -> Step | None:
    place = verdict.causes[0].matches[0].step if verdict.causes else None
    if place is not None:
        return log.steps[place]
    failed = next((s for s in log.steps if s.state == "failed"), None)
    return failed or next((s for s in reversed(log.steps) if s.state == "open"), None)


def _told(step: Step) -> FailingStep:
    instruction = clean(step.instruction) if step.instruction else None
    dockerfile = clean(step.dockerfile) if step.dockerfile else None
    return FailingStep(
        clean(step.name), step.stage and clean(step.stage), instruction, step.exit_code, dockerfile, step.line
    )


def _outcome(log: Log, verdict: Verdict) -> Outcome:
    if log.failed or verdict.causes:
        return "failed"
    return "succeeded" if log.succeeded else "undetermined"
