"""The failing instruction is found by what each builder prints of it, or not at all."""

from __future__ import annotations

from pathlib import Path

import pytest

from diagnoser.dockerfile import parse
from diagnoser.fix.place import Place, locate

DOCKERFILE = parse(
    """\
ARG GO=1.22
FROM golang:${GO} AS build
ENV VERSION=1
RUN go build -ldflags "-X main.v=$VERSION" \\
    -o /app .
RUN echo twice
RUN <<EOF
set -e
make all
EOF
FROM golang:${GO} AS test
RUN echo twice
RUN ["go", "test", "./..."]
FROM alpine
RUN $SETUP && echo 'done \\$HOME'
RUN apk add --no-cache ca-certificates tzdata
"""
)


@pytest.mark.parametrize(
    ("place", "line"),
    [
        (Place(line=4), 4),
        (Place(line=5), 4),
        (Place(line=9), 7),
        (Place(line=4, instruction='RUN go build -ldflags "-X main.v=1"     -o /app .'), 4),  # BuildKit, ENV filled in
        (Place(line=99, instruction="RUN apk add --no-cache ca-certificates tzdata"), 16),  # edited since
        (Place(instruction='RUN go build -ldflags "-X main.v=$VERSION"     -o /app .'), 4),  # legacy
        (Place(instruction="RUN <<EOF (set -e...)"), 7),  # BuildKit names a heredoc by its first line
        (Place(instruction='RUN ["go", "test", "./..."]', stage="test"), 13),
        (Place(instruction="RUN echo twice", stage="TEST"), 12),
        (Place(instruction="RUN echo twice", position=(2, 3)), 12),  # BuildKit: of the stage's layers
        (Place(instruction="RUN echo twice", position=(5, 12)), 6),  # legacy: of the file's instructions
        (Place(instruction="RUN apk add --no-cache ca-cer"), 16),  # cut by a terminal
        (Place(stage="test", position=(3, 3)), 13),
        (Place(instruction="FROM docker.io/library/alpine:latest@sha256:0"), 14),
        (Place(instruction="load metadata for docker.io/library/alpine:latest"), 14),
        (Place(instruction="FROM golang:1.22", stage="build"), 2),
        (Place(instruction="FROM golang:1.19", stage="test"), 11),  # GO given as a build argument
        (Place(instruction="RUN echo twice"), None),  # two of them
        (Place(instruction="RUN make"), None),
        (Place(line=4, instruction="RUN pip install x"), None),  # the log of another Dockerfile
        (Place(instruction="RUN ap"), None),  # too short to tell
        (Place(instruction="RUN echo twice", stage="deploy"), None),
        (Place(line=99), None),
        (Place(), None),
    ],
)
def test_the_step(place: Place, line: int | None) -> None:
    step = locate(DOCKERFILE, place, Path()).step
    assert (step.line if step else None) == line


@pytest.mark.parametrize(
    ("place", "name"),
    [
        (Place(stage="build"), 0),
        (Place(stage="stage-2"), 2),
        (Place(line=13), 1),
        (Place(line=13, stage="build"), 1),
        (Place(line=1), None),
        (Place(stage="nowhere"), None),
        (Place(), None),
    ],
)
def test_the_stage(place: Place, name: int | None) -> None:
    stage = locate(DOCKERFILE, place, Path()).stage
    assert (stage.index if stage else None) == name


def test_the_only_stage_needs_no_place() -> None:
    stage = locate(parse("FROM a\nRUN x\n"), Place(), Path()).stage
    assert stage is not None


def test_a_text_of_variables_alone_stands_for_nothing() -> None:
    assert locate(parse("FROM a\nRUN $A$B\nRUN x\n"), Place(instruction="RUN y z"), Path()).step is None
