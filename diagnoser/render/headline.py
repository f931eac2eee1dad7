"""What is said where no cause is known."""

from __future__ import annotations

from diagnoser.diagnosis import Diagnosis

HEADLINE = {
    "failed": "The build failed; none of the known causes fits",
    "succeeded": "The build succeeded",
    "undetermined": "This log shows neither a failure nor a success",
}
_ELSEWHERE = (
    "`docker build` and `go build` print theirs to standard error: `docker build . 2>&1 | diagnoser` has them, too."
)


def next_step(diagnosis: Diagnosis) -> str | None:
    """What to do about a log that does not tell how the build ended; none where it does."""
    if diagnosis.outcome != "undetermined":
        return None
    silent_end = diagnosis.builder == "buildah"  # it prints nothing at the end of a step that went well
    if diagnosis.failing_step and not silent_end:
        return f"The log ends while this step was running: it was stopped there, or the log is cut, or lacks the errors. {_ELSEWHERE}"
    if not diagnosis.excerpt:
        return f"Nothing was printed. Errors may have gone elsewhere: {_ELSEWHERE}"
    return None
