"""The values of an edit: a text, or a table of texts. A log fills them, so they are checked before use."""

from __future__ import annotations

import re
from collections.abc import Mapping

Value = str | Mapping[str, str]

_LONGEST = 2000
_TIMEOUT = 0.2  # seconds; a regex that an author wrote badly must not hang on a Dockerfile


class EditError(ValueError):
    """An edit is written wrongly: an unknown name, a missing key. The signature's author mends it."""


def is_plain(value: Value) -> bool:
    """No line breaks, no control characters, nothing of endless length; an empty text is none."""
    texts = (value,) if isinstance(value, str) else tuple(value.values())
    return all(
        len(text) <= _LONGEST and not re.search(r"[\x00-\x08\x0a-\x1f\x7f\x85\u2028\u2029]", text) for text in texts
    )


def check(name: str, value: Value, required: str, optional: str = "") -> None:
    """Raises `EditError` unless the value is a table with these keys (named between blanks), or a text where `required`
    is empty."""
    if not required:
        if not isinstance(value, str):
            raise EditError(f"{name}: give a text, not a table")
        return
    keys = set() if isinstance(value, str) else set(value)
    if not set(required.split()) <= keys <= {*required.split(), *optional.split()}:
        raise EditError(f"{name}: give a table with {required}" + (f", perhaps {optional}" if optional else ""))


def substituted(pattern: str, replacement: str, line: str) -> str:
    """`line` with every match replaced; a regex that is broken by what a log filled in, or takes too long, has none."""
    import regex  # costs more than all other edits

    try:
        return regex.sub(pattern, replacement, line, timeout=_TIMEOUT)
    except (TimeoutError, regex.error, IndexError):
        return line
