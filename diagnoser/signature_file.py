"""The signature file format: one TOML file per root cause, read strictly.

The path of a file below its root is its id: `modules/proxy-timeout.toml` is `modules/proxy-timeout`. Whatever is wrong
with a file is told with its name, the key and what to do (`SignatureError`). CONTRIBUTING.md documents each key.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any, get_args

from diagnoser.literals import NoLiteralError, required_literals
from diagnoser.pattern import Regex, compile_regex
from diagnoser.signature import (
    Confidence,
    Edit,
    Example,
    Pattern,
    Recording,
    Remedy,
    Signature,
    SignatureError,
    Stall,
    Target,
)
from diagnoser.template import Program, TemplateError, compile_template

_ID = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*/[a-z0-9]+(?:-[a-z0-9]+)*")
EDITS = frozenset(
    "insert-before-step insert-before-use insert-after-step insert-after-from insert-before-from run-as replace-in-step "
    "replace-in-stage replace-in-from add-packages replace-package add-mount copy-path arg-default base-image platform "
    "dockerignore env run".split()
)


def is_id(identity: str) -> bool:
    """Whether it is of the form AREA/SLUG."""
    return bool(_ID.fullmatch(identity))


def load(root: Path) -> dict[str, Signature]:
    """All signatures below `root`, by id. Raises `SignatureError` for the first file that is not right."""
    if not root.is_dir():
        raise SignatureError(f"{root}: no such folder; name a folder that holds AREA/SLUG.toml files")
    found = (read(path, root) for path in sorted(root.rglob("*.toml")))
    return {signature.id: signature for signature in found}


def read(path: Path, root: Path) -> Signature:
    """The signature in `path`; its id is the path below `root` without the ending."""
    identity = path.relative_to(root).with_suffix("").as_posix()
    try:
        document = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError) as error:
        raise SignatureError(f"{path}: cannot be read ({error}); save it as UTF-8") from error
    except tomllib.TOMLDecodeError as error:
        raise SignatureError(f"{path}: not TOML: {error}; put a regex between ''' and '''") from error
    if not is_id(identity):
        raise SignatureError(f"{path}: the path must be AREA/SLUG.toml in lower case, got {identity!r}")
    return _signature(identity, _Table(path, "", document))


def _signature(identity: str, table: _Table) -> Signature:
    signature = Signature(
        id=identity,
        title=table.text("title"),
        cause=table.template("cause"),
        transient=table.flag("transient"),
        explains=table.texts("explains"),
        patterns=tuple(_pattern(t) for t in table.tables("pattern")),
        stalls=tuple(_stall(t) for t in table.tables("stall")),
        remedies=tuple(_remedy(t) for t in table.tables("remedy")),
        references=table.texts("references"),
        recordings=tuple(Recording(t.text("file"), t.number("line")) for t in table.tables("log")),
        examples=tuple(Example(t.text("line"), t.optional("not")) for t in table.tables("example")),
        unrecorded=table.optional("unrecorded") or "",
    )
    if not signature.patterns and not signature.stalls:
        raise table.error("pattern", "missing; add [[pattern]] with a regex, or [[stall]]")
    table.finish()
    return signature


def _pattern(table: _Table) -> Pattern:
    pattern = table.regex("regex")
    try:
        literals = required_literals(pattern.source)
    except NoLiteralError as error:
        raise table.error("regex", str(error)) from error
    except re.error as error:
        raise table.error("regex", f"keep to the syntax of Python's re, and (?<name>…): {error}") from error
    return Pattern(
        regex=pattern,
        literals=literals,
        unless=table.optional_regex("unless"),
        command=table.optional_regex("command"),
        confidence=table.choice("confidence", Confidence, "high"),
        source=table.optional("source") or "",
        since=table.optional("since") or "",
        until=table.optional("until") or "",
        gives=tuple(table.constants("gives").items()),
        standard=table.flag("standard"),
    )


def _stall(table: _Table) -> Stall:
    return Stall(float(table.number("after")), table.regex("command"), table.optional_regex("last"))


def _remedy(table: _Table) -> Remedy:
    return Remedy(
        title=table.template("title"),
        target=table.choice("target", Target),
        text=table.template("text", required=False),
        edit=table.edit("edit"),
        unproven=table.optional("unproven") or "",
    )


class _Table:
    """A TOML table that remembers which keys were read, so that a misspelt one is told and not dropped."""

    def __init__(self, path: Path, place: str, values: Mapping[str, Any]) -> None:
        self.path, self.place, self.values = path, place, values
        self.unread = dict.fromkeys(values)
        self.inner: list[_Table] = []

    def error(self, key: str, message: str) -> SignatureError:
        return SignatureError(f"{self.path}: {self.place}{key}: {message}")

    def finish(self) -> None:
        for table in self.inner:
            table.finish()
        for key in self.unread:
            raise self.error(key, "unknown key; see 'The keys of a signature' in CONTRIBUTING.md")

    def take(self, key: str, kind: type, what: str) -> Any:
        self.unread.pop(key, None)
        value = self.values.get(key)
        if value is not None and (not isinstance(value, kind) or (kind is int and isinstance(value, bool))):
            raise self.error(key, f"must be {what}, got {value!r}")
        return value

    def optional(self, key: str) -> str | None:
        value: str | None = self.take(key, str, "a text")
        return value

    def text(self, key: str) -> str:
        value = self.optional(key)
        if not value or not value.strip():
            raise self.error(key, "missing; add a text")
        return value

    def flag(self, key: str) -> bool:
        return bool(self.take(key, bool, "true or false"))

    def number(self, key: str) -> int:
        value = self.take(key, int, "a whole number")
        if value is None or value < 1:
            raise self.error(key, "missing; add a whole number from 1")
        return int(value)

    def texts(self, key: str) -> tuple[str, ...]:
        values = self.take(key, list, "a list of texts") or []
        if not all(isinstance(v, str) for v in values):
            raise self.error(key, "must be a list of texts")
        return tuple(values)

    def tables(self, key: str) -> list[_Table]:
        values = self.take(key, list, f"written as [[{key}]]") or []
        if not all(isinstance(v, dict) for v in values):
            raise self.error(key, f"must be written as [[{key}]]")
        tables = [_Table(self.path, f"[[{key}]] {n}: ", v) for n, v in enumerate(values, 1)]
        self.inner += tables
        return tables

    def choice(self, key: str, kind: Any, default: str | None = None) -> Any:
        value = self.optional(key) or default
        if value not in get_args(kind):
            raise self.error(key, f"must be one of {', '.join(get_args(kind))}, got {value!r}")
        return value

    def optional_regex(self, key: str) -> Regex | None:
        value = self.optional(key)
        return None if value is None else self._compiled(key, value)

    def regex(self, key: str) -> Regex:
        return self._compiled(key, self.text(key))

    def _compiled(self, key: str, value: str) -> Regex:
        try:
            return compile_regex(value)
        except ValueError as error:
            raise self.error(key, f"not a regex: {error}") from error

    def template(self, key: str, required: bool = True) -> Program:
        return self._template(key, self.text(key) if required else self.optional(key) or "")

    def _template(self, key: str, value: str) -> Program:
        try:
            return compile_template(value)
        except TemplateError as error:
            raise self.error(key, str(error)) from error

    def constants(self, key: str) -> Mapping[str, str]:
        value = self.take(key, dict, "a table such as { go_want = '1.21' }") or {}
        if not all(isinstance(v, str) for v in value.values()):
            raise self.error(key, "must be a table of texts")
        return value

    def edit(self, key: str) -> Edit:
        value = self.take(key, dict, "a table such as { insert-before-step = '…' }") or {}
        for name in value:
            if name not in EDITS:
                raise self.error(key, f"unknown edit {name!r}; one of {', '.join(sorted(EDITS))}")
        return {name: self._edit(key, inner) for name, inner in value.items()}

    def _edit(self, key: str, value: Any) -> Program | dict[str, Program]:
        if isinstance(value, dict) and all(isinstance(v, str) for v in value.values()):
            return {name: self._template(key, inner) for name, inner in value.items()}
        if not isinstance(value, str):
            raise self.error(key, "an edit's value must be a text, or a table of texts")
        return self._template(key, value)
