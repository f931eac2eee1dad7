"""Every edit against goldens: `tests/data/fix/*.toml` give a Dockerfile, a place, an edit, and the patch if any."""

from __future__ import annotations

import subprocess
import tomllib
from pathlib import Path
from typing import Any

import pytest

from diagnoser.fix import NAMES, EditError, Place, checked, propose

CASES = [
    pytest.param(case, id=f"{path.stem}: {case['name']}")
    for path in sorted(Path(__file__).with_name("data").joinpath("fix").glob("*.toml"))
    for case in tomllib.loads(path.read_text(encoding="utf-8"))["case"]
]


@pytest.mark.parametrize("case", CASES)
def test_an_edit_gives_its_golden_patch(case: dict[str, Any], tmp_path: Path) -> None:
    for name, text in {"Dockerfile": case["dockerfile"], **case.get("files", {})}.items():
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(text.encode())
    patch = propose(case["edit"], Place(**case.get("place", {})), tmp_path)
    if "patch" not in case:
        assert case["name"].startswith("refused")
        assert patch is None
        return
    assert patch is not None
    assert patch.diff == case["patch"]
    subprocess.run(["git", "apply", "-"], input=patch.diff.encode(), cwd=tmp_path, check=True)
    assert (tmp_path / patch.path).read_bytes() == patch.after


def test_every_edit_has_a_golden() -> None:
    shown = {name for case in CASES for name in case.values[0]["edit"] if "patch" in case.values[0]}  # type: ignore[index]
    assert shown == NAMES - {"run"}


@pytest.mark.parametrize(
    ("edit", "says"),
    [
        ({"insert": "x"}, "no such edit"),
        ({"env": {"A": "1"}}, "give a text"),
        ({"replace-in-step": "x"}, "give a table with with"),
        ({"replace-in-step": {"with": "x"}}, "either match"),
        ({"replace-in-step": {"match": "a", "text": "a", "with": "x"}}, "either match"),
        ({"base-image": {"image": "a", "tag": "b"}}, "image, perhaps of stage"),
    ],
)
def test_what_an_author_must_mend_is_told(edit: dict[str, Any], says: str) -> None:
    with pytest.raises(EditError, match=says):
        checked(edit)
