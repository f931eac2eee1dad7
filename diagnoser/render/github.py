"""GitHub Actions workflow commands, one annotation a line. Source: actions/toolkit `packages/core/src/command.ts`."""

from __future__ import annotations

from collections.abc import Iterator

from diagnoser.diagnosis import Diagnosis, Finding
from diagnoser.render import partial
from diagnoser.render.places import Place, dockerfile, place, sources

_MOST = 5  # lines that one cause is shown at; GitHub shows ten errors of a step


def render(diagnosis: Diagnosis) -> str:
    return "\n".join(_commands(diagnosis))


def _commands(diagnosis: Diagnosis) -> Iterator[str]:
    for number, finding in enumerate(diagnosis.diagnoses):
        where = place(finding, None if number else diagnosis.failing_step)
        yield _command("error", finding.title, _message(finding), where)
        yield from (_command("error", finding.title, finding.id, other) for other in sources(finding)[1:_MOST])
    if diagnosis.diagnoses and sources(diagnosis.diagnoses[0]) and (step := dockerfile(diagnosis.failing_step)):
        yield _command("notice", "The step that failed", diagnosis.diagnoses[0].title, step)
    if diagnosis.outcome == "failed" and not diagnosis.diagnoses:
        text = diagnosis.excerpt.text if diagnosis.excerpt else "No known cause was found."
        where = dockerfile(diagnosis.failing_step)
        yield _command("error", "The build failed; none of the known causes fits", text, where)
    for note in partial.notes(diagnosis):
        yield _command("warning", partial.HEADLINE, note, None)
    for advice in diagnosis.advice:
        yield _command("notice", advice.title, advice.cause, None)


def _message(finding: Finding) -> str:
    proof = finding.evidence[0].text if finding.evidence else ""
    fixes = [f"{n}. {r.title}" + (f"\n{r.text}" if r.text else "") for n, r in enumerate(finding.remedies, 1)]
    return "\n\n".join(filter(None, [proof, finding.cause, "Fix:\n" + "\n".join(fixes) if fixes else "", finding.id]))


def _command(kind: str, title: str, message: str, where: Place | None) -> str:
    place = {"file": where.file, "line": where.line, "col": where.column} if where else {}
    properties = {name: str(value) for name, value in place.items() if value} | {"title": title}
    return f"::{kind} {','.join(f'{name}={_property(value)}' for name, value in properties.items())}::{_data(message)}"


def _data(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")
