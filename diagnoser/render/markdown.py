"""Markdown, as a post-mortem. Nothing from the log can leave the code or the line it stands in."""

from __future__ import annotations

import re
from collections.abc import Iterator

from diagnoser.diagnosis import Diagnosis, Evidence, Finding
from diagnoser.render import partial
from diagnoser.render.headline import HEADLINE, next_step
from diagnoser.timeline import Span, Timeline, in_words

_CODE = re.compile(r"(```.*?```|`[^`\n]+`)", re.DOTALL)
_ACTIVE = re.compile(r"([\\<>\[\]!|])")
_FENCE = re.compile(r"`{3,}")
_STEPS = 8  # of the timeline: what failed and the slowest
_NAME = 120  # characters of a step's name
_BAR = r"\|"  # in a table's cell


def render(diagnosis: Diagnosis) -> str:
    return "\n".join(_blocks(diagnosis)).rstrip() + "\n"


def _blocks(diagnosis: Diagnosis) -> Iterator[str]:
    first = diagnosis.diagnoses[0] if diagnosis.diagnoses else None
    yield f"# {prose(first.title if first else HEADLINE[diagnosis.outcome])}\n"
    yield from (f"**{note}**\n" for note in partial.notes(diagnosis))
    yield from _what_happened(diagnosis, first)
    if diagnosis.timeline:
        yield from _timeline(diagnosis.timeline)
    for finding in diagnosis.diagnoses:
        yield from _finding(finding, "Cause" if finding is first else f"Another cause: {prose(finding.title)}")
    if diagnosis.excerpt:
        proven = first is not None and first.confidence == "high"
        yield f"## {'How the step ended' if proven else 'The lines that tell most'}\n"
        yield from _proof(diagnosis.excerpt)
    if hint := next_step(diagnosis):
        yield f"{prose(hint)}\n"
    for advice in diagnosis.advice:
        yield from _finding(advice, f"Advice: {prose(advice.title)}")
    yield from _follow_ups(diagnosis)


def _what_happened(diagnosis: Diagnosis, first: Finding | None) -> Iterator[str]:
    if first:
        retry = " · may pass on retry" if first.transient else ""
        yield f"`{first.id}` · {first.confidence} confidence{retry}\n"
    step = diagnosis.failing_step
    if not step or not (step.instruction or step.name):
        return
    place = f" ({code(f'{step.dockerfile}:{step.line}')})" if step.dockerfile and step.line else ""
    stage = f" of stage {code(step.stage)}" if step.stage else ""
    ended = f" with exit code {step.exit_code}" if step.exit_code is not None else ""
    what = "failed" if diagnosis.outcome == "failed" else "was the last one"
    yield f"**What happened.** {code(step.instruction or step.name)}{place}{stage} {what}{ended}.\n"


def _timeline(timeline: Timeline) -> Iterator[str]:
    slowest = sorted(timeline.steps, key=lambda s: (s.state in ("done", "cached"), -(s.seconds or 0.0)))[:_STEPS]
    timed = [s for s in timeline.steps if s in slowest and (s.seconds or s.state == "failed")]
    yield "## Timeline\n"
    if timed:
        yield "| Begins at | Takes | Step | State |\n| ---: | ---: | --- | --- |"
        yield "\n".join(_row(span) for span in timed) + "\n"
    if timeline.clock == "cumulated" and len(timed) > 1:
        yield "The log does not tell when steps began: each stage's are put one after the other.\n"
    if silence := timeline.silence:
        until = f"until line {silence.end_line}" if silence.end_line else "until the build was ended"
        yield f"**Silent for {in_words(silence.seconds)}** after line {silence.line}, {until}: {code(silence.text)}\n"


def _row(span: Span) -> str:
    times = [in_words(time) if time is not None else "?" for time in (span.start, span.seconds)]
    return f"| {' | '.join(times)} | {code(span.name[:_NAME]).replace('|', _BAR)} | {span.state} |"


def _finding(finding: Finding, heading: str) -> Iterator[str]:
    yield f"## {heading}\n"
    yield f"{prose(finding.cause)}\n"
    if finding.evidence:
        yield "### Evidence\n"
        yield from _proof(finding.evidence[0])
    if finding.remedies:
        yield "### Fix\n"
    for number, remedy in enumerate(finding.remedies, 1):
        yield f"{number}. **{prose(remedy.title)}**"
        if remedy.text:
            yield "\n" + _indented(prose(remedy.text), 3) + "\n"
        if remedy.patch:
            yield _indented(fenced(remedy.patch.rstrip("\n"), "diff"), 3) + "\n"
    if finding.consequences:
        yield "\nConsequences of this: " + ", ".join(f"`{c}`" for c in finding.consequences) + "\n"


def _proof(evidence: Evidence) -> Iterator[str]:
    one = evidence.line == evidence.end_line
    lines = f"Line {evidence.line}" if one else f"Lines {evidence.line}–{evidence.end_line}"
    yield f"{lines} of the log:\n\n{fenced(evidence.text)}\n"


def _follow_ups(diagnosis: Diagnosis) -> Iterator[str]:
    """What is left to do, to be ticked off: the likeliest remedy of each cause, and what keeps it from coming back."""
    tasks = [f"{prose(f.remedies[0].title)} ({f.remedies[0].target})" for f in diagnosis.diagnoses if f.remedies]
    if any(f.transient for f in diagnosis.diagnoses[:1]):
        tasks.append("Let CI run it again when it happens next: `diagnoser run --retry 2 -- docker build .`")
    if diagnosis.outcome == "failed" and not diagnosis.diagnoses:
        tasks.append("When it is understood, make it a rule: `diagnoser new AREA/SLUG LOG`")
    tasks += [prose(f.remedies[0].title if f.remedies else f.title) for f in diagnosis.advice]
    if tasks:
        yield "## Follow-ups\n"
        yield "\n".join(f"- [ ] {task}" for task in tasks) + "\n"


def prose(text: str) -> str:
    """Text around code, with nothing left that Markdown or HTML would act on."""
    return "".join(part if n % 2 else _ACTIVE.sub(r"\\\1", part) for n, part in enumerate(_CODE.split(text)))


def code(text: str) -> str:
    return "`" + text.replace("`", "'").replace("\n", " ") + "`"


def fenced(text: str, language: str = "") -> str:
    """A fence longer than any inside."""
    fence = "`" * max(3, *(len(run) + 1 for run in _FENCE.findall(text)), 3)
    return f"{fence}{language}\n{text}\n{fence}"


def _indented(text: str, by: int) -> str:
    return "\n".join(" " * by + line if line else line for line in text.split("\n"))
