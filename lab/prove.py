"""Proves remedies: break a build, diagnose its log, change what the remedy says, build again."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace

from diagnoser import diagnose
from diagnoser.diagnosis import Diagnosis
from lab.home import PROOFS, SCENARIOS
from lab.mend import BUILD, RefusedError, as_build, carry_out, command_of
from lab.namespace import CONTEXT
from lab.recorder import Recording, record
from lab.remedies import Named, Proof
from lab.scenario import Scenario, Stop, scenarios
from lab.targets import Target, target

USUAL = ("docker26.1-plain", "docker26.1-legacy", "docker26.1-run", "docker26.1-cli", "go1.22", "go1.19", "go1.27")
HOSTS = {"deb.debian.example": "apt-real", "goproxy.io": "goproxy"}
UNHURRIED = Stop(600, "KILL")  # where a person stopped the first build, the second may take its time


@dataclass(frozen=True, slots=True)
class Attempt:
    """`fault` is why the remedy is not proven by this scenario; empty: it is. `log` is of the last build."""

    remedy: Named
    scenario: Scenario
    on: Target
    fault: str
    log: bytes = b""

    def proof(self) -> Proof:
        today = datetime.date.today().isoformat()
        return Proof(*self.remedy.key, self.scenario.name, self.on.name, today, self.scenario.then)


def runs(wanted: Iterable[Named]) -> list[tuple[Scenario, Target]]:
    """The scenarios of their causes, those made for a proof first, each on one target; by engine."""
    causes = {named.signature for named in wanted if not named.unproven}
    found = [scenario for folder in (PROOFS, SCENARIOS) for scenario in scenarios(folder) if scenario.cause in causes]
    placed = [run for scenario in found for run in _placed(replace(scenario, hosts=HOSTS | dict(scenario.hosts)))]
    return sorted(placed, key=lambda run: run[1].engine)


def _placed(scenario: Scenario) -> Iterator[tuple[Scenario, Target]]:
    """On the usual one of its targets; what runs on bare Go runs as the last step of a Dockerfile too."""
    on = next((name for name in USUAL if name in scenario.on), None)
    if on is None:
        return
    yield scenario, target(on)
    if on.startswith("go") and not {"PATH", "HOME"} & set(scenario.env):
        files = dict(scenario.files) | {"Dockerfile": _dockerfile(scenario, on.removeprefix("go"))}
        yield replace(scenario, command="", before=(), env={}, files=files), target(USUAL[0])


def _dockerfile(scenario: Scenario, release: str) -> str:
    settings = [f"ENV {name}={value}" for name, value in scenario.env.items()]
    steps = [f"RUN {command}" for command in (*scenario.before, scenario.command)]
    return "\n".join([f"FROM golang:{release}", *settings, "WORKDIR /app", "COPY . .", *steps, ""])


def attempts(wanted: list[Named], started: Iterable[tuple[Scenario, Target]]) -> Iterator[Attempt]:
    """Tries each remedy on the scenarios of its cause until one proves it."""
    left = {named.key: named for named in wanted if not named.unproven}
    for scenario, on in started:
        for attempt in _tried(scenario, on, [named for named in left.values() if _fits(named, scenario, on)]):
            if not attempt.fault:
                del left[attempt.remedy.key]
            yield attempt


def _fits(named: Named, scenario: Scenario, on: Target) -> bool:
    """Where no Dockerfile is built only a command can be proven."""
    return named.signature == scenario.cause and (named.is_command or not on.release)


def _tried(scenario: Scenario, on: Target, wanted: list[Named]) -> Iterator[Attempt]:
    if not wanted:
        return
    try:
        broken = record(scenario, on)
    except RuntimeError as problem:
        yield from (Attempt(named, scenario, on, f"cannot be broken: {problem}"[:300]) for named in wanted)
        return
    diagnosis = diagnose(broken.log, context=CONTEXT)
    if broken.status == 0 or not diagnosis.diagnoses or diagnosis.diagnoses[0].id != scenario.cause:
        found = diagnosis.diagnoses[0].id if diagnosis.diagnoses else "nothing"
        yield from (
            Attempt(named, scenario, on, f"ended with {broken.status}, found {found}", broken.log) for named in wanted
        )
        return
    for named in wanted:
        yield _attempt(named, diagnosis, scenario, on)


def _attempt(named: Named, diagnosis: Diagnosis, scenario: Scenario, on: Target) -> Attempt:
    remedy = diagnosis.diagnoses[0].remedies[named.position]
    try:
        command = command_of(remedy, scenario)
        if on.release and BUILD.search(command):
            raise RefusedError("a build of Docker, where no image is built")
        changed = replace(scenario, stop=UNHURRIED) if scenario.stop else scenario
        if BUILD.search(command):
            changed = replace(changed, command=as_build(command, scenario))
        again = record(changed, on, lambda: carry_out(remedy, command, diagnosis, scenario, on))
    except (RefusedError, RuntimeError) as problem:
        return Attempt(named, scenario, on, str(problem)[:600])
    return Attempt(named, scenario, on, _fault(again), again.log)


def _fault(again: Recording) -> str:
    """Why the second build is no proof; empty where it passed, or failed of the next planted cause."""
    if again.scenario.then:
        found = diagnose(again.log).diagnoses
        cause = found[0].id if found else "unknown"
        return "" if cause == again.scenario.then else f"the next cause is {cause}"
    return f"the second build ended with {again.status}" if again.status else ""


def line(attempt: Attempt) -> str:
    """One attempt, for the terminal."""
    mark = "    " if attempt.fault else "done"
    named, place = attempt.remedy, f"{attempt.scenario.name} on {attempt.on.name}"
    return f"{mark} {named.signature} {named.position + 1} by {place}: {attempt.fault}"


def summary(wanted: list[Named], tried: Mapping[tuple[str, str], Attempt]) -> str:
    """N remedies, N proven, and the reason for each of the others."""
    done = [named for named in wanted if named.key in tried and not tried[named.key].fault]
    open_ones = [named for named in wanted if named not in done]
    reasons = {named: named.unproven or _why(tried.get(named.key)) for named in open_ones}
    lines = [f"  {named.signature}: {named.title}: {reason}" for named, reason in reasons.items()]
    return "\n".join([f"{len(wanted)} remedies, {len(done)} proven, {len(open_ones)} unproven:", *lines])


def _why(attempt: Attempt | None) -> str:
    return f"NOT PROVEN on {attempt.scenario.name}: {attempt.fault}" if attempt else "NOT PROVEN: no scenario"


def complete(wanted: Iterable[Named], tried: Mapping[tuple[str, str], Attempt]) -> bool:
    """Whether every remedy is proven or says why not."""
    return all(named.unproven or (named.key in tried and not tried[named.key].fault) for named in wanted)
