"""SARIF 2.1.0, as code scanning reads it: each finding has a rule, with what `diagnoser explain` prints."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Any
from urllib.parse import quote

from diagnoser.diagnosis import Diagnosis, Evidence, FailingStep, Finding
from diagnoser.render import explain, partial
from diagnoser.render.markdown import prose
from diagnoser.render.places import Place, dockerfile, fingerprint, place, sources
from diagnoser.signature import Signature
from diagnoser.version import VERSION

SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
_UNKNOWN = "other/unclear"
_PLACEHOLDER = re.compile(r"\{(\d+)\}")
_LINK = re.compile(r"\[(?=[^\]]*\]\()")
_DRIVE = re.compile(r"[A-Za-z]:[/\\]")
_Json = dict[str, Any]


def render(diagnosis: Diagnosis, signatures: Mapping[str, Signature]) -> str:
    """One run. `signatures` hold the help texts."""
    log = {"$schema": SCHEMA, "version": "2.1.0", "runs": [_run(diagnosis, signatures)]}
    return json.dumps(log, ensure_ascii=False)


def _run(diagnosis: Diagnosis, signatures: Mapping[str, Signature]) -> _Json:
    findings = [*diagnosis.diagnoses, *diagnosis.advice]
    rules = [_rule(f, signatures[f.id]) for f in findings]
    results = [_result(f, diagnosis, number) for number, f in enumerate(findings)]
    if diagnosis.outcome == "failed" and not diagnosis.diagnoses:
        results.append(_unknown(diagnosis, len(rules)))
        rules.append({"id": _UNKNOWN, "shortDescription": _message("The build failed; none of the known causes fits")})
    return {
        "tool": {"driver": {"name": "diagnoser", "version": VERSION, "rules": rules}},
        "invocations": [_invocation(diagnosis)],
        "artifacts": [{"location": {"uri": _uri(diagnosis.source)}, "roles": ["analysisTarget"]}],
        "columnKind": "unicodeCodePoints",
        "results": results,
    }


def _invocation(diagnosis: Diagnosis) -> _Json:
    told = [{"level": "warning", "message": _message(note)} for note in partial.notes(diagnosis)]
    return {"executionSuccessful": True} | ({"toolExecutionNotifications": told} if told else {})


def _rule(finding: Finding, signature: Signature) -> _Json:
    tags = [finding.id.split("/")[0], *(["transient"] if finding.transient else [])]
    help_text = explain.render(signature)
    rule = {
        "id": finding.id,
        "shortDescription": _message(finding.title),
        "help": {"text": help_text, "markdown": prose(help_text)},
        "properties": {"tags": tags},
    }
    return rule | ({"helpUri": finding.references[0]} if finding.references else {})


def _result(finding: Finding, diagnosis: Diagnosis, number: int) -> _Json:
    step = diagnosis.failing_step if number == 0 and diagnosis.diagnoses else None
    where, log = place(finding, step), [_log_region(e, diagnosis.source) for e in finding.evidence]
    fixes = [f"{n}. {remedy.title}" for n, remedy in enumerate(finding.remedies, 1)]
    text = "\n".join([f"{finding.title}.", finding.cause, *(["Fix:", *fixes] if fixes else [])])
    return {
        "ruleId": finding.id,
        "ruleIndex": number,
        "level": "error" if finding in diagnosis.diagnoses else "note",
        "message": _message(text),
        "locations": [_source(where)] if where else log[:1],
        "relatedLocations": [*(_source(p) for p in _others(finding, step, where)), *log],
        "partialFingerprints": {"diagnoser/v1": fingerprint(finding, step)},
        "properties": {"confidence": finding.confidence},
    }


def _others(finding: Finding, step: FailingStep | None, first: Place | None) -> list[Place]:
    return [p for p in [*sources(finding), dockerfile(step)] if p and p != first]


def _unknown(diagnosis: Diagnosis, number: int) -> _Json:
    where = dockerfile(diagnosis.failing_step)
    log = [_log_region(diagnosis.excerpt, diagnosis.source)] if diagnosis.excerpt else []
    return {
        "ruleId": _UNKNOWN,
        "ruleIndex": number,
        "level": "error",
        "message": _message(_told(diagnosis.failing_step)),
        "locations": [_source(where)] if where else log,
        "relatedLocations": log,
    }


def _told(step: FailingStep | None) -> str:
    what = f" in {step.instruction or step.name}" if step and (step.instruction or step.name) else ""
    return f"The build failed{what}; none of the known causes fits."


def _source(where: Place) -> _Json:
    region = {"startLine": where.line} | ({"startColumn": where.column} if where.column else {})
    return {"physicalLocation": {"artifactLocation": {"uri": _uri(where.file)}, "region": region}}


def _log_region(evidence: Evidence, source: str) -> _Json:
    region = {"startLine": evidence.line, "endLine": evidence.end_line, "snippet": {"text": evidence.text}}
    return {"physicalLocation": {"artifactLocation": {"uri": _uri(source), "index": 0}, "region": region}}


def _message(text: str) -> _Json:
    """Plain text: what SARIF would read as a placeholder or as a link is escaped (3.11.5, 3.11.6)."""
    return {"text": _LINK.sub(r"\\[", _PLACEHOLDER.sub(r"{{\1}}", text))}


def _uri(path: str) -> str:
    if path == "-":
        return "standard-input.log"
    slashed = path.replace("\\", "/") if _DRIVE.match(path) or "/" not in path else path
    if _DRIVE.match(path):
        return "file:///" + slashed[:2] + quote(slashed[2:])
    return ("file://" if slashed.startswith("/") else "") + quote(slashed.removeprefix("./"))
