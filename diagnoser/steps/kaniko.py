"""kaniko: `INFO[0005] RUN …` between raw output. Source: GoogleContainerTools/kaniko `pkg/executor/build.go` (logrus text)."""

from __future__ import annotations

import re
from collections.abc import Sequence

from diagnoser.lines import Line, Wrapper
from diagnoser.steps import Log
from diagnoser.steps.draft import Draft, exit_code
from diagnoser.text import Text

_STEP = re.compile(r"INFO\[\d+\] ((?:ADD|ARG|CMD|COPY|ENTRYPOINT|ENV|EXPOSE|LABEL|RUN|USER|VOLUME|WORKDIR) .*)")
_STAGE = re.compile(r"INFO\[\d+\] Building stage '([^']*)'")
_ERROR = re.compile(r"(?:Error: )?error (?:building image|pushing image|checking push permissions)\b")
_DONE = re.compile(r"INFO\[\d+\] (?:Pushed |Pushing image to |Skipping push to )")


def recognise(line: Line) -> bool:
    return bool(_STEP.match(line.text) or _ERROR.match(line.text))


def read(text: Text, wrapper: Wrapper, lines: Sequence[Line]) -> Log:
    draft = Draft(text, wrapper)
    step: int | None = None
    for line in lines:
        match = _STEP.match(line.text)
        if match:
            if step is not None:
                draft.learn(step, state="done")
            step = draft.add(line.start, match[1], instruction=match[1].strip())
            draft.enter(line.end + 1, step, "output")
        elif _ERROR.match(line.text):
            draft.failed = True
            if step is not None:
                draft.learn(step, state="failed", exit_code=exit_code(line.text))
        elif _DONE.match(line.text) or _STAGE.match(line.text):
            if step is not None:
                draft.learn(step, state="done")
            draft.succeeded = bool(_DONE.match(line.text))
            draft.enter(line.start, None, "outside")
    return draft.log("kaniko")
