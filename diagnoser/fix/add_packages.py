"""Edits of what a stage installs."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping

from diagnoser import packages
from diagnoser.dockerfile import Dockerfile, Stage, base_image, instructions_of, lineage
from diagnoser.fix.change import Changes
from diagnoser.fix.inserts import above, is_user
from diagnoser.fix.installs import InstallList, install_lists
from diagnoser.fix.listing import added, name_of, replaced
from diagnoser.fix.place import Target
from diagnoser.fix.replace import whole_word

_PACKAGE = re.compile(r"[A-Za-z0-9][A-Za-z0-9+._:-]*")
_VARIABLE = re.compile(r"\$\{?(\w+)\}?")
_KEEPS_ITS_PLACE = frozenset({"FROM", "ARG", "ENV", "LABEL", "MAINTAINER", "WORKDIR", "SHELL"})
_RUN = {
    "apk": "RUN apk add --no-cache {}",
    "apt-get": "RUN apt-get update && apt-get install -y --no-install-recommends {} && rm -rf /var/lib/apt/lists/*",
    "dnf": "RUN dnf install -y {} && dnf clean all",
    "yum": "RUN yum install -y {} && yum clean all",
    "microdnf": "RUN microdnf install -y {} && microdnf clean all",
}


def add_packages(target: Target, value: str) -> Changes:
    """Roles such as `git`, `header:sqlite3.h` or `apt:libfoo-dev`, added for the failing step.

    They join the last package list that the step can see; where the stage has none, a RUN of the base image's package
    manager is added above the first COPY, RUN or USER.
    """
    if target.stage is None:
        return None
    lists = [found for found in _lists_for(target) if not (found.temporary and found.instruction != target.step)]
    manager = lists[-1].manager if lists else _manager(target.dockerfile, target.stage)
    names = packages.names_of(value.split(), manager) if manager else None
    if not manager or not names or not all(_PACKAGE.fullmatch(name) for name in names):
        return None
    if not lists:
        return _new_run(target, manager, names)
    present = packages.with_contents(name_of(word) for found in lists for word in found.packages)
    present |= _recommended(target.dockerfile, lists[-1]) if "ca-certificates" not in value.split() else set()
    return added(target.dockerfile, lists[-1], [name for name in names if name not in present])


def replace_package(target: Target, value: Mapping[str, str]) -> Changes:
    """`{name, with}`: the failing step installs another package (or several) in place of `name`; none where empty."""
    new = value["with"].split()
    if target.step is None or not all(_PACKAGE.fullmatch(name) for name in (value["name"], *new)):
        return None
    lists = install_lists(target.dockerfile, target.step)
    found = [replaced(target.dockerfile, i, value["name"], value["with"]) for i in lists]
    changes = [change for change in [*found, *_in_variables(target, lists, value)] if change]
    return changes[0] if len(changes) == 1 else None


def _in_variables(target: Target, lists: Iterable[InstallList], value: Mapping[str, str]) -> Iterator[Changes]:
    """The name inside the ENV or ARG that a list takes its packages from, as in `apk add $PACKAGES`."""
    names = {match[1] for i in lists for word in i.packages if (match := _VARIABLE.fullmatch(word.text.strip('"')))}
    for instruction in target.dockerfile.instructions:
        sets = {word.partition("=")[0] for word in instruction.arguments}
        if instruction.keyword in ("ENV", "ARG") and names & sets:
            yield whole_word(target.dockerfile, instruction, value["name"], value["with"])


def _recommended(dockerfile: Dockerfile, installs: InstallList) -> set[str]:
    """What comes with git, curl and wget unless the command says otherwise."""
    lines = dockerfile.lines[installs.instruction.line - 1 : installs.instruction.end_line]
    return set() if any("--no-install-recommends" in line for line in lines) else {"ca-certificates"}


def _lists_for(target: Target) -> list[InstallList]:
    """The lists of the failing stage up to the failing step."""
    last = target.step.line if target.step else target.dockerfile.instructions[-1].line
    assert target.stage is not None
    steps = instructions_of(target.dockerfile, target.stage)
    return [found for i in steps if i.line <= last for found in install_lists(target.dockerfile, i)]


def _manager(dockerfile: Dockerfile, stage: Stage) -> str | None:
    """The package manager of a stage: what its ancestors use, else what the base image is known to have."""
    for ancestor in lineage(dockerfile, stage):
        for instruction in instructions_of(dockerfile, ancestor):
            for found in install_lists(dockerfile, instruction):
                return found.manager
    return packages.manager(base_image(dockerfile, stage))


def _new_run(target: Target, manager: str, names: tuple[str, ...]) -> Changes:
    assert target.stage is not None
    own, *ancestors = lineage(target.dockerfile, target.stage)
    if any(is_user(i) for stage in ancestors for i in instructions_of(target.dockerfile, stage)):
        return None
    steps = instructions_of(target.dockerfile, own)
    first = next((i for i in steps if i.keyword not in _KEEPS_ITS_PLACE), None)
    if first is None or (target.step is not None and first.line > target.step.line):
        return None
    command = _RUN["apt-get" if manager in ("apt", "aptitude") else manager]
    return (above(target.dockerfile, first, command.format(" ".join(names))),)
