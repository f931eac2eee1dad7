"""Scenarios are data: `lab/scenarios/<area>/<slug>.toml`, one table a variant. The path names the cause to be found."""

from __future__ import annotations

import base64
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, fields
from functools import cache
from pathlib import Path
from typing import Any

from lab.home import SCENARIOS
from lab.worlds.modules import go_sum
from lab.worlds.table import worlds

HEALTHY = "other/not-a-failure"
UNCLEAR = "other/unclear"
CONTEXTS = "contexts.toml"
SIGNALS = {"INT", "TERM", "QUIT", "KILL"}


@dataclass(frozen=True, slots=True)
class Stop:
    """End the command from outside: `signal` (INT, TERM, QUIT, KILL) once `after` seconds have passed."""

    after: float
    signal: str = "INT"


@dataclass(frozen=True, slots=True)
class Scenario:
    """One way to make a build fail (or, under other/not-a-failure, not fail), and what is to be found in its log.

    on: targets, `<tool><version>-<format>` or `go<release>` (see targets.py).
    shows: words that stand on the line which proves the cause (any of them, where releases differ).
    step: words of the failing step's name.
    command: what is run; empty for a plain build of the context. args: added to the build command.
    setup: commands that make what files cannot, such as a repository, before a remedy changes anything.
    before: commands run first in the context, not recorded. context: a set of files of contexts.toml to start from.
    files: name → text, or {base64 = "..."}, {sums = ["module@version"]}, {text = "...", mode = 0o755};
        false takes one of the context away.
    hosts: host → world. env: for the command. resolver: a world of service dns.
    stop: end it from outside. cached: build once before, use the cache.
    then: what fails next once the cause is mended.
    fill: placeholder of a remedy's command → what its reader would put there.
    also: other causes that this log may as well be given. ci: part of the short run.
    """

    cause: str
    variant: str
    on: tuple[str, ...]
    shows: tuple[str, ...] = ()
    step: str = ""
    command: str = ""
    args: tuple[str, ...] = ()
    setup: tuple[str, ...] = ()
    before: tuple[str, ...] = ()
    context: str = ""
    files: Mapping[str, object] = field(default_factory=dict)
    hosts: Mapping[str, str] = field(default_factory=dict)
    env: Mapping[str, str] = field(default_factory=dict)
    resolver: str = "dns-nxdomain"
    stop: Stop | None = None
    cached: bool = False
    then: str = ""
    fill: Mapping[str, str] = field(default_factory=dict)
    also: tuple[str, ...] = ()
    ci: bool = False

    @property
    def name(self) -> str:
        """`area/slug/variant`, as `make record S=` takes it."""
        return f"{self.cause}/{self.variant}"

    @property
    def fails(self) -> bool:
        return self.cause != HEALTHY


def scenarios(folder: Path = SCENARIOS) -> list[Scenario]:
    """All of them, by path. Raises ValueError that names the file and table of the first fault."""
    return [scenario for file in sorted(folder.glob("*/*.toml")) for scenario in read(file)]


def recording_name(scenario: Scenario, on: str) -> str:
    """`<area>/<slug>/<engine>-<format>-<variant>.log`, below sample_logs."""
    return f"{scenario.cause}/{on}-{scenario.variant}.log"


def also_right() -> dict[str, tuple[str, ...]]:
    """Recording name → the causes that are as right as the one it is filed under."""
    return {recording_name(scenario, on): scenario.also for scenario in scenarios() for on in scenario.on}


def read(file: Path) -> Iterator[Scenario]:
    """The scenarios of one file; keys before the first table hold for all of them."""
    content = tomllib.loads(file.read_text())
    cause = f"{file.parent.name}/{file.stem}"
    known = {f.name for f in fields(Scenario)} - {"cause", "variant"}
    shared = {key: value for key, value in content.items() if key in known}
    for variant, own in content.items():
        if variant not in known:
            try:
                files = shared.get("files", {}) | own.get("files", {})
                yield _scenario(cause, variant, shared | own | {"files": files})
            except (TypeError, ValueError, KeyError) as fault:
                raise ValueError(f"{cause}/{variant}: {fault}") from fault


def _scenario(cause: str, variant: str, given: dict[str, Any]) -> Scenario:
    ready: dict[str, Any] = {key: tuple(value) if isinstance(value, list) else value for key, value in given.items()}
    if isinstance(ready.get("shows"), str):
        ready["shows"] = (ready["shows"],)
    if "stop" in ready:
        ready["stop"] = Stop(**ready["stop"])
    scenario = Scenario(cause=cause, variant=variant, **ready)
    _check(scenario)
    return scenario


def _check(scenario: Scenario) -> None:
    if not scenario.on:
        raise ValueError("`on` names no target")
    if scenario.fails and scenario.cause != UNCLEAR and not scenario.shows:
        raise ValueError("`shows` is missing: the words on the line that proves the cause")
    for world in (*scenario.hosts.values(), scenario.resolver):
        if world not in worlds():
            raise ValueError(f"no world {world!r} in worlds/table.toml")
    if scenario.context and scenario.context not in contexts():
        raise ValueError(f"no context {scenario.context!r} in {CONTEXTS}")
    if scenario.stop and scenario.stop.signal not in SIGNALS:
        raise ValueError(f"unknown signal {scenario.stop.signal}")


@cache
def contexts() -> dict[str, dict[str, object]]:
    """Sets of files that many scenarios start from."""
    return tomllib.loads((SCENARIOS / CONTEXTS).read_text())


def texts(scenario: Scenario) -> list[str]:
    """Every text in which a scenario can name an image."""
    own = contexts().get(scenario.context, {}) | dict(scenario.files)
    return [*(str(content) for content in own.values()), scenario.command, *scenario.before]


def write_context(scenario: Scenario, folder: Path) -> None:
    """Lay the scenario's files in `folder`, as the person whose build fails has them."""
    for name, content in (contexts().get(scenario.context, {}) | dict(scenario.files)).items():
        if content is not False:
            target = folder / name
            target.parent.mkdir(parents=True, exist_ok=True)
            _write(target, content)


def _write(target: Path, content: object) -> None:
    if isinstance(content, str):
        target.write_bytes(content.encode())
    elif isinstance(content, dict) and "sums" in content:
        target.write_text(go_sum(content["sums"]))
    elif isinstance(content, dict) and "base64" in content:
        target.write_bytes(base64.b64decode(content["base64"]))
    elif isinstance(content, dict):
        target.write_bytes(content["text"].encode())
    else:
        raise ValueError(f"{target.name}: neither text nor a table")
    if isinstance(content, dict) and "mode" in content:
        target.chmod(content["mode"])
