"""The same failure in every wrapping: the verdict, the raw line and the step do not depend on it."""

from __future__ import annotations

from pathlib import Path

import pytest

from diagnoser.catalogue import Catalogue
from diagnoser.diagnosis import diagnose
from diagnoser.text.rewrite import searchable

SHAPES = Path(__file__).parent / "shapes"
SAME = sorted(p.name for p in SHAPES.glob("*.log") if not p.name.startswith("stall-"))

HEADLESS = ("legacy-epilogue-only.log", "unnamed-step.log", "last-line-only.log")


@pytest.mark.parametrize("name", SAME)
def test_same_failure_same_verdict(name: str, catalogue: Catalogue) -> None:
    raw = (SHAPES / name).read_bytes()
    found = diagnose(raw, catalogue=catalogue)
    first = found.diagnoses[0]
    assert (found.outcome, first.id, first.confidence) == ("failed", "modules/missing-go-sum", "high")
    assert first.captures["package"] == "example.com/dep"
    assert "missing go.sum entry" in _raw_line(raw, first.evidence[0].line)
    assert found.failing_step and found.failing_step.instruction == "RUN go build -o /app ."
    assert found.failing_step.exit_code == 1


def _raw_line(raw: bytes, number: int) -> str:
    text = raw.decode("utf-16") if raw[:2] in (b"\xff\xfe", b"\xfe\xff") else raw.decode()
    line = text.split("\n")[number - 1]
    for noise in ("\0", "\x1b[0m", "\x1b[91m"):
        line = line.replace(noise, "")
    return line


@pytest.mark.parametrize(
    "name", [n for n in SAME if n not in ("kaniko.log", "compose-v1.log", "docker-1.8.log", *HEADLESS)]
)
def test_buildkit_tells_stage_and_dockerfile_line(name: str, catalogue: Catalogue) -> None:
    step = diagnose((SHAPES / name).read_bytes(), catalogue=catalogue).failing_step
    assert step and (step.stage, step.dockerfile, step.line) == ("builder", "Dockerfile", 4)


def test_the_first_builders_count_steps_from_zero(catalogue: Catalogue) -> None:
    step = diagnose((SHAPES / "docker-1.8.log").read_bytes(), catalogue=catalogue).failing_step
    assert step and step.name == "Step 2"


def test_a_pasted_excerpt_ends_before_the_verdict(catalogue: Catalogue) -> None:
    log = "Dockerfile:2\n--------\n 1 |  FROM a\n 2 | >>> EOF\nERROR: failed to solve: dockerfile parse error on line 2: unknown instruction: EOF\n"
    assert [d.id for d in diagnose(log, catalogue=catalogue).diagnoses] == ["docker/dockerfile-syntax"]


def test_the_excerpt_tells_what_an_image_was_wanted_for(catalogue: Catalogue) -> None:
    log = (
        "#3 [internal] load metadata for docker.io/library/builder:latest\n"
        "#3 ERROR: pull access denied, repository does not exist or may require authorization\n"
        "Dockerfile:2\n--------\n 1 |  FROM a\n 2 | >>> COPY --from=builder /x /x\n--------\n"
        "ERROR: failed to solve: builder: pull access denied, repository does not exist or may require authorization\n"
    )
    found = diagnose(log, catalogue=catalogue)
    assert found.failing_step and found.failing_step.instruction == "COPY --from=builder /x /x"
    assert [d.id for d in found.diagnoses] == ["docker/stage-not-found"]


def test_what_was_cancelled_is_not_the_cause(catalogue: Catalogue) -> None:
    found = diagnose((SHAPES / "interleaved-cancelled.log").read_bytes(), catalogue=catalogue)
    assert [d.id for d in found.diagnoses] == ["modules/missing-go-sum"]


def test_a_stall_is_measured_where_lines_are_stamped(catalogue: Catalogue) -> None:
    first = diagnose((SHAPES / "stall-stamps.log").read_bytes(), catalogue=catalogue).diagnoses[0]
    assert (first.id, first.confidence, first.captures["silence"]) == ("modules/download-stall", "high", "840")
    assert first.captures["module"] == "example.com/big/dep"


def test_a_stall_without_any_stamp_is_an_inference(catalogue: Catalogue) -> None:
    first = diagnose((SHAPES / "stall-open.log").read_bytes(), catalogue=catalogue).diagnoses[0]
    assert (first.id, first.confidence) == ("modules/download-stall", "medium")
    assert first.captures["module"] == "example.com/big/dep"


@pytest.mark.parametrize(
    "data", [b"", b"\n", b"\0\0\0", b"\xff\xfe", b"\x1b[", b"#", b"#1", b"Step 1/", b"{", b'{"vertexes":[null]}\n']
)
def test_degenerate_input_has_a_report(data: bytes, catalogue: Catalogue) -> None:
    assert diagnose(data, catalogue=catalogue).outcome == "undetermined"


def test_line_numbers_survive_a_terminals_redraws() -> None:
    frames = b"".join(
        b"[+] Building %d.0s (1/2)\r\n\x1b[34m => [1/2] FROM x  0.0s\r\n\x1b[0m\x1b[?25h\x1b[1A\x1b[1A\x1b[0G\x1b[?25l"
        % n
        for n in range(5)
    )
    raw = b"before\n" + frames + b"[+] Building 5.0s (2/2)\r\nERROR: failed to solve: boom\r\n"
    text = searchable(raw)
    from diagnoser.text import raw_lines

    offset = text.data.find(b"ERROR")
    assert raw.split(b"\n")[raw_lines(text, [offset])[offset] - 1].startswith(b"ERROR: failed to solve")


@pytest.mark.parametrize(
    ("printed", "cause"),
    [("", "docker/cancelled"), ("#5 1.0 go: downloading example.com/dep v1.0.0\n", "modules/download-stall")],
)
def test_what_a_makefile_waits_for_only_its_last_line_tells(printed: str, cause: str, catalogue: Catalogue) -> None:
    log = f"#5 [2/2] RUN make\n{printed}#5 CANCELED\nERROR: failed to solve: Canceled: context canceled\n"
    assert diagnose(log, catalogue=catalogue).diagnoses[0].id == cause


@pytest.mark.parametrize(
    ("last", "outcome"),
    [("a1" * 32, "succeeded"), (f"--> {'a1' * 32}", "undetermined"), (f"--> Using cache {'a1' * 32}", "undetermined")],
)
def test_an_image_without_a_tag_is_known_by_its_id_alone_on_the_last_line(
    last: str, outcome: str, catalogue: Catalogue
) -> None:
    log = f"STEP 1/2: FROM alpine:3.20\nSTEP 2/2: RUN make\ncc -c x.c\n--> a1a1a1a1a1a\n{last}\n\n"
    assert diagnose(log, catalogue=catalogue).outcome == outcome
    assert diagnose(f"{log}Error: building at STEP", catalogue=catalogue).outcome == "failed"


def test_a_paste_of_timed_lines_alone_is_read_without_the_seconds(catalogue: Catalogue) -> None:
    pasted = b"37.96 # runtime/cgo\n37.97 gcc: error: unrecognized command-line option '-m64'\n"
    found = diagnose(pasted, catalogue=catalogue)
    assert found.diagnoses[0].id == "cgo/cross-compile"
