"""Which match is the cause: the failed step before the rest, causes before their symptoms, proof before inference."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from diagnoser.matching import Match
from diagnoser.signature import LAST_RESORTS, Confidence, Signature
from diagnoser.steps import Log
from diagnoser.windows import Region

_ORDER: dict[Confidence, int] = {"high": 0, "medium": 1, "low": 2}
_MOST = 4  # independent causes that are reported


class Candidate(NamedTuple):
    """A cause with the places that show it, best first, and what it accounts for."""

    signature: Signature
    matches: tuple[Match, ...]
    confidence: Confidence
    consequences: tuple[Match, ...] = ()


class Verdict(NamedTuple):
    causes: tuple[Candidate, ...]  # the first is the root cause
    advice: tuple[Candidate, ...]


def rank(log: Log, matches: Iterable[Match], signatures: Mapping[str, Signature]) -> Verdict:
    """Judge the matches of one log."""
    grouped: dict[str, list[Match]] = {}
    went_well = log.succeeded and not log.failed
    for match in matches:
        if not went_well or match.signature.startswith("advice/") or _came_after(log, match):
            grouped.setdefault(match.signature, []).append(match)
    candidates = [_candidate(signatures[i], found) for i, found in grouped.items()]
    advice = [c for c in candidates if _is_advice(c)]
    causes = [c for c in candidates if not _is_advice(c)]
    return Verdict(tuple(_causes(causes)), tuple(sorted(advice, key=_place)))


def _came_after(log: Log, match: Match) -> bool:
    """A sign that what was built then failed to run: after the last step, or the word of success, and printed by no step."""
    return match.step is None and match.confidence != "low" and match.start >= _built(log)


def _built(log: Log) -> int:
    """Where the last line of the steps is, or what follows it."""
    last = next((s for s in reversed(log.segments) if s.step is not None or s.kind == "output"), None)
    if last is None:
        return len(log.text.data)
    vertex = None if last.step is None else log.steps[last.step].vertex
    if vertex is None:
        return last.end
    numbered = log.text.data.rfind(b"#%d " % vertex, last.start, last.end)  # what follows without a number is no step's
    return last.end if numbered < 0 else numbered


def _is_advice(candidate: Candidate) -> bool:
    return candidate.signature.id.startswith("advice/")


def _candidate(signature: Signature, found: Sequence[Match]) -> Candidate:
    ordered = tuple(sorted(found, key=lambda m: (m.region, _ORDER[m.confidence], m.start, -m.weight)))
    return Candidate(signature, ordered, ordered[0].confidence)


def _causes(candidates: list[Candidate]) -> list[Candidate]:
    pool = _pool(candidates)
    hidden = [c for c in candidates if any(_swallowed(c, p) for p in pool)]
    pool = _most_specific(pool + hidden)
    roots = [c for c in pool if not any(_accounts(other, c) for other in pool if other is not c)]
    folded = [_fold(root, pool) for root in sorted(roots or pool, key=_rank)]
    return [c for c in folded if _worth_telling(c, folded[0])][:_MOST]


def _pool(candidates: list[Candidate]) -> list[Candidate]:
    """The candidates from the best region that has any: the failed step and its error line, else outside of steps."""
    near = [c for c in candidates if c.matches[0].region in (Region.FAILED, Region.ERROR)]
    return near or [_inferred(c) for c in candidates if c.matches[0].region is Region.OUTSIDE]


def _swallowed(candidate: Candidate, symptom: Candidate) -> bool:
    """Proof in a step that went on, of what failed later: named as such, not by a mere area."""
    proven = candidate.matches[0].region is Region.OTHER and candidate.confidence == "high"
    return proven and symptom.signature.id in candidate.signature.explains and symptom.signature.id not in LAST_RESORTS


def _inferred(candidate: Candidate) -> Candidate:
    confidence: Confidence = "medium" if candidate.confidence == "high" else candidate.confidence
    return candidate._replace(confidence=confidence)


def _most_specific(pool: list[Candidate]) -> list[Candidate]:
    """Where several rest on the same line, the one whose pattern demands more of it."""
    best: dict[int, Candidate] = {}
    for candidate in pool:
        place = candidate.matches[0].start
        rival = best.get(place)
        if rival is None or _claim(candidate, rival) > _claim(rival, candidate):
            best[place] = candidate
    return [c for c in pool if best[c.matches[0].start] is c]


def _claim(candidate: Candidate, rival: Candidate) -> tuple[bool, int, int]:
    return (_explains(candidate, rival), -_ORDER[candidate.confidence], candidate.matches[0].weight)


def _explains(cause: Candidate, symptom: Candidate) -> bool:
    area = symptom.signature.id.split("/")[0] + "/*"
    return symptom.signature.id in cause.signature.explains or area in cause.signature.explains


def _accounts(cause: Candidate, symptom: Candidate) -> bool:
    """`cause` explains `symptom`; of two that explain each other, the earlier one does."""
    if not _explains(cause, symptom):
        return False
    return not _explains(symptom, cause) or _rank(cause) < _rank(symptom)


def _rank(candidate: Candidate) -> tuple[int, bool, int, int]:
    first = candidate.matches[0]
    return (_ORDER[candidate.confidence], first.region is Region.OTHER, first.start, -first.weight)


def _place(candidate: Candidate) -> int:
    return candidate.matches[0].start


def _fold(root: Candidate, pool: list[Candidate]) -> Candidate:
    symptoms = [c.matches[0] for c in pool if c is not root and _accounts(root, c)]
    return root._replace(consequences=tuple(sorted(symptoms, key=lambda m: m.start)))


def _worth_telling(candidate: Candidate, first: Candidate) -> bool:
    """Beside a proven cause only another proven one is told."""
    return candidate is first or candidate.confidence == first.confidence == "high"
