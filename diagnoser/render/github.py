"""GitHub Actions workflow commands, one annotation a line. Source: actions/toolkit `packages/core/src/command.ts`."""

from __future__ import annotations

import re
from collections.abc import Iterator

from diagnoser.diagnosis import Diagnosis, FailingStep, Finding

_SOURCE_LINE = re.compile(r"^(?:\./)?((?:[\w.-]+/)*[\w.-]+\.(?:go|c|h|cc|cpp|s)):(\d+)(?::(\d+))?:", re.MULTILINE)


def render(diagnosis: Diagnosis) -> str:
    return "\n".join(_commands(diagnosis))


def _commands(diagnosis: Diagnosis) -> Iterator[str]:
    for number, finding in enumerate(diagnosis.diagnoses):
        yield _command("error", finding.title, _message(finding), _place(finding, None if number else diagnosis.failing_step))
    if diagnosis.outcome == "failed" and not diagnosis.diagnoses:
        text = diagnosis.excerpt.text if diagnosis.excerpt else "No known cause was found."
        yield _command("error", "The build failed; none of the known causes fits", text, _dockerfile(diagnosis.failing_step))
    for advice in diagnosis.advice:
        yield _command("notice", advice.title, advice.cause, {})


def _message(finding: Finding) -> str:
    proof = finding.evidence[0].text if finding.evidence else ""
    fixes = [f"{n}. {r.title}" + (f"\n{r.text}" if r.text else "") for n, r in enumerate(finding.remedies, 1)]
    return "\n\n".join(filter(None, [proof, finding.cause, "Fix:\n" + "\n".join(fixes) if fixes else "", finding.id]))


def _place(finding: Finding, step: FailingStep | None) -> dict[str, str]:
    source = _SOURCE_LINE.search(finding.evidence[0].text) if finding.evidence else None
    if source:
        return {"file": source[1], "line": source[2]} | ({"col": source[3]} if source[3] else {})
    return _dockerfile(step)


def _dockerfile(step: FailingStep | None) -> dict[str, str]:
    return {"file": step.dockerfile, "line": str(step.line)} if step and step.dockerfile and step.line else {}


def _command(kind: str, title: str, message: str, place: dict[str, str]) -> str:
    properties = ",".join(f"{name}={_property(value)}" for name, value in {**place, "title": title}.items())
    return f"::{kind} {properties}::{_data(message)}"


def _data(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")
