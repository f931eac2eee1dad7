"""Since when the standard library has a name; the versions are those of the release notes."""

from __future__ import annotations

import pytest

from diagnoser.gostd import since


@pytest.mark.parametrize(
    ("package", "symbol", "version"),
    [
        ("context", None, "1.7"),
        ("embed", None, "1.16"),
        ("io/fs", None, "1.16"),
        ("fs", None, "1.16"),
        ("slices", None, "1.21"),
        ("log/slog", None, "1.21"),
        ("math/rand/v2", None, "1.22"),
        ("fmt", None, "1.0"),
        ("strings", "Cut", "1.18"),
        ("os", "ReadFile", "1.16"),
        ("errors", "Is", "1.13"),
        ("net/http", "Request.PathValue", "1.22"),
        ("http", "NewRequestWithContext", "1.13"),
        ("rand", "N", "1.22"),
        ("types", "TypeName.IsAlias", "1.9"),
        ("builtin", "min", "1.21"),
        ("builtin", "any", "1.18"),
        ("strings", "Index", None),
        ("strings", "Nope", None),
        ("strings", "", None),
        ("rand", None, None),
        ("template", "HTML", None),
        ("golang.org/x/net/context", None, None),
        ("", None, None),
        (".*", None, None),
        ("net/http", "Request.PathValue Response", None),
    ],
)
def test_since(package: str, symbol: str | None, version: str | None) -> None:
    assert since(package, symbol) == version
