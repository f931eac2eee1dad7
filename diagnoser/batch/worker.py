"""One log of many: to the line of JSON that is printed, and to what the summary counts."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

from diagnoser.batch.inputs import Job
from diagnoser.catalogue import Catalogue, load_catalogue
from diagnoser.diagnosis import Diagnosis, diagnose
from diagnoser.render import json as report
from diagnoser.text import Text
from diagnoser.text.source import UnreadableError, open_log


class Setup(NamedTuple):
    signatures: Path | None
    spool_max: int


class Result(NamedTuple):
    """`outcome` is the report's, or "unreadable". `seconds` is how long the build took, where its log tells."""

    line: str
    outcome: str
    cause: str | None = None
    title: str = ""
    seconds: float | None = None
    dropped: int = 0


class Worker:
    """Holds the catalogue, which is loaded once for all logs."""

    def __init__(self, setup: Setup, catalogue: Catalogue | None = None) -> None:
        self.setup = setup
        self.catalogue = catalogue or load_catalogue(setup.signatures)

    def results(self, jobs: Sequence[Job]) -> list[Result]:
        return [self.result(job) for job in jobs]

    def result(self, job: Job) -> Result:
        """The result of one log; what goes wrong with it stays its own."""
        try:
            return _counted(diagnose(_open(job, self.setup.spool_max), catalogue=self.catalogue))
        except UnreadableError as error:
            return unreadable(job, str(error))
        except Exception as error:  # one log must not end the run of thousands
            return unreadable(job, f"{job.source}: {type(error).__name__}: {error}")


def unreadable(job: Job, why: str) -> Result:
    return Result(json.dumps({"source": job.source, "error": why}, ensure_ascii=False), "unreadable")


def _open(job: Job, spool_max: int) -> Text:
    if job.flaw:
        raise UnreadableError(job.flaw)
    if job.member is None:
        return open_log(job.path, spool_max)
    from diagnoser.text.archive import open_member

    return open_member(job.path, job.member, spool_max)


def _counted(diagnosis: Diagnosis) -> Result:
    root = diagnosis.diagnoses[0] if diagnosis.diagnoses else None
    seconds = diagnosis.timeline.seconds if diagnosis.timeline else None
    return Result(
        report.render(diagnosis),
        diagnosis.outcome,
        root and root.id,
        root.title if root else "",
        seconds,
        diagnosis.dropped,
    )
