"""JUnit XML: every step of the build a test case, the failed one with its cause. By junitparser (the extra `ci`)."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from diagnoser.diagnosis import Diagnosis
from diagnoser.render import partial
from diagnoser.steps import State
from diagnoser.text.source import UnreadableError
from diagnoser.timeline import Span

if TYPE_CHECKING:
    from junitparser import TestCase

_NOT_XML = re.compile("[\ufffe\uffff\ud800-\udfff]")  # what XML 1.0 forbids and a diagnosis may hold


def render(diagnosis: Diagnosis) -> str:
    """Raises `UnreadableError` where junitparser is not installed."""
    try:
        from junitparser import JUnitXml, SystemErr, TestSuite
    except ImportError as error:
        raise UnreadableError("JUnit XML needs junitparser; pip install 'diagnoser[ci]'") from error

    suite = TestSuite(_xml(diagnosis.source))
    suite.add_testcases(_cases(diagnosis))
    if told := partial.notes(diagnosis):
        suite.append(SystemErr("\n".join(told)))  # type: ignore[no-untyped-call]
    report = JUnitXml("diagnoser")
    report.add_testsuite(suite)
    return str(report.tostring().decode())  # type: ignore[no-untyped-call]


def _cases(diagnosis: Diagnosis) -> list[TestCase]:
    steps = diagnosis.timeline.steps if diagnosis.timeline else ()
    failing = _failing(diagnosis, steps)
    cases = [_case(span, diagnosis if span is failing else None) for span in steps]
    if failing is None:
        step = diagnosis.failing_step
        state: State = "failed" if diagnosis.outcome == "failed" else "done"
        name = (step.instruction or step.name if step else "") or "build"
        cases.append(_case(Span(name, step.stage if step else None, state, None, None), diagnosis))
    return cases


def _failing(diagnosis: Diagnosis, steps: tuple[Span, ...]) -> Span | None:
    if diagnosis.outcome != "failed" or not diagnosis.failing_step:
        return None
    name = diagnosis.failing_step.name
    return next((s for s in reversed(steps) if s.name == name or s.name.startswith(f"{name} : ")), None)


def _case(span: Span, failed: Diagnosis | None) -> TestCase:
    from junitparser import Failure, Skipped, TestCase

    case = TestCase(_xml(span.name), _xml(span.stage or "build"), span.seconds)
    if failed and failed.outcome == "failed":
        finding = failed.diagnoses[0] if failed.diagnoses else None
        title = finding.title if finding else "The build failed; none of the known causes fits"
        failure = Failure(_xml(title), finding.id if finding else "other/unclear")
        failure.text = _xml(_told(failed))
        case.result = [failure]
    elif span.state in ("cancelled", "open"):
        case.result = [Skipped(span.state)]
    return case


def _told(diagnosis: Diagnosis) -> str:
    from diagnoser.render import plain

    return plain.render(diagnosis, width=100)


def _xml(text: str) -> str:
    return _NOT_XML.sub("\N{REPLACEMENT CHARACTER}", text)
