"""The closed list of edits, by the name that a signature uses."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from diagnoser.fix import add_packages, base, copying, inserts, mount, replace, variables
from diagnoser.fix.change import Changes
from diagnoser.fix.place import Target
from diagnoser.fix.value import EditError, Value, check

_TEXTS: Mapping[str, Callable[[Target, str], Changes]] = {
    "insert-before-step": inserts.before_step,
    "insert-after-step": inserts.after_step,
    "insert-after-from": inserts.after_from,
    "insert-before-from": inserts.before_from,
    "run-as": inserts.run_as,
    "add-packages": add_packages.add_packages,
    "add-mount": mount.add_mount,
    "copy-path": copying.copy_path,
    "arg-default": variables.arg_default,
    "env": variables.env,
    "platform": base.platform,
}
_TABLES: Mapping[str, tuple[Callable[[Target, Mapping[str, str]], Changes], str, str]] = {
    "insert-before-use": (inserts.before_use, "of with", ""),
    "replace-in-step": (replace.in_step, "with", "match text"),
    "replace-in-stage": (replace.in_stage, "match with", "every"),
    "replace-package": (add_packages.replace_package, "name with", ""),
    "replace-in-from": (base.replace_in_from, "match with", "stage"),
    "base-image": (base.base_image, "image", "of stage"),
}
ELSEWHERE = frozenset({"dockerignore", "run"})  # what changes another file, and what is shown only
NAMES = frozenset({*_TEXTS, *_TABLES, *ELSEWHERE})


def checked(edit: Mapping[str, Value]) -> dict[str, Value]:
    """The edit with short forms written out. Raises `EditError` for what its author must mend."""
    return {name: _checked(name, value) for name, value in edit.items()}


def changes(target: Target, name: str, value: Value) -> Changes:
    """What a checked edit changes in the Dockerfile."""
    if name in _TEXTS and isinstance(value, str):
        return _TEXTS[name](target, value)
    if name in _TABLES and not isinstance(value, str):
        return _TABLES[name][0](target, value)
    return None


def _checked(name: str, value: Value) -> Value:
    if name not in NAMES:
        raise EditError(f"{name}: no such edit; there are {', '.join(sorted(NAMES))}")
    if name == "base-image" and isinstance(value, str):
        value = {"image": value}
    _, required, optional = _TABLES.get(name, (None, "", ""))
    check(name, value, required, optional)
    if name == "replace-in-step" and ("match" in value) == ("text" in value):
        raise EditError("replace-in-step: give either match (a regex) or text (a word)")
    return value
