"""The legacy builder: `Step n/m : …`, one after the other. Source: moby `builder/dockerfile/evaluator.go`."""

from __future__ import annotations

import re
from collections.abc import Sequence

from diagnoser.lines import Line, Wrapper, read_line
from diagnoser.steps import Log
from diagnoser.steps.draft import Draft, exit_code, ran
from diagnoser.text import Text

# Before Docker 1.13 without the number of steps, before 1.9 from 0 on.
_STEP = re.compile(
    r"Step (\d{1,9})(?:(/\d{1,9}) ?| (?=: (?:ADD|ARG|CMD|COPY|ENTRYPOINT|ENV|EXPOSE|FROM|HEALTHCHECK|LABEL|MAINTAINER|ONBUILD|RUN|"
    r"SHELL|STOPSIGNAL|USER|VOLUME|WORKDIR)\b)): (.*)"
)
# Compose, Maven's plugin, OpenShift, balena and others put words of their own before it.
_ENDED = re.compile(r".{0,400}?(?:The command (?:'|\[)|ERROR: Service|failed to build)")
_COMMITTED = re.compile(r" ---> [0-9a-f]{12}\s*$")
_FROM = re.compile(r"FROM\s+\S+(?:\s+AS\s+(\S+))?", re.IGNORECASE)
_BUILT = re.compile(r"Successfully built (?:sha256:)?[0-9a-f]{12,64}\s*$")  # pip says "Successfully built NAME"


def recognise(line: Line) -> bool:
    return bool(_STEP.match(line.text)) or "returned a non-zero code" in line.text


def read(text: Text, wrapper: Wrapper, lines: Sequence[Line]) -> Log:
    draft = Draft(text, wrapper)
    step: int | None = None
    stage: str | None = None
    number = stages = -1
    for line in lines:
        match = _STEP.match(line.text)
        if match:
            again, number = int(match[1]) <= number, int(match[1])  # the next build begins
            if step is not None and draft.steps[step].state == "open" and not again:
                draft.learn(step, state="done")
            if again:
                stage, stages, draft.succeeded = None, -1, False
            named = _FROM.match(match[3])
            if named:
                stages += 1
                stage = named[1] or (f"stage-{stages}" if stages else None)
            name = f"Step {match[1]}{match[2] or ''}"
            step = draft.add(line.start, name, stage=stage, instruction=match[3].strip())
            draft.enter(line.end + 1, step, "output")
        elif "returned a non-zero code" in line.text and _ENDED.match(line.text.lstrip()):
            _failed(draft, step, line)
        elif _BUILT.match(line.text):
            if step is not None:
                draft.learn(step, state="done")
            draft.succeeded, draft.failed = True, False
            draft.enter(line.start, None, "outside")
    if step is not None and draft.steps[step].state == "open" and _committed(draft):
        draft.learn(step, state="done")
    return draft.log("legacy")


def _committed(draft: Draft) -> bool:
    """Whether the log ends where a step's result was committed: ` ---> 0123456789ab`."""
    text = draft.text
    end = len(text.data)
    for _ in range(8):
        line = read_line(text, max(0, end - 1), draft.wrapper)
        if line.text.strip():
            return bool(_COMMITTED.match(line.text))
        end = line.start
        if end == 0:
            break
    return False


def _failed(draft: Draft, step: int | None, line: Line) -> None:
    draft.failed = True
    if step is None:
        step = draft.add(0, "", instruction=ran(line.text))
        draft.enter(0, step, "output")
    draft.learn(step, state="failed", exit_code=exit_code(line.text))
