"""GitLab's code quality report: https://docs.gitlab.com/ci/testing/code_quality/#code-quality-report-format"""

from __future__ import annotations

import json
from typing import Any

from diagnoser.diagnosis import Diagnosis, FailingStep, Finding
from diagnoser.render import partial
from diagnoser.render.markdown import fenced, prose
from diagnoser.render.places import Place, fingerprint, place


def render(diagnosis: Diagnosis) -> str:
    step = diagnosis.failing_step
    issues = [_issue(f, None if number else step, _severity(f)) for number, f in enumerate(diagnosis.diagnoses)]
    issues += [_issue(f, None, "info") for f in diagnosis.advice]
    if diagnosis.outcome == "failed" and not diagnosis.diagnoses:
        issues.append(_issue(_unknown(diagnosis), step, "blocker"))
    issues += [_issue(_partial(note), None, "info") for note in partial.notes(diagnosis)]
    return json.dumps(issues, ensure_ascii=False, indent=1)


def _severity(finding: Finding) -> str:
    return "major" if finding.transient else "blocker"


def _unknown(diagnosis: Diagnosis) -> Finding:
    proof = (diagnosis.excerpt,) if diagnosis.excerpt else ()
    title = "The build failed; none of the known causes fits"
    return Finding("other/unclear", title, "low", False, "", {}, proof, (), (), ())


def _partial(note: str) -> Finding:
    return Finding("diagnoser/partial", partial.HEADLINE, "high", False, note, {}, (), (), (), ())


def _issue(finding: Finding, step: FailingStep | None, severity: str) -> dict[str, Any]:
    proof = [fenced(evidence.text) for evidence in finding.evidence[:1]]
    fixes = [f"{n}. **{prose(r.title)}**\n\n{prose(r.text)}" for n, r in enumerate(finding.remedies, 1)]
    where = place(finding, step) or Place("Dockerfile", 1)  # a place is obligatory
    return {
        "type": "issue",
        "check_name": finding.id,
        "description": finding.title,
        "content": {"body": "\n\n".join([*proof, prose(finding.cause), *fixes])},
        "fingerprint": fingerprint(finding, step),
        "severity": severity,
        "location": {"path": where.file, "lines": {"begin": where.line}},
    }
