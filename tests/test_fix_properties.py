"""For any Dockerfile and any step: a patch applies with git, the result is a Dockerfile, other lines stay."""

from __future__ import annotations

import subprocess
import tempfile
from collections.abc import Mapping
from pathlib import Path

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from diagnoser.dockerfile import DockerfileError, instruction_at, parse
from diagnoser.fix import Place, propose

Edit = Mapping[str, str | Mapping[str, str]]
INSTRUCTIONS = (
    "RUN go build ./...",
    "RUN apk add --no-cache git",
    "RUN apk add --no-cache \\\n    bash \\\n    # why\n    curl \\\n\n    make",
    "RUN apt-get update && apt-get install -y \\\n      gcc   \\\n      git   \\\n && rm -rf /var/lib/apt",
    "RUN apk add --virtual .d gcc; make; apk del .d",
    "RUN <<EOF\napt-get install -y gcc\n# RUN x\nmake\nEOF",
    "RUN <<-A cat <<'B'\n\tx\n\tA\nRUN y\nB",
    'RUN ["go", "build"]',
    "run --mount=type=cache,target=/x \\\n  make",
    "RUN echo 'a \\\n  b' \"c",
    "ENV GOPROXY direct",
    'ENV A=1 \\\n    GOFLAGS=-mod=vendor B="x y"',
    "ARG TAG",
    "COPY go.mod ./",
    "COPY . /app",
    "COPY <<a /x\n${TAG}\na",
    "  WORKDIR /src",
    "USER app",
    "ONBUILD RUN make \\\n  all",
    "# RUN nothing",
    "# syntax=docker/dockerfile:1.1",
    "",
)
FROMS = (
    "FROM golang:1.22-alpine",
    "FROM golang:${TAG} AS build",
    "FROM debian:12-slim",
    "from build as next",
    "FROM acme/x",
)
EDITS: tuple[Edit, ...] = (
    {"insert-before-step": "ENV Z=1"},
    {"insert-after-step": "RUN z"},
    {"insert-after-from": "ARG Z"},
    {"insert-before-from": "ARG Z=1"},
    {"add-packages": "git gcc header:sqlite3.h"},
    {"add-mount": "type=cache,target=/z"},
    {"copy-path": "go.sum"},
    {"arg-default": "TAG=1.22"},
    {"arg-default": "*=1.22"},
    {"base-image": "golang:1.23"},
    {"platform": "linux/amd64"},
    {"env": "GOFLAGS=-mod=mod"},
    {"env": "GOPROXY=off"},
    {"replace-package": {"name": "git", "with": ""}},
    {"replace-package": {"name": "make", "with": "cmake ninja"}},
    {"replace-in-step": {"match": "make|go", "with": "gmake"}},
    {"replace-in-step": {"text": "curl", "with": ""}},
    {"replace-in-from": {"match": r"1\.22", "with": "1.23"}},
)
parts = st.lists(st.sampled_from(INSTRUCTIONS), max_size=8)
stages = st.lists(st.tuples(st.sampled_from(FROMS), parts), min_size=1, max_size=2)


@st.composite
def dockerfiles(draw: st.DrawFn) -> str:
    lines = [*draw(parts.map(lambda p: [x for x in p if x.startswith(("#", "ARG"))]))]
    for base, instructions in draw(stages):
        lines += [base, *instructions]
    text = "\n".join(lines) + draw(st.sampled_from(["", "\n", "\n\n"]))
    text = text.replace("\n", "\r\n") if draw(st.booleans()) else text
    return draw(st.sampled_from(["", "\ufeff"])) + text


@settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(text=dockerfiles(), edit=st.sampled_from(EDITS), which=st.integers(0, 30))
def test_a_patch_applies_and_touches_nothing_else(text: str, edit: Edit, which: int) -> None:
    line = _line_of(text, which)
    with tempfile.TemporaryDirectory() as folder:
        context = Path(folder)
        (context / "Dockerfile").write_bytes(text.encode())
        (context / "go.sum").touch()
        patch = propose(edit, Place(line=line), context)
        if patch is None:
            return
        subprocess.run(["git", "apply", "-"], input=patch.diff.encode(), cwd=context, check=True)
        assert (context / "Dockerfile").read_bytes() == patch.after
    _check_untouched(text, patch.after.decode(), edit, line)


def _line_of(text: str, which: int) -> int:
    """A line of the instruction `which`, RUNs three times as likely as others."""
    try:
        instructions = parse(text).instructions
    except DockerfileError:
        return 1
    weighted = [i.line for i in instructions for _ in range(3 if i.keyword == "RUN" else 1)]
    return weighted[which % len(weighted)] if weighted else 1


def _check_untouched(before: str, after: str, edit: Edit, line: int) -> None:
    """Of each instruction but the failing one, and what the edit is about, the lines are all still there."""
    old, new = parse(before), parse(after)
    step = instruction_at(old, line)
    spared = {"env": "ENV", "arg-default": "ARG", "base-image": "FROM", "replace-in-from": "FROM", "platform": "FROM"}
    about = spared.get(next(iter(edit)), "RUN" if "add-packages" in edit else "COPY" if "copy-path" in edit else "")
    kept = [
        i.text for i in old.instructions if i != step and i.keyword not in (about, "ARG" if about == "FROM" else "")
    ]
    left = [i.text for i in new.instructions]
    assert all(left.count(text) >= kept.count(text) for text in kept)
    assert abs(len(new.instructions) - len(old.instructions)) <= 1
    assert after.startswith("\ufeff") == before.startswith("\ufeff")
    assert after.endswith("\n") == before.endswith("\n") or not before.endswith("\n")
    assert ("\r\n" in before) == ("\r\n" in after) or "\n" not in before
