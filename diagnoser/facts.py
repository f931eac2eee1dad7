"""What a template may name beside its captures: facts of the failing step and of the build."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path

from diagnoser.steps import Log, Step

NAMES = frozenset(
    "stage instruction dockerfile dockerfile_line exit_code builder base_image package_manager go_version silence nearest".split()
)
_FROM = re.compile(r"FROM\s+(?:--\S+\s+)*(\S+)", re.IGNORECASE)
_METADATA = re.compile(
    r"(?:\[[^\]]*internal\] load metadata for |resolve image config for (?:docker-image://)?|FROM )(\S+)"
)
_DEFAULT_REGISTRY = re.compile(r"^docker\.io/(?:library/)?")
_GO_IMAGE = re.compile(r"golang:(\d+\.\d+(?:\.\d+)?)")
_COMMANDS = re.compile(
    r"\b(?:(apk)|(apt)(?:-get)?|(?:micro)?(dnf)|(yum))\s+(?:-\S+\s+)*(?:add|install|update|upgrade|del|remove)"
)
# Words of an image's name, for each package manager.
_IMAGES = {
    "apk": ("alpine",),
    "dnf": ("fedora", "ubi9", "ubi8", "rocky", "alma"),
    "yum": ("centos", "amazonlinux", "ubi7"),
    "apt": tuple(
        "debian ubuntu golang node python ruby jessie stretch buster bullseye bookworm trixie slim xenial bionic focal jammy noble".split()
    ),
}


def of(log: Log, step: int | None, context: Path | None = None) -> dict[str, str]:
    """The facts of the step that failed; what is not known is not there."""
    if step is None:
        return {"builder": log.builder}
    this = log.steps[step]
    image = _base_image(log, this)
    go = _GO_IMAGE.search(image)
    values = {
        "stage": this.stage,
        "instruction": this.instruction,
        "dockerfile": this.dockerfile,
        "dockerfile_line": this.line,
        "exit_code": this.exit_code,
        "builder": log.builder,
        "base_image": image,
        "package_manager": _manager(image, this.instruction or ""),
        "go_version": go[1] if go else None,
    }
    return {name: str(value) for name, value in values.items() if value not in (None, "")}


def nearest(captures: Mapping[str, str], context: Path | None) -> dict[str, str]:
    """The path in the build's folder that a path of the log was most likely meant to be."""
    path = captures.get("path") or captures.get("file")
    if not path or context is None or not (context / "Dockerfile").is_file():
        return {}
    from diagnoser import fix

    found = fix.nearest(path, context)
    return {"nearest": found} if found else {}


def in_words(values: Mapping[str, str]) -> dict[str, str]:
    """For use inside Markdown code: a value cannot end the code it stands in."""
    return {name: value.replace("`", "'").replace("\n", " ") for name, value in values.items()}


def _base_image(log: Log, step: Step) -> str:
    """The image that the step itself asks for, else the FROM of its stage, as the log names it."""
    asked = _METADATA.match(step.name)
    if asked:
        return _DEFAULT_REGISTRY.sub("", asked[1].split("@")[0])
    for other in reversed(log.steps[: step.number + 1]):
        match = _FROM.match(other.instruction or "")
        if match and (other.stage == step.stage or log.builder == "legacy"):
            return _DEFAULT_REGISTRY.sub("", match[1].split("@")[0])
    return ""


def _manager(image: str, instruction: str) -> str:
    """By what the instruction calls, else by the image's name."""
    command = _COMMANDS.search(instruction)
    if command:
        return str(next(filter(None, command.groups())))
    return next((name for name, words in _IMAGES.items() if any(word in image for word in words)), "")
