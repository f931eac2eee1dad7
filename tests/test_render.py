"""Every format says the same, fits its place, and lets nothing from the log act there."""

from __future__ import annotations

import re

import pytest

from diagnoser.catalogue import Catalogue
from diagnoser.cli.formats import Format, rendered
from diagnoser.diagnosis import Diagnosis, diagnose
from diagnoser.render import github, markdown, plain, terminal
from diagnoser.render.explain import render as explain
from diagnoser.text.rewrite import searchable

from .conftest import ROOT

NASTY = "x`]<img src=x onerror=alert(1)>|**b**[a](http://e)\x1b[31m\x1b]0;t\x07[bold]{{ 7*7 }}::error::%0A\u202e"
LOG = f"main.go:4:2: missing go.sum entry for module providing package {NASTY.replace(' ', '_')}; to add:\n"


@pytest.fixture(scope="module")
def nasty(catalogue: Catalogue) -> Diagnosis:
    found = diagnose(LOG, catalogue=catalogue)
    assert found.diagnoses[0].id == "modules/missing-go-sum"
    return found


@pytest.fixture(scope="module")
def recorded(catalogue: Catalogue) -> Diagnosis:
    path = ROOT / "sample_logs" / "modules" / "proxy-timeout" / "docker28.5-plain-mod-dial-timeout.log"
    return diagnose(path.read_bytes(), catalogue=catalogue)


def test_no_escape_reaches_a_terminal(nasty: Diagnosis) -> None:
    for text in (terminal.render(nasty), plain.render(nasty), markdown.render(nasty), github.render(nasty)):
        assert not re.search(r"[\x00-\x09\x0b-\x1f\x7f\u202e]", text)
    coloured = terminal.render(nasty, colour=True)
    assert not re.search(r"\x1b(?!\[[\d;]*m)", coloured) and "[bold]" in coloured


def test_markdown_keeps_the_log_in_code(nasty: Diagnosis) -> None:
    text = re.sub(r"(`{3,})[^\n]*\n.*?\n *\1|`[^`\n]+`", "", markdown.render(nasty), flags=re.DOTALL)
    assert "<img" not in text and "](" not in text


def test_github_commands_stay_one_line_each(nasty: Diagnosis) -> None:
    lines = github.render(nasty).split("\n")
    assert len(lines) == len(nasty.diagnoses) + len(nasty.advice)
    assert all(
        re.fullmatch(
            r"::(?:error|notice) [^:]*::[^\r\n]*", line.split("::", 3)[0] + "::" + "::".join(line.split("::")[1:])
        )
        for line in lines
    )
    assert "%250A" in lines[0]


def test_github_points_at_the_source_line(recorded: Diagnosis, catalogue: Catalogue) -> None:
    found = diagnose("./cmd/x/main.go:12:7: undefined: frob\n", catalogue=catalogue)
    assert "file=cmd/x/main.go,line=12,col=7," in github.render(found)


def test_plain_has_no_box_characters_and_fits(recorded: Diagnosis) -> None:
    text = plain.render(recorded, 80)
    assert not set("✗✓│·→") & set(text)
    assert max(len(line) for line in text.split("\n") if "://" not in line and "ENV " not in line) <= 80


def test_the_terminal_says_cause_proof_and_fix(recorded: Diagnosis) -> None:
    text = terminal.render(recorded, 80)
    first = recorded.diagnoses[0]
    assert first.title in text and first.id in text and "i/o timeout" in text
    assert f"{first.evidence[0].line} │" in text and "Fix  1." in text and "\x1b" not in text
    words = re.sub(r"[\W_]+", "", plain.render(recorded, 80)).replace("FAILED", "")
    assert words == re.sub(r"[\W_]+", "", text)


def test_every_signature_explains_itself(catalogue: Catalogue) -> None:
    for signature in catalogue.signatures.values():
        text = explain(signature)
        assert signature.id in text and "{%" not in text


PATHS = r"""
#5 [2/2] RUN go build -o C:\out\app.exe .
#5 0.412 C:\Users\me\AppData\Local\go-build\x\main.go:12:7: undefined: frob
#5 0.413 /Users/me/src/app/main.go:13:7: undefined: frob
#5 0.414 .\cmd\x\main.go:14:7: undefined: frob
#5 ERROR: process "cmd /S /C go build -o C:\out\app.exe ." did not complete successfully: exit code: 1
------
docker\Dockerfile:2
--------------------
   1 |     FROM golang:1.22
   2 | >>> RUN go build -o C:\out\app.exe .
   3 |
--------------------
ERROR: failed to solve: process "cmd /S /C go build -o C:\out\app.exe ." did not complete successfully: exit code: 1
"""


@pytest.mark.parametrize("format", list(Format))
def test_paths_of_windows_and_macos_are_shown_as_they_are(format: Format, catalogue: Catalogue) -> None:
    text = searchable(PATHS.encode(), r"C:\logs\build.log")
    found = diagnose(text, catalogue=catalogue)
    assert found.failing_step and (found.failing_step.dockerfile, found.failing_step.line) == (r"docker\Dockerfile", 2)
    shown = re.sub(r"\s+", "", rendered(found, format, text, catalogue).replace("\\\\", "\\"))
    assert "undefined:frob" in shown
    assert r"C:\out\app.exe" in shown or format in (Format.github, Format.codequality, Format.sarif)
    assert "docker/Dockerfile" in github.render(diagnose(PATHS.replace("undefined: frob", "x"), catalogue=catalogue))


@pytest.mark.parametrize("format", [Format.plain, Format.terminal, Format.markdown, Format.html], ids=str)
@pytest.mark.parametrize(
    ("log", "told"),
    [
        ("", "Nothing was printed."),
        (
            "Step 1/2 : FROM alpine\n ---> 611632db3158\nStep 2/2 : RUN make\n ---> Running in 70da\ncc x.c\n",
            "The log ends",
        ),
        ("STEP 1/2: FROM alpine\nSTEP 2/2: RUN make\n--> 59c1073c659\n", None),  # the builder says no more than this
        ("ERROR: failed to solve: something new\n", None),
        ("go: downloading example.com/a v1.0.0\nsome words of a tool\n", None),
    ],
)
def test_a_log_that_tells_no_end_says_what_to_try(
    log: str, told: str | None, format: Format, catalogue: Catalogue
) -> None:
    shown = rendered(diagnose(log, catalogue=catalogue), format, searchable(log.encode()), catalogue)
    assert ("2>&1" in shown or "2&gt;&amp;1" in shown) == bool(told)
    assert told is None or told in " ".join(shown.split())
