"""What a scenario runs on, as a command line: `docker26.1-plain`, `compose2.26-plain`, `go1.22` …"""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from lab import engines, golang
from lab.namespace import CONTEXT
from lab.scenario import Scenario
from lab.worlds.table import worlds

DOCKER_FORMATS = ("plain", "tty", "rawjson", "legacy", "quiet", "run", "cli")
# tool → its engine and the formats it prints
TOOLS = {
    "docker26.1": ("docker26.1", DOCKER_FORMATS),
    "docker28.5": ("docker28.5", DOCKER_FORMATS),
    "docker20.10": ("docker20.10", ("plain", "tty", "legacy", "run", "cli")),
    "compose2.26": ("docker26.1", ("plain", "tty", "cli")),
    "compose2.40": ("docker28.5", ("plain", "tty", "cli")),
    "buildah1.28": ("buildah1.28", ("plain",)),
}
FREE_FORMATS = ("run", "cli")  # the scenario's own command instead of a build
USUAL_HOSTS = {"proxy.golang.org": "goproxy", "sum.golang.org": "goproxy", "registry-1.docker.io": "registry",
               "auth.docker.io": "registry", "registry.acme.test": "registry", "deb.debian.example": "apt",
               "downloads.acme.test": "files"}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Target:
    """`engine` is empty for bare Go, `release` for all else."""

    name: str
    tool: str
    format: str
    engine: str = ""
    release: str = ""


@cache
def target(name: str) -> Target:
    """Raises ValueError for a name that no tool or format has."""
    if name.startswith("go") and name.removeprefix("go") in golang.RELEASES:
        return Target(name, "go", "", release=name.removeprefix("go"))
    tool, _, log_format = name.partition("-")
    engine, formats = TOOLS.get(tool, ("", ()))
    if log_format not in formats:
        raise ValueError(f"no target {name!r}: tools are go<release>, {', '.join(TOOLS)}")
    return Target(name, tool, log_format, engine)


def addresses(scenario: Scenario) -> dict[str, str]:
    """host → loopback address, for /etc/hosts."""
    return {host: worlds()[world].address for host, world in (USUAL_HOSTS | dict(scenario.hosts)).items()}


def environment(on: Target, scenario: Scenario) -> dict[str, str]:
    """The environment of the command: a plain shell's and what the scenario adds."""
    shell = golang.environment() if on.release else engines.environment(on.engine) | _builder_choice(on)
    return shell | dict(scenario.env)


def _builder_choice(on: Target) -> dict[str, str]:
    if on.format == "legacy":
        return {"DOCKER_BUILDKIT": "0"}
    return {"DOCKER_BUILDKIT": "1"} if on.engine == "docker20.10" else {}


def in_shell(on: Target, command: str) -> list[str]:
    """The command line that runs `command` as a person would have typed it."""
    return golang.in_shell(on.release, command) if on.release else ["sh", "-c", command]


def command(on: Target, scenario: Scenario) -> list[str]:
    """The command line of a scenario on a target."""
    if on.release or on.format in FREE_FORMATS or scenario.command:
        return in_shell(on, scenario.command)
    if on.tool.startswith("compose"):
        return _compose(on, scenario)
    hosts = [f"--add-host={host}:{address}" for host, address in addresses(scenario).items()]
    if on.tool.startswith("buildah"):
        cache_use = ["--layers"] if scenario.cached else []
        return ["buildah", "bud", "--isolation", "chroot", "--network", "host", *hosts, *cache_use, *scenario.args, "."]
    cache_use = [] if scenario.cached else ["--no-cache"]
    return ["docker", "build", *_progress(on), "--network=host", *hosts, *cache_use, *scenario.args, "."]


def _progress(on: Target) -> list[str]:
    return {"legacy": [], "tty": [], "quiet": ["-q"]}.get(on.format, [f"--progress={on.format}"])


def _compose(on: Target, scenario: Scenario) -> list[str]:
    _write_compose_file(CONTEXT / "compose.yaml", scenario)
    progress = [] if on.format == "tty" else ["--progress", on.format]
    return ["docker", "compose", *progress, "build", *([] if scenario.cached else ["--no-cache"]), *scenario.args]


def _write_compose_file(file: Path, scenario: Scenario) -> None:
    """One service that builds the context, unless the scenario brings its own file (JSON is YAML)."""
    if not file.exists():
        hosts = [f"{host}:{address}" for host, address in addresses(scenario).items()]
        build = {"context": ".", "network": "host", "extra_hosts": hosts}
        file.write_text(json.dumps({"services": {"api": {"build": build}}}, indent=2))
