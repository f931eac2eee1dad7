"""What was not looked at. Every format says so: a cause may stand where nobody looked."""

from __future__ import annotations

from diagnoser.diagnosis import Diagnosis

HEADLINE = "The diagnosis is partial"


def notes(diagnosis: Diagnosis) -> list[str]:
    """A sentence for each reason; none where the whole log was looked at."""
    reasons = (
        (
            diagnosis.dropped,
            "{:,} bytes of the log were not looked at: a stream past --spool-max, a line or steps without end.",
        ),
        (diagnosis.timed_out, "{:,} patterns ran out of time; another cause may have been missed."),
    )
    return ["Partial: " + words.format(count) for count, words in reasons if count]
