"""Carries out a remedy as its reader would: writes the patch, or runs the command and then the patch it makes possible."""

from __future__ import annotations

import re
import subprocess
from dataclasses import replace

from diagnoser.diagnosis import Diagnosis
from diagnoser.fix import Patch, apply, propose
from diagnoser.remedy import Remedy, place_of
from diagnoser.steps import Step
from lab.namespace import CONTEXT, write_names
from lab.scenario import Scenario
from lab.targets import Target, addresses, environment, in_shell, target
from lab.worlds.table import worlds

BUILD = re.compile(r"\bdocker build\b")
RUN = re.compile(r"\bdocker run\b")
GO = re.compile(r"\b(?:go|gofmt) ")


class RefusedError(Exception):
    """The remedy cannot be carried out here; the text says why."""


def command_of(remedy: Remedy, scenario: Scenario) -> str:
    """The command of the remedy, with what only a person can know filled in by the scenario."""
    command = str(remedy.edit.get("run", ""))
    for placeholder, value in scenario.fill.items():
        command = command.replace(placeholder, value)
    return command


def as_build(command: str, scenario: Scenario) -> str:
    """`docker build ...` with what every build of the lab needs."""
    return BUILD.sub(f"docker build --no-cache {_network(scenario)}", command)


def _network(scenario: Scenario) -> str:
    hosts = " ".join(f"--add-host={host}:{address}" for host, address in addresses(scenario).items())
    return f"--network=host {hosts}"


def carry_out(remedy: Remedy, command: str, diagnosis: Diagnosis, scenario: Scenario, on: Target) -> None:
    """Change the context as the remedy says. Raises RefusedError where it offers nothing for this log."""
    if not remedy.patch and not command:
        raise RefusedError("offers no patch here")
    if not remedy.patch and not BUILD.search(command):
        _run(command, scenario, on)
    patch = _patch(remedy, diagnosis)
    if remedy.patch and (patch is None or patch.diff != remedy.patch):
        raise RefusedError("the patch of the report cannot be made again")
    if patch:
        apply(patch, CONTEXT)


def _patch(remedy: Remedy, diagnosis: Diagnosis) -> Patch | None:
    if diagnosis.failing_step is None:
        return None
    place = place_of(Step(0, state="failed", **diagnosis.failing_step._asdict()), CONTEXT)
    return propose(remedy.edit, place, CONTEXT) if place else None


def _run(command: str, scenario: Scenario, on: Target) -> None:
    """Run it in the project, on the person's machine: with their Go and a network that works."""
    elsewhere = GO.search(command) and not RUN.search(command) and not on.release
    where = target("go1.22") if elsewhere else on
    shell = environment(where, replace(scenario, env={})) | {"GONOSUMDB": "*", "GOFLAGS": ""}
    well = replace(scenario, hosts={})
    write_names(addresses(scenario if on.release else well), worlds()[scenario.resolver].address)
    line = in_shell(where, RUN.sub(f"docker run {_network(well)} -e GONOSUMDB='*'", command))
    done = subprocess.run(line, cwd=CONTEXT, env=shell, stdin=subprocess.DEVNULL, capture_output=True, text=True)
    if done.returncode != 0:
        raise RefusedError(f"`{command}` ends with {done.returncode}: {(done.stdout + done.stderr)[-300:]}")
