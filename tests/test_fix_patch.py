"""Files: which Dockerfile is meant, what leads out of the context, how a patch is written, what is near."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from diagnoser.fix import Patch, Place, StaleError, apply, nearest, propose

ENV = {"insert-before-step": "ENV A=1"}
STEP = Place(line=2, instruction="RUN x")


def _context(root: Path, *files: str, text: str = "FROM a\nRUN x\n") -> Path:
    for name in files:
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(text.encode())
    return root


def _proposed(context: Path, place: Place = STEP) -> Patch:
    patch = propose(ENV, place, context)
    assert patch is not None
    return patch


def test_apply_keeps_the_mode_and_leaves_no_other_file(tmp_path: Path) -> None:
    _context(tmp_path, "Dockerfile").joinpath("Dockerfile").chmod(0o640)
    apply(_proposed(tmp_path), tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["Dockerfile"]
    assert (tmp_path / "Dockerfile").read_text() == "FROM a\nENV A=1\nRUN x\n"
    assert (tmp_path / "Dockerfile").stat().st_mode & 0o777 == 0o640


def test_apply_refuses_a_file_that_changed_or_went(tmp_path: Path) -> None:
    patch = _proposed(_context(tmp_path, "Dockerfile"))
    (tmp_path / "Dockerfile").write_text("FROM a\nRUN x\n# mine\n")
    with pytest.raises(StaleError, match="changed"):
        apply(patch, tmp_path)
    assert (tmp_path / "Dockerfile").read_text().endswith("# mine\n")
    (tmp_path / "Dockerfile").unlink()
    with pytest.raises(StaleError):
        apply(patch, tmp_path)


def test_a_link_inside_the_context_is_written_through(tmp_path: Path) -> None:
    _context(tmp_path, "docker/base").joinpath("Dockerfile").symlink_to("docker/base")
    apply(_proposed(tmp_path), tmp_path)
    assert (tmp_path / "Dockerfile").is_symlink()
    assert "ENV A=1" in (tmp_path / "docker/base").read_text()


@pytest.mark.parametrize(
    "name", ["/etc/passwd", "../Dockerfile", "a/../../Dockerfile", "Docker\nfile", "", ".", "\x00"]
)
def test_a_name_from_the_log_does_not_lead_out(name: str, tmp_path: Path) -> None:
    _context(tmp_path, "Dockerfile")
    context = _context(tmp_path / "context", "Dockerfile")
    patch = propose(ENV, Place(name, line=2, instruction="RUN x"), context)
    assert patch is None or patch.path == "Dockerfile"
    assert patch is None or (context / patch.path).read_bytes() == patch.before


def test_a_link_out_of_the_context_is_not_followed(tmp_path: Path) -> None:
    _context(tmp_path, "secret")
    context = tmp_path / "context"
    context.mkdir()
    (context / "Dockerfile").symlink_to("../secret")
    assert propose(ENV, STEP, context) is None
    (context / "go.sum").symlink_to("../secret")
    _context(context, "Containerfile")
    assert propose({"copy-path": "go.sum"}, STEP, context) is None


@pytest.mark.parametrize(
    ("files", "place", "path"),
    [
        (["build/Dockerfile"], STEP, "build/Dockerfile"),
        (["build/Dockerfile"], Place("Dockerfile", 2), "build/Dockerfile"),
        (["docker/app.Dockerfile"], Place("docker/app.Dockerfile", 2), "docker/app.Dockerfile"),
        (["Containerfile"], STEP, "Containerfile"),
        (["Dockerfile"], Place("Dockerfile.prod", 2, "RUN x"), "Dockerfile"),
        (["a/Dockerfile", "b/Dockerfile"], STEP, None),
        (["node_modules/x/Dockerfile"], STEP, None),
        ([], STEP, None),
    ],
)
def test_the_dockerfile_of_the_log(files: list[str], place: Place, path: str | None, tmp_path: Path) -> None:
    patch = propose(ENV, place, _context(tmp_path, *files))
    assert (patch.path if patch else None) == path


def test_the_one_that_holds_the_instruction_is_meant(tmp_path: Path) -> None:
    _context(tmp_path, "Dockerfile", text="FROM a\nRUN other\n")
    patch = propose(ENV, STEP, _context(tmp_path, "build/Dockerfile"))
    assert patch is not None
    assert patch.path == "build/Dockerfile"


@pytest.mark.parametrize(
    "content",
    [
        b"FROM a\nRUN x\xff\n",
        "FROM a\nRUN x\n".encode("utf-16"),
        b"FROM a\nRUN x\nNOPE\n",
        b"FROM a\nRUN <<EOF\n",
        b"",
        b"\n\n",
        b"FROM a\nRUN x" + b" y" * 5000,
        b"FROM a\n" + b"RUN x\n" * 60_000,
        b"#syntax=" + b" " * 300_000,
    ],
    ids=["latin1", "utf-16", "unknown instruction", "unterminated", "empty", "blank", "long line", "large", "blanks"],
)
def test_what_cannot_be_edited_is_refused(content: bytes, tmp_path: Path) -> None:
    (tmp_path / "Dockerfile").write_bytes(content)
    assert propose(ENV, Place(line=2), tmp_path) is None


@pytest.mark.parametrize(
    "value", ["ENV A=\x1b[31m", "ENV A=1\rRUN x", "ENV A=1\u2028RUN x", "ENV A=\x00", "ENV A=" + "x" * 3000]
)
def test_values_with_control_characters_are_refused(value: str, tmp_path: Path) -> None:
    assert propose({"insert-before-step": value}, STEP, _context(tmp_path, "Dockerfile")) is None


def test_a_regex_that_explodes_is_cut_short(tmp_path: Path) -> None:
    _context(tmp_path, "Dockerfile", text=f"FROM a\nRUN {'a' * 200}!\n")
    assert propose({"replace-in-step": {"match": "(a|a)+$", "with": "b"}}, Place(line=2), tmp_path) is None


@pytest.mark.parametrize("name", ["Docker file", 'Docker"file', "Dockerfile.é", "Docker\\file"])
def test_git_takes_special_names(name: str, tmp_path: Path) -> None:
    patch = propose(ENV, Place(name, 2), _context(tmp_path, name))
    if "\\" in name:
        assert patch is None
        return
    assert patch is not None
    subprocess.run(["git", "apply", "-"], input=patch.diff.encode(), cwd=tmp_path, check=True)
    assert (tmp_path / name).read_bytes() == patch.after


@pytest.mark.parametrize(
    ("path", "found"),
    [
        ("server/main.go", "cmd/server/main.go"),
        ("Config.yml", "config.yml"),
        ("confg.yml", "config.yml"),
        ("/cmd/servr/", "cmd/server"),
        ("nothing-like-it.bin", None),
        ("dup.txt", None),
        ("config.yml", "config.yml.sample"),
        ("hidden/app.jar", None),
    ],
)
def test_nearest(path: str, found: str | None, tmp_path: Path) -> None:
    names = (
        "cmd/server/main.go",
        "config.yml",
        "config.yml.sample",
        "a/dup.txt",
        "b/dup.txt",
        "out/app.jar",
        ".git/config.yml",
    )
    _context(tmp_path, *names)
    (tmp_path / ".dockerignore").write_text("out\n")
    assert nearest(path, tmp_path) == found
