"""Judgement, on signatures made for the purpose: causes before symptoms, the failed step before the rest."""

from __future__ import annotations

from pathlib import Path

import pytest

from diagnoser.catalogue import Catalogue, build
from diagnoser.diagnosis import Diagnosis, diagnose
from diagnoser.signature_file import load

SIGNATURES = {
    "a/cause": ('explains = ["a/symptom", "b/*"]', "the root went wrong", ""),
    "a/symptom": ("", "a symptom of it", ""),
    "a/specific": ("", "a symptom of it, and more precisely so", ""),
    "a/fair": ("", "fair words here", 'confidence = "medium"'),
    "a/weak": ("", "weak words here", 'confidence = "low"'),
    "b/other": ("", "another failure", ""),
    "advice/note": ("", "worth a note", ""),
}


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Catalogue:
    root: Path = tmp_path_factory.mktemp("signatures")
    for identity, (top, words, extra) in SIGNATURES.items():
        path = root / f"{identity}.toml"
        path.parent.mkdir(exist_ok=True)
        path.write_text(f'title = "t"\ncause = "c"\n{top}\n[[pattern]]\nregex = "{words}"\n{extra}\n')
    return build(load(root))


def ids(found: Diagnosis) -> list[str]:
    return [f.id for f in found.diagnoses]


def step(number: int, lines: list[str], end: str) -> str:
    return "".join(
        f"#{number} {line}\n"
        for line in [f"[{number}/9] RUN x{number}", *(f"0.{n:03} {t}" for n, t in enumerate(lines)), end, ""]
    )


def test_a_symptom_folds_under_its_cause(made: Catalogue) -> None:
    found = diagnose("a symptom of it\nthe root went wrong\nanother failure\n", catalogue=made)
    assert ids(found) == ["a/cause"]
    assert found.diagnoses[0].consequences == ("a/symptom", "b/other")


def test_of_one_line_the_more_specific_pattern_wins(made: Catalogue) -> None:
    assert ids(diagnose("a symptom of it, and more precisely so\n", catalogue=made)) == ["a/specific"]


def test_independent_failures_are_both_told_the_earlier_first(made: Catalogue) -> None:
    assert ids(diagnose("another failure\na symptom of it\n", catalogue=made)) == ["b/other", "a/symptom"]


def test_beside_proof_an_inference_is_not_told(made: Catalogue) -> None:
    assert ids(diagnose("weak words here\nanother failure\n", catalogue=made)) == ["b/other"]


@pytest.mark.parametrize("end", ["DONE 1.0s", "CACHED", "CANCELED"])
def test_only_the_failed_step_counts(made: Catalogue, end: str) -> None:
    log = step(5, ["another failure"], end) + step(6, ["a symptom of it"], "ERROR: exit code: 1")
    assert ids(diagnose(log, catalogue=made)) == ["a/symptom"]


def test_proof_in_a_finished_step_is_told_when_it_accounts_for_the_failure(made: Catalogue) -> None:
    log = step(5, ["the root went wrong"], "DONE 1.0s") + step(6, ["a symptom of it"], "ERROR: exit code: 1")
    assert ids(diagnose(log, catalogue=made)) == ["a/cause"]


def test_text_outside_of_steps_is_an_inference_beside_a_failed_step(made: Catalogue) -> None:
    log = step(6, ["nothing known"], "ERROR: exit code: 1") + "another failure\n"
    assert [(f.id, f.confidence) for f in diagnose(log, catalogue=made).diagnoses] == [("b/other", "medium")]


def test_a_build_that_succeeded_has_advice_alone(made: Catalogue) -> None:
    log = step(5, ["another failure", "worth a note"], "DONE 1.0s") + "#6 exporting to image\n#6 DONE 0.1s\n"
    found = diagnose(log, catalogue=made)
    assert (found.outcome, ids(found), [a.id for a in found.advice]) == ("succeeded", [], ["advice/note"])


@pytest.mark.parametrize(
    ("words", "told"), [("another failure", ["b/other"]), ("fair words here", ["a/fair"]), ("weak words here", [])]
)
def test_what_was_built_may_fail_when_it_runs(words: str, told: list[str], made: Catalogue) -> None:
    log = step(5, ["words"], "DONE 1.0s") + "#6 exporting to image\n#6 DONE 0.1s\n\n$ docker run app\n"
    found = diagnose(f"{log}{words}\n", catalogue=made)
    assert (ids(found), found.outcome) == (told, "failed" if told else "succeeded")


def test_the_command_that_is_echoed_proves_nothing(made: Catalogue) -> None:
    log = '#6 [1/2] RUN echo another failure\n#6 ERROR: process "/bin/sh -c echo another failure" did not complete successfully: exit code: 1\n'
    log += "Dockerfile:2\n--------------------\n   2 | >>> RUN echo another failure\n--------------------\n"
    log += 'ERROR: failed to solve: process "/bin/sh -c echo another failure" did not complete successfully: exit code: 1\n'
    found = diagnose(log, catalogue=made)
    assert (found.outcome, ids(found)) == ("failed", [])
    assert found.failing_step and found.failing_step.exit_code == 1


def test_no_known_cause_is_an_excerpt_that_holds_the_telling_line(made: Catalogue) -> None:
    lines = ["fine"] * 40 + ["frobnicate: fatal: cannot frob"] + ["trailing"] * 3
    found = diagnose(step(6, lines, "ERROR: exit code: 3"), catalogue=made)
    assert found.diagnoses == () and found.excerpt
    assert "cannot frob" in found.excerpt.text and found.excerpt.end_line - found.excerpt.line < 20


def test_a_command_may_forbid_the_step_it_reads(made: Catalogue, tmp_path: Path) -> None:
    """`^(?!ADD |\\[internal\\])` keeps a pattern off the builder's own fetches, and on where the log knows no step."""
    path = tmp_path / "a" / "login.toml"
    path.parent.mkdir()
    body = 'title = "t"\ncause = "c"\n[[pattern]]\nregex = "asks for a login"\ncommand = \'^(?!ADD |\\[internal\\])\'\n'
    path.write_text(body)
    only = build(load(tmp_path))
    line = "asks for a login"
    assert ids(diagnose(step(1, [line], "ERROR: failed"), catalogue=only)) == ["a/login"]
    assert ids(diagnose(f"{line}\n", catalogue=only)) == ["a/login"]
    fetched = f"#1 [internal] load git source https://git.corp.example/tool.git\n#1 0.1 {line}\n#1 ERROR: failed\n"
    assert ids(diagnose(fetched, catalogue=only)) == []
