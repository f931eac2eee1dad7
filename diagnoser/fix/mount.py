"""Edit of the mounts of the failing RUN."""

from __future__ import annotations

import re

from diagnoser.dockerfile import Dockerfile
from diagnoser.fix.change import Change, Changes
from diagnoser.fix.place import Target
from diagnoser.fix.words import plain_words, rewritten

_MOUNT = re.compile(r"type=(?:cache|secret|ssh|bind|tmpfs)(?:,[\w-]+(?:=[\w./:${}@-]*)?)*")
_FRONTEND = re.compile(r"(?P<start>\ufeff?#\s*syntax\s*=\s*docker/dockerfile:)1(?:\.[01](?:\.\d+)?)(?P<end>\s*)", re.I)


def add_mount(target: Target, value: str) -> Changes:
    """`type=cache,target=/root/.cache/go-build ...`: each mount that the failing RUN lacks, as its first flags.

    BuildKit's own frontend knows mounts since Docker 20.10, so no `# syntax` line is added; one that pins an older
    frontend (1.0, 1.1) is raised to `docker/dockerfile:1`.
    """
    mounts = value.split()
    if target.step is None or target.step.keyword != "RUN" or not all(_MOUNT.fullmatch(m) for m in mounts):
        return None
    there = {_what(flag.removeprefix("--mount=")) for flag in target.step.flags}
    missing = [f"--mount={mount}" for mount in mounts if _what(mount) not in there]
    if not missing:
        return ()
    keyword = plain_words(target.dockerfile, target.step)[0]
    changes = rewritten(target.dockerfile, keyword, " ".join([keyword.text, *missing]))
    return (*_raised_frontend(target.dockerfile), *(changes or ()))


def _what(mount: str) -> tuple[str, str]:
    """Two mounts with the same type and target (or secret) are the same mount."""
    options = dict(part.partition("=")[::2] for part in mount.split(","))
    place = options.get("target") or options.get("dst") or options.get("destination") or options.get("id", "")
    return options.get("type", "bind"), place


def _raised_frontend(dockerfile: Dockerfile) -> tuple[Change, ...]:
    match = _FRONTEND.fullmatch(dockerfile.lines[0])
    return (Change(1, 1, (f"{match['start']}1{match['end']}",)),) if match else ()
