"""Line ranges, stages and arguments; the ranges are those that BuildKit v0.12.5's own parser gives for these texts."""

from __future__ import annotations

import pytest

from diagnoser.dockerfile import (
    DockerfileError,
    base_image,
    global_arguments,
    instruction_at,
    instructions_of,
    lineage,
    parse,
    stage_named,
)

RANGES = {
    "comment and empty line within": ("FROM a\nRUN x \\\n# c\n\n  y\nCMD z", [(1, 1), (2, 5), (6, 6)]),
    "two heredocs": ("FROM a\nRUN <<A cat <<B\n1\nA\n2\nB\nCMD x", [(1, 1), (2, 6), (7, 7)]),
    "heredoc with tabs": ("FROM a\nRUN cat <<-E\n\tx\n\tE\nRUN y", [(1, 1), (2, 4), (5, 5)]),
    "heredoc that looks like an end": ("FROM a\nRUN <<E cat\nEX\n E\nE\nRUN y\n", [(1, 1), (2, 5), (6, 6)]),
    "no heredoc in quotes or numbers": ("FROM a\nRUN echo '<<E'\nRUN echo $((1<<2))\n", [(1, 1), (2, 2), (3, 3)]),
    "no heredoc in exec form": ('FROM a\nRUN ["a", "<<E"]\nCMD x', [(1, 1), (2, 2), (3, 3)]),
    "files of COPY": ("FROM a\nCOPY <<a <<b /d/\nx\na\ny\nb\nRUN z\n", [(1, 1), (2, 6), (7, 7)]),
    "escape directive": ("# escape=`\nFROM a\nRUN x `\n y\nCOPY C:\\ d\n", [(2, 2), (3, 4), (5, 5)]),
    "CRLF": ("FROM a\r\nRUN x \\\r\n  y\r\n", [(1, 1), (2, 3)]),
    "byte order mark": ("\ufeffFROM a\n  # c\n  RUN y\n", [(1, 1), (3, 3)]),
    "continuation to the end": ("FROM a\nRUN x \\\n\n\n", [(1, 1), (2, 4)]),
    "escaped backslash": ("FROM a\nRUN x \\\\\nRUN y\n", [(1, 1), (2, 2), (3, 3)]),
    "blank behind the backslash": ("FROM a\nRUN x \\ \nRUN y\n", [(1, 1), (2, 3)]),
    "ONBUILD": ("FROM a\nONBUILD RUN x \\\n y\nRUN z\n", [(1, 1), (2, 3), (4, 4)]),
    "only comments between": ("FROM a\nRUN \\\n  # only\n  x\nRUN y\n", [(1, 1), (2, 4), (5, 5)]),
}


@pytest.mark.parametrize(("text", "ranges"), RANGES.values(), ids=RANGES)
def test_line_ranges(text: str, ranges: list[tuple[int, int]]) -> None:
    dockerfile = parse(text)
    assert [(i.line, i.end_line) for i in dockerfile.instructions] == ranges
    assert "".join(dockerfile.lines) == text


@pytest.mark.parametrize(
    "text",
    [
        "FROM a\nNOPE\n",
        "FROM a\nRUN <<E\n",
        "# escape=x\nFROM a\n",
        "FROM a\nONBUILD RUN <<E\nx\nE\n",
        "RUN " + "x" * 9000,
    ],
)
def test_what_is_no_dockerfile(text: str) -> None:
    with pytest.raises(DockerfileError):
        parse(text)


STAGES = parse(
    """\
ARG GO=1.22
ARG IMAGE=golang:${GO}
from ${IMAGE}-alpine as Build
RUN x
FROM build
ARG GO
COPY --from=build --chmod=755 a b
FROM scratch AS last
"""
)


def test_stages_and_their_images() -> None:
    assert [(s.name, s.base, s.line) for s in STAGES.stages] == [
        ("Build", "${IMAGE}-alpine", 3),
        (None, "build", 5),
        ("last", "scratch", 8),
    ]
    assert [base_image(STAGES, stage) for stage in STAGES.stages] == [
        "golang:1.22-alpine",
        "golang:1.22-alpine",
        "scratch",
    ]
    assert [stage.index for stage in lineage(STAGES, STAGES.stages[1])] == [1, 0]


def test_stages_by_name() -> None:
    assert stage_named(STAGES, "BUILD") == STAGES.stages[0]
    assert stage_named(STAGES, "stage-1") == STAGES.stages[1]
    assert stage_named(STAGES, "stage-0") is None
    assert [i.keyword for i in instructions_of(STAGES, STAGES.stages[1])] == ["FROM", "ARG", "COPY"]


def test_arguments_and_flags() -> None:
    assert global_arguments(STAGES) == {"GO": "1.22", "IMAGE": "golang:1.22"}
    copy = instruction_at(STAGES, 7)
    assert copy is not None
    assert copy.flags == ("--from=build", "--chmod=755")
    assert instruction_at(STAGES, 99) is None
