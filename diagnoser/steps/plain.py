"""A log of no builder: the `go` command's own output, a container's, or one pasted line."""

from __future__ import annotations

import re
from collections.abc import Sequence

from diagnoser.lines import Line, Wrapper
from diagnoser.steps import Log
from diagnoser.steps.draft import Draft
from diagnoser.text import Text

_FAILED = re.compile(
    r"exit status [1-9]|##\[error\]|ERROR: Job failed|Finished: FAILURE|Exited with code (?:exit status )?[1-9]|"
    r".*(?:docker|daemon): Error response|Error response from daemon|(?:ERROR: )?failed to (?:solve|build)|.* exited with code [1-9]"
)
_SUCCEEDED = re.compile(r"Successfully (?:built|tagged) |Finished: SUCCESS|exit status 0$")


def read(text: Text, wrapper: Wrapper, lines: Sequence[Line]) -> Log:
    draft = Draft(text, wrapper)
    for line in lines:
        if _FAILED.match(line.text):
            draft.failed, draft.succeeded = True, False
        elif _SUCCEEDED.match(line.text):
            draft.succeeded = True
            draft.enter(line.end + 1, None, "outside")
    return draft.log("none")
