"""The report as one JSON object on one line, after docs/report.schema.json."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from diagnoser.diagnosis import Diagnosis, Evidence, Finding
from diagnoser.timeline import Timeline

SCHEMA = 1


def render(diagnosis: Diagnosis) -> str:
    return json.dumps(report(diagnosis), ensure_ascii=False)


def report(diagnosis: Diagnosis) -> dict[str, Any]:
    """The report as plain values."""
    step = diagnosis.failing_step
    return {
        "schema": SCHEMA,
        "outcome": diagnosis.outcome,
        "builder": diagnosis.builder,
        "source": diagnosis.source,
        "failing_step": step and step._asdict(),
        "diagnoses": [_finding(f) for f in diagnosis.diagnoses],
        "advice": [_finding(f) for f in diagnosis.advice],
        "excerpt": diagnosis.excerpt and _evidence(diagnosis.excerpt),
        "dropped_bytes": diagnosis.dropped,
        "timed_out_patterns": diagnosis.timed_out,
        "timeline": diagnosis.timeline and _timeline(diagnosis.timeline),
    }


def _timeline(timeline: Timeline) -> dict[str, Any]:
    return {
        "clock": timeline.clock,
        "seconds": timeline.seconds,
        "steps": [step._asdict() for step in timeline.steps],
        "silence": timeline.silence and timeline.silence._asdict(),
    }


def _finding(finding: Finding) -> dict[str, Any]:
    return {
        "id": finding.id,
        "title": finding.title,
        "confidence": finding.confidence,
        "transient": finding.transient,
        "cause": finding.cause,
        "captures": dict(finding.captures),
        "evidence": [{**_evidence(e), "step": e.step} for e in finding.evidence],
        "remedies": [
            {"title": r.title, "target": r.target, "text": r.text, "edit": _plain(r.edit), "patch": r.patch}
            for r in finding.remedies
        ],
        "references": list(finding.references),
        "consequences": list(finding.consequences),
    }


def _evidence(evidence: Evidence) -> dict[str, Any]:
    return {"line": evidence.line, "end_line": evidence.end_line, "text": evidence.text}


def _plain(edit: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value if isinstance(value, str) else dict(value) for name, value in edit.items()}
