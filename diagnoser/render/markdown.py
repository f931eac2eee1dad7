"""Markdown, as for a job summary or an issue. Nothing from the log can leave the code or the line it stands in."""

from __future__ import annotations

import re
from collections.abc import Iterator

from diagnoser.diagnosis import Diagnosis, Evidence, Finding

_CODE = re.compile(r"(```.*?```|`[^`\n]+`)", re.DOTALL)
_ACTIVE = re.compile(r"([\\<>\[\]!|])")
_FENCE = re.compile(r"`{3,}")


def render(diagnosis: Diagnosis) -> str:
    return "\n".join(_blocks(diagnosis)).rstrip() + "\n"


def _blocks(diagnosis: Diagnosis) -> Iterator[str]:
    if not diagnosis.diagnoses:
        yield f"## {_HEADLINE[diagnosis.outcome]}\n"
        yield from _step(diagnosis)
        if diagnosis.excerpt:
            yield from _proof(diagnosis.excerpt)
    for number, finding in enumerate(diagnosis.diagnoses):
        yield f"## {prose(finding.title)}\n"
        retry = " · may pass on retry" if finding.transient else ""
        yield f"`{finding.id}` · {finding.confidence} confidence{retry}\n"
        if number == 0:
            yield from _step(diagnosis)
        yield from _finding(finding)
    for advice in diagnosis.advice:
        yield f"### {prose(advice.title)}\n"
        yield from _finding(advice)


_HEADLINE = {
    "failed": "The build failed; none of the known causes fits",
    "succeeded": "The build succeeded",
    "undetermined": "This log shows neither a failure nor a success",
}


def _step(diagnosis: Diagnosis) -> Iterator[str]:
    step = diagnosis.failing_step
    if not step:
        return
    place = f"{code(f'{step.dockerfile}:{step.line}')} " if step.dockerfile and step.line else ""
    facts = [f"stage {code(step.stage)}" if step.stage else "", f"exit code {step.exit_code}" if step.exit_code else ""]
    yield f"{place}{code(step.instruction or step.name)} {', '.join(filter(None, facts))}".strip() + "\n"


def _finding(finding: Finding) -> Iterator[str]:
    if finding.evidence:
        yield from _proof(finding.evidence[0])
    yield f"**Why.** {prose(finding.cause)}\n"
    for number, remedy in enumerate(finding.remedies, 1):
        yield f"{number}. **{prose(remedy.title)}**"
        if remedy.text:
            yield "\n" + _indented(prose(remedy.text), 3) + "\n"
        if remedy.patch:
            yield _indented(_fenced(remedy.patch.rstrip("\n"), "diff"), 3) + "\n"
    if finding.consequences:
        yield "\nConsequences of this: " + ", ".join(f"`{c}`" for c in finding.consequences) + "\n"


def _proof(evidence: Evidence) -> Iterator[str]:
    lines = f"line {evidence.line}" if evidence.line == evidence.end_line else f"lines {evidence.line}–{evidence.end_line}"
    yield f"{lines} of the log:\n\n{_fenced(evidence.text)}\n"


def prose(text: str) -> str:
    """Text around code, with nothing left that Markdown or HTML would act on."""
    return "".join(part if n % 2 else _ACTIVE.sub(r"\\\1", part) for n, part in enumerate(_CODE.split(text)))


def code(text: str) -> str:
    return "`" + text.replace("`", "'").replace("\n", " ") + "`"


def _fenced(text: str, language: str = "") -> str:
    """A fence longer than any inside."""
    fence = "`" * max(3, *(len(run) + 1 for run in _FENCE.findall(text)), 3)
    return f"{fence}{language}\n{text}\n{fence}"


def _indented(text: str, by: int) -> str:
    return "\n".join(" " * by + line if line else line for line in text.split("\n"))
