"""`docker diagnose build …`: a plugin of the docker command line, which runs `diagnoser run -- docker build …`.

Source: docker/cli `cli-plugins/manager`: an executable `docker-NAME` in a folder of plugins; asked for
`docker-cli-plugin-metadata` it prints JSON; else it gets docker's own command line, its global options first.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import Annotated

import typer

from diagnoser import cache

NAME = "diagnose"
CALL = "docker-plugin"  # what the plugin calls us with
_MARK = "written by `diagnoser install-docker-plugin`"
_ENTRY = f"docker-{NAME}"


def install_docker_plugin(
    dir: Annotated[
        Path | None,
        typer.Option("--dir", metavar="DIR", help="Where to; default: cli-plugins in $DOCKER_CONFIG or ~/.docker."),
    ] = None,
) -> None:
    """Make `docker diagnose build .` run `diagnoser run -- docker build .`."""
    if sys.platform == "win32":
        _stop("docker on Windows takes only .exe files as plugins; use: docker build . 2>&1 | diagnoser")
    target = (dir or _folder()) / _ENTRY
    if target.is_symlink() or (target.exists() and _MARK not in target.read_text(errors="replace")):
        _stop(f"{target} is there and not ours; move it away, or choose another folder with --dir")
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        cache.write_whole(target, _script().encode())
        target.chmod(0o755)
    except OSError as error:
        _stop(f"{target}: cannot be written: {error.strerror}")
    typer.echo(f"diagnoser: wrote {target}; try: docker {NAME} build .", err=True)


def as_run(arguments: list[str]) -> list[str]:
    """Docker's command line as one of `diagnoser run`: options right after `diagnose` are ours, others docker's."""
    at = arguments.index(NAME) if NAME in arguments else -1
    docker = os.environ.get("DOCKER_CLI_PLUGIN_ORIGINAL_CLI_COMMAND") or "docker"
    return ["run", *(f"--program={word}" for word in (docker, *arguments[: max(at, 0)])), *arguments[at + 1 :]]


def _folder() -> Path:
    return Path(os.environ.get("DOCKER_CONFIG") or Path.home() / ".docker") / "cli-plugins"


def _script() -> str:
    """A shell script: docker asks every plugin for its metadata, often, and a shell answers in a millisecond."""
    import json
    import shlex

    from diagnoser import __version__

    metadata = {
        "SchemaVersion": "0.1.0",
        "Vendor": "diagnoser",
        "Version": __version__,
        "ShortDescription": "Run a docker command, and tell why it failed",
    }
    return f"""#!/bin/sh
# {_MARK}
if [ "$1" = docker-cli-plugin-metadata ]; then
  echo {shlex.quote(json.dumps(metadata))}
  exit
fi
exec {shlex.quote(sys.executable)} -P -m diagnoser {CALL} "$@"
"""


def _stop(message: str) -> None:
    typer.echo(f"diagnoser: {message}", err=True)
    raise typer.Exit(2)
