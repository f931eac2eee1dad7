"""The logs on several cores: results in the order of the jobs, few of them in memory at a time."""

from __future__ import annotations

import multiprocessing
import signal
from collections import deque
from collections.abc import Iterator, Sequence
from concurrent.futures import BrokenExecutor, Future, ProcessPoolExecutor
from itertools import islice

from diagnoser.batch.inputs import Job
from diagnoser.batch.worker import Result, Setup, Worker, unreadable

_CHUNK = 32  # logs that a worker takes at once
_FEW = 32  # logs that are done before other processes have begun
_AHEAD = 4  # chunks for each worker that are under way or wait to be printed

Chunk = tuple[Job, ...]
_worker: Worker | None = None  # of this process


def results(jobs: Sequence[Job], workers: int, setup: Setup) -> Iterator[Result]:
    """One result for each job, in order. Raises `SignatureError`."""
    worker = Worker(setup)  # also where others work: the catalogue is compiled before they all ask for it
    if workers == 1 or len(jobs) < _FEW:
        yield from map(worker.result, jobs)
        return
    size = max(1, min(_CHUNK, len(jobs) // (workers * _AHEAD)))
    chunks = (tuple(jobs[at : at + size]) for at in range(0, len(jobs), size))
    yield from _Pool(workers, setup).run(chunks)


class _Pool:
    def __init__(self, workers: int, setup: Setup) -> None:
        self.workers, self.setup = workers, setup
        self.executor = self._executor(workers)

    def run(self, chunks: Iterator[Chunk]) -> Iterator[Result]:
        waiting: deque[tuple[Chunk, Future[list[Result]]]] = deque()
        try:
            while True:
                for chunk in islice(chunks, self.workers * _AHEAD - len(waiting)):
                    waiting.append((chunk, self.executor.submit(_work, chunk)))
                if not waiting:
                    return
                chunk, future = waiting.popleft()
                try:
                    done = future.result()
                except BrokenExecutor:
                    done = self._alone(chunk)
                    self.executor = self._executor(self.workers)
                    waiting = deque((c, self.executor.submit(_work, c)) for c, _ in waiting)
                yield from done
        finally:
            self.executor.shutdown(cancel_futures=True)

    def _alone(self, chunk: Chunk) -> list[Result]:
        """A worker died, killed perhaps for its memory: these logs once more, each in a process of its own."""
        found = []
        for job in chunk:
            with self._executor(1) as executor:
                try:
                    found += executor.submit(_work, (job,)).result()
                except BrokenExecutor:
                    found.append(unreadable(job, f"{job.source}: the process that read it was killed"))
        return found

    def _executor(self, workers: int) -> ProcessPoolExecutor:
        spawn = multiprocessing.get_context("spawn")  # the same on every system, and no thread is copied half-way
        return ProcessPoolExecutor(workers, mp_context=spawn, initializer=_begin, initargs=(self.setup,))


def _begin(setup: Setup) -> None:
    global _worker
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the parent, which ends us
    _worker = Worker(setup)


def _work(chunk: Chunk) -> list[Result]:
    assert _worker is not None
    return _worker.results(chunk)
