"""Templates: the subset works, and there is no way out of it."""

from __future__ import annotations

import pytest

from diagnoser.template import TemplateError, compile_template, names, render


@pytest.mark.parametrize(
    ("source", "values", "text"),
    [
        ("a {{ x }} b", {"x": "1"}, "a 1 b"),
        ("a {{ x }} b", {}, "a  b"),
        ("{% if x and not y %}1{% elif y == 'q' %}2{% else %}3{% endif %}", {"y": "q"}, "2"),
        ("{% if 'al' in x or x != 'deb' %}y{% endif %}", {"x": "deb"}, ""),
        ("{{ x | basename }}/{{ x | dirname | upper }}", {"x": "/a/b"}, "b//A"),
        ("{{ x | default('none') }}", {}, "none"),
        ("{{ x | shell }}", {"x": "a b; rm -rf /"}, "'a b; rm -rf /'"),
    ],
)
def test_subset(source: str, values: dict[str, str], text: str) -> None:
    assert render(compile_template(source), values) == text


@pytest.mark.parametrize(
    "source",
    [
        "{{ x() }}",
        "{{ x.__class__ }}",
        "{{ x['a'] }}",
        "{{ ''.join(x) }}",
        "{% for a in x %}{% endfor %}",
        "{% set a = 1 %}",
        "{% include 'x' %}",
        "{% import 'x' as y %}",
        "{{ x | attr('y') }}",
        "{{ x | safe }}",
        "{{ 7 * 7 }}",
        "{% if x %}",
        "{{ x if y else z }}",
    ],
)
def test_nothing_else_is_a_template(source: str) -> None:
    with pytest.raises(TemplateError):
        compile_template(source)


def test_a_value_is_never_a_template() -> None:
    assert render(compile_template("{{ x }}"), {"x": "{{ y }}{% if z %}", "y": "no"}) == "{{ y }}{% if z %}"


def test_names() -> None:
    assert set(names(compile_template("{% if a and b == c %}{{ d | default(e) }}{% else %}{{ f }}{% endif %}"))) == set(
        "abcdef"
    )
