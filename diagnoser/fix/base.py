"""Edits of FROM: the image, its platform."""

from __future__ import annotations

import re
from collections.abc import Mapping

from diagnoser.dockerfile import Dockerfile, Stage, expand, global_arguments, lineage, stage_named
from diagnoser.fix.change import Changes
from diagnoser.fix.inserts import from_of
from diagnoser.fix.place import Target
from diagnoser.fix.value import substituted
from diagnoser.fix.variables import give
from diagnoser.fix.words import Word, plain_words, rewritten

_IMAGE = re.compile(r"(?P<repository>[^@]*?)(?::(?P<tag>[^:/@]*))?(?:@.*)?")
_REFERENCE = re.compile(r"\$\{(?P<braced>\w+)[^}]*\}|\$(?P<bare>\w+)")
_PLATFORM = re.compile(r"[\w$./{}-]+")
_FLAVOURS = ("alpine", "slim", "cli", "fpm", "apache", "windowsservercore", "nanoserver")


def replace_in_from(target: Target, value: Mapping[str, str]) -> Changes:
    """`{match, with}` on the image of the failing stage, or of the one that `stage` names, or where neither is known
    of all stages; an image made with a global ARG is changed at the ARG."""
    named = _stage(target, value)
    stages = target.dockerfile.stages if named is None and "stage" not in value else (named,)
    found = [_replaced(target.dockerfile, stage, value) for stage in stages if stage is not None]
    changes = {change.first: change for replaced in found for change in replaced or ()}
    return tuple(changes.values()) or None


def base_image(target: Target, value: Mapping[str, str]) -> Changes:
    """The failing (or named) stage builds from `image`. Of the same repository only the tag changes: registry,
    `-alpine` and `-slim` stay. `of`: only where the base is this repository so far."""
    stage = _stage(target, value)
    if stage is None:
        return None
    current = _image(target.dockerfile, stage)
    if "of" in value and _last_name(current) != value["of"].rpartition("/")[2]:
        return None
    return _retarget(target.dockerfile, stage, _merged(current, value["image"]))


def platform(target: Target, value: str) -> Changes:
    """FROM of the failing stage gets `--platform=value`, or another one than it has."""
    if target.stage is None or not _PLATFORM.fullmatch(value):
        return None
    dockerfile, stage = target.dockerfile, lineage(target.dockerfile, target.stage)[-1]
    keyword, *words = _from_words(dockerfile, stage)
    for word in words:
        if word.text.startswith("--platform="):
            return rewritten(dockerfile, word, f"--platform={value}")
    return rewritten(dockerfile, keyword, f"{keyword.text} --platform={value}")


def _stage(target: Target, value: Mapping[str, str]) -> Stage | None:
    """The stage whose FROM names the image of the failing stage, or of the one in `value`."""
    stage = stage_named(target.dockerfile, value["stage"]) if "stage" in value else target.stage
    return None if stage is None else lineage(target.dockerfile, stage)[-1]


def _replaced(dockerfile: Dockerfile, stage: Stage, value: Mapping[str, str]) -> Changes:
    current = _image(dockerfile, stage)
    wanted = substituted(value["match"], value["with"], current)
    return _retarget(dockerfile, stage, wanted) if wanted != current else None


def _image(dockerfile: Dockerfile, stage: Stage) -> str:
    return expand(stage.base.strip("\"'"), global_arguments(dockerfile))


def _retarget(dockerfile: Dockerfile, stage: Stage, image: str) -> Changes:
    if _image(dockerfile, stage) == image:
        return ()
    if not re.fullmatch(r"[\w./:@${}-]+", image):
        return None
    for name, value in _solutions(dockerfile, stage.base.strip("\"'"), image):
        for instruction in dockerfile.instructions:
            is_global = instruction.keyword == "ARG" and instruction.stage_index < 0
            if is_global and (changes := give(dockerfile, instruction, name, value)):
                return changes
    word = next((w for w in _from_words(dockerfile, stage)[1:] if not w.text.startswith("--")), None)
    return None if word is None else rewritten(dockerfile, word, image)


def _solutions(dockerfile: Dockerfile, template: str, image: str) -> list[tuple[str, str]]:
    """Values of one variable each that make `template` read `image`."""
    values, found = global_arguments(dockerfile), []
    for reference in _REFERENCE.finditer(template):
        before = expand(template[: reference.start()], values)
        after = expand(template[reference.end() :], values)
        middle = image[len(before) : len(image) - len(after)]
        if middle and f"{before}{middle}{after}" == image:
            found.append((reference["braced"] or reference["bare"], middle))
    return found


def _merged(current: str, wanted: str) -> str:
    """`wanted` with the registry and the flavour of `current` where both are the same repository."""
    old, new = _IMAGE.fullmatch(current), _IMAGE.fullmatch(wanted)
    if old is None or new is None or _last_name(current) != _last_name(wanted):
        return wanted
    tag = new["tag"] or "latest"
    if "-" not in tag:
        words = re.split(r"-", old["tag"] or "")
        kept = [flavour for word in words for flavour in _FLAVOURS if re.fullmatch(rf"{flavour}[\d.]*", word)]
        tag = "-".join([tag, *kept])
    return f"{old['repository']}:{tag}"


def _last_name(image: str) -> str:
    match = _IMAGE.fullmatch(image)
    return match["repository"].rpartition("/")[2] if match else image


def _from_words(dockerfile: Dockerfile, stage: Stage) -> tuple[Word, ...]:
    return plain_words(dockerfile, from_of(dockerfile, stage))
