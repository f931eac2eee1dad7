"""`python -m lab`: install | list | record | check | prove. See README.md beside this file."""

from __future__ import annotations

import sys
import time
from collections.abc import Iterable, Iterator
from contextlib import nullcontext
from itertools import groupby

import typer

from lab import engines, golang, images, namespace, prove, remedies
from lab.home import wait_for_others
from lab.recorder import Recording, record, recording_file
from lab.scenario import Scenario, scenarios, texts
from lab.targets import Target, target
from lab.verdict import disagreement, flaw, report
from lab.worlds import mirror, serve

app = typer.Typer(add_completion=False, pretty_exceptions_enable=False, help=__doc__)
# What the short run is made on: two releases' standard libraries to compile, one engine to fill with images.
CI_TOOLS, CI_RELEASES = ("docker26.1", "compose2.26"), ("1.22", "1.27")
Run = tuple[Scenario, Target]


@app.command("list")
def show() -> None:
    """Print every scenario and what it runs on."""
    for scenario in scenarios():
        print(scenario.name, *scenario.on)


@app.command("record")
def record_all(name: str, on: str = "", missing: bool = False) -> None:
    """Write the recordings of the scenarios whose name begins with NAME, on targets that begin with ON."""
    chosen = [run for run in runs(name, on, ci=False) if not missing or not recording_file(*run).exists()]
    flaws = 0
    for recording, fault in perform(chosen):
        if recording is not None and fault is None:
            recording.file.parent.mkdir(parents=True, exist_ok=True)
            recording.file.write_bytes(recording.log)
        flaws += fault is not None
    sys.exit(flaws > 0)


@app.command()
def replay(name: str = "", on: str = "") -> None:
    """Compare the verdicts over the recordings that are there; nothing is run."""
    kept = [Recording(scenario, at, recording_file(scenario, at).read_bytes(), int(scenario.fails))
            for scenario, at in runs(name, on, ci=False) if recording_file(scenario, at).exists()]  # fmt: skip
    wrong = sum(_judge(recording, flaw(recording)) for recording in kept)
    print(f"{len(kept)} recordings, {len(kept) - wrong} right, {wrong} wrong")
    sys.exit(wrong > 0)


@app.command()
def check(name: str = "", on: str = "", ci: bool = False) -> None:
    """Run scenarios and compare each verdict of the diagnoser; --ci takes the short selection."""
    if reason := namespace.missing():
        print(f"lab skipped: {reason}")
        return
    start, total, wrong = time.monotonic(), 0, 0
    for recording, fault in perform(runs(name, on, ci=ci)):
        total += 1
        wrong += _judge(recording, fault)
    print(f"{total} runs, {total - wrong} verdicts right, {wrong} wrong, {(time.monotonic() - start) / 60:.1f} minutes")
    sys.exit(wrong > 0)


@app.command("prove")
def prove_all(name: str = "", keep: bool = False, missing: bool = False, verbose: bool = False) -> None:
    """Prove the remedies of the signatures that begin with NAME; --keep writes each that is proven to proven.toml.

    --missing leaves out those that are there; --verbose shows the build that proves nothing.
    """
    if reason := namespace.missing():
        print(f"lab skipped: {reason}")
        return
    if not namespace.inside():
        mirror.download()
    done = remedies.proven() if missing else {}
    wanted = [remedy for remedy in remedies.remedies(name) if remedy.key not in done]
    tried = {}
    for attempt in prove.attempts(wanted, started(prove.runs(wanted))):
        print(prove.line(attempt), flush=True)
        if attempt.fault and attempt.log and verbose:
            print(attempt.log.decode(errors="replace")[-3000:])
        tried[attempt.remedy.key] = attempt
        if keep and not attempt.fault:
            remedies.keep(attempt.proof())
    print(prove.summary(wanted, tried))
    sys.exit(not prove.complete(wanted, tried))


def _judge(recording: Recording | None, fault: str | None) -> bool:
    """Whether the verdict is wrong, which is printed."""
    if recording and not fault:
        fault = disagreement(recording, report(recording.log))
    if recording and fault:
        print(f"  WRONG {recording.scenario.name} on {recording.target.name}: {fault}", flush=True)
    return fault is not None


def runs(name: str, on: str, *, ci: bool) -> list[Run]:
    """Scenario by target, grouped by engine so that each starts once."""
    of_name = [scenario for scenario in scenarios() if scenario.name.startswith(name) and (scenario.ci or not ci)]
    chosen = [(scenario, target(at)) for scenario in of_name for at in scenario.on if at.startswith(on)]
    chosen = [run for run in chosen if not ci or run[1].tool in CI_TOOLS or run[1].release in CI_RELEASES]
    return sorted(chosen, key=lambda run: run[1].engine)


def perform(chosen: list[Run]) -> Iterator[tuple[Recording | None, str | None]]:
    """Each run's recording and its flaw, if any."""
    for scenario, on in started(chosen):
        yield _one(scenario, on)


def started(chosen: list[Run]) -> Iterator[Run]:
    """Each run once its engine is up. Installs what is needed, then goes inside the lab's namespace."""
    if not namespace.inside():
        wait_for_others()
        install(chosen)
        namespace.enter()
    namespace.furnish(images.busybox(), images.bundle())
    serve.start()
    for engine, group in groupby(chosen, key=lambda run: run[1].engine):
        same = list(group)
        with engines.running(engine, _images(same)) if engine else nullcontext():
            yield from same


def _one(scenario: Scenario, on: Target) -> tuple[Recording | None, str | None]:
    start = time.monotonic()
    recording: Recording | None = None
    try:
        recording = record(scenario, on)
        fault = flaw(recording)
    except RuntimeError as problem:
        fault = str(problem)
    mark, told = ("FLAW", f": {fault}") if fault else ("ok  ", "")
    print(f"{mark} {time.monotonic() - start:5.1f}s {scenario.name} on {on.name}{told}", flush=True)
    if fault and recording:
        print(recording.log.decode(errors="replace")[-3000:])
    return recording, fault


def install(chosen: list[Run]) -> None:
    """Download and unpack what these runs need: engines, Go releases, what base images are made of."""
    images.bundle()
    images.busybox()
    for on in {on.name: on for _, on in chosen}.values():
        if on.release:
            golang.goroot(on.release)
        else:
            engines.install(on.engine)
    images.download(_images(chosen))


def _images(chosen: Iterable[Run]) -> set[str]:
    return images.named_in(text for scenario, on in chosen if on.engine for text in texts(scenario))


if __name__ == "__main__":
    app()
