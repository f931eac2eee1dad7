"""Remedy templates: a subset of Jinja2, parsed by Jinja2 once, run here without it.

Signatures are data, also those of others. A template can name values, test them and pass them through a closed list of
filters; there is no way to a call, an attribute or a loop. What Jinja2 parses is kept as plain tuples (`Program`), so a
report needs neither the Jinja2 import (50 ms) nor a sandbox around generated code.
"""

from __future__ import annotations

import posixpath
from collections.abc import Callable, Iterator, Mapping
from typing import Any

Program = tuple[Any, ...]

FILTERS: dict[str, Callable[..., str]] = {
    "lower": str.lower,
    "upper": str.upper,
    "trim": str.strip,
    "basename": posixpath.basename,
    "dirname": posixpath.dirname,
    "default": lambda value, other="": value or other,
    "shell": lambda value: _quoted(value),
}


def _quoted(value: str) -> str:
    import shlex

    return shlex.quote(value)


class TemplateError(ValueError):
    """The template is not of the subset. The text says what to do."""


def compile_template(source: str) -> Program:
    """Parse `source`. Raises `TemplateError`."""
    from jinja2 import Environment, TemplateSyntaxError

    try:
        tree = Environment(trim_blocks=False).parse(source.strip("\n"))
    except TemplateSyntaxError as error:
        raise TemplateError(f"line {error.lineno}: {error.message}") from error
    return _body(tree.body)


def names(program: Program) -> Iterator[str]:
    """Every value that the program asks for."""
    if program and program[0] == "name":
        yield program[1]
    for part in program:
        if isinstance(part, tuple):
            yield from names(part)


def texts(program: Program) -> Iterator[str]:
    """Every piece of fixed text."""
    if program and program[0] == "text":
        yield program[1]
    for part in program:
        if isinstance(part, tuple):
            yield from texts(part)


def unquoted(program: Program) -> Iterator[str]:
    """Every value that is put out as it is, without the filter `shell`."""
    for node in program:
        if node[0] == "out":
            yield from _bare(node[1])
        elif node[0] == "if":
            yield from (name for _, body in node[1] for name in unquoted(body))


def _bare(node: Program) -> Iterator[str]:
    if node[0] == "name":
        yield node[1]
    elif not (node[0] == "filter" and node[1] == "shell"):
        for part in node[1:]:
            for inner in part if isinstance(part, tuple) and part and isinstance(part[0], tuple) else (part,):
                yield from _bare(inner) if isinstance(inner, tuple) and inner else ()


def render(program: Program, values: Mapping[str, str]) -> str:
    """The text of the program; a value that is absent is empty."""
    return "".join(_run(node, values) for node in program)


def _run(node: Program, values: Mapping[str, str]) -> str:
    if node[0] == "text":
        return str(node[1])
    if node[0] == "out":
        return str(_value(node[1], values))
    for test, body in node[1]:
        if test is None or _value(test, values):
            return render(body, values)
    return ""


def _value(node: Program, values: Mapping[str, str]) -> Any:
    kind = node[0]
    if kind == "name":
        return values.get(node[1]) or ""
    if kind == "const":
        return node[1]
    if kind == "filter":
        return FILTERS[node[1]](str(_value(node[2], values)), *(str(_value(a, values)) for a in node[3]))
    if kind == "not":
        return not _value(node[1], values)
    left, right = _value(node[1], values), node[2]
    if kind == "and":
        return left and _value(right, values)
    if kind == "or":
        return left or _value(right, values)
    return _COMPARE[kind](left, _value(right, values))


_COMPARE: dict[str, Callable[[Any, Any], bool]] = {
    "eq": lambda a, b: a == b,
    "ne": lambda a, b: a != b,
    "in": lambda a, b: str(a) in str(b),
    "notin": lambda a, b: str(a) not in str(b),
}


def _body(nodes: list[Any]) -> Program:
    return tuple(part for node in nodes for part in _statement(node))


def _statement(node: Any) -> Iterator[Program]:
    kind = type(node).__name__
    if kind == "Output":
        for part in node.nodes:
            text = type(part).__name__ == "TemplateData"
            yield ("text", part.data) if text else ("out", _expression(part))
    elif kind == "If":
        branches = [node, *node.elif_]
        tests = [(_expression(b.test), _body(b.body)) for b in branches]
        yield ("if", (*tests, (None, _body(node.else_))))
    else:
        raise TemplateError(f"line {node.lineno}: {kind} is not allowed; only {{{{ name }}}} and {{% if %}} are")


def _expression(node: Any) -> Program:
    kind = type(node).__name__
    if kind == "Name":
        return ("name", node.name)
    if kind == "Const":
        return ("const", node.value if isinstance(node.value, str) else str(node.value))
    if kind == "Not":
        return ("not", _expression(node.node))
    if kind in ("And", "Or"):
        return (kind.lower(), _expression(node.left), _expression(node.right))
    if kind == "Compare" and len(node.ops) == 1 and node.ops[0].op in _COMPARE:
        return (node.ops[0].op, _expression(node.expr), _expression(node.ops[0].expr))
    if kind == "Filter" and node.name in FILTERS and not node.kwargs:
        return ("filter", node.name, _expression(node.node), tuple(_expression(a) for a in node.args))
    raise TemplateError(
        f"line {node.lineno}: {kind} is not allowed; use names, and, or, not, ==, !=, in, and the filters {', '.join(FILTERS)}"
    )
