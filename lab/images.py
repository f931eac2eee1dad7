"""Base images made on the spot: Alpine and Debian look-alikes, with and without Go. No registry is asked."""

from __future__ import annotations

import hashlib
import io
import json
import re
import shutil
import subprocess
import tarfile
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

from lab import debian, golang
from lab.home import lab_home
from lab.worlds.certificates import authority

SYSTEM_PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"
GO_ENVIRONMENT = ("GOTOOLCHAIN=local", "GOPATH=/go", f"PATH=/go/bin:/usr/local/go/bin:{SYSTEM_PATH}")
SLIM = (
    *("apt", "base-files", "base-passwd", "bash", "coreutils", "dash", "debconf", "debian-archive-keyring"),
    *("diffutils", "dpkg", "findutils", "grep", "gzip", "hostname", "libc-bin", "login", "mawk", "passwd"),
    *("perl-base", "sed", "tar", "util-linux"),
)
BUILD = (*SLIM, "ca-certificates", "curl", "gcc", "git", "libc6-dev", "make", "openssh-client", "pkg-config", "wget")
# Programs of other families, on Debian's feet: `dnf` and `rpm` with what makes packages for them.
RPM = (*SLIM, "createrepo-c", "dnf", "dnf-plugins-core", "rpm")
PACMAN = (*SLIM, "gnupg", "libarchive-tools", "makepkg", "pacman-package-manager")
PACKAGES = {"slim": SLIM, "build": BUILD, "rpm": RPM, "pacman": PACMAN}
MERGED = ("bin", "sbin", "lib", "lib64")


@dataclass(frozen=True, slots=True)
class Image:
    """Layers, lowest first, and the environment of the containers."""

    layers: tuple[str, ...]
    environment: tuple[str, ...] = (f"PATH={SYSTEM_PATH}",)
    directory: str = "/"


IMAGES = {
    "alpine:3.20": Image(("alpine",)),
    "golang:1.22-alpine": Image(("alpine", "go1.22"), GO_ENVIRONMENT, "/go"),
    "golang:1.27-alpine": Image(("alpine", "go1.27"), GO_ENVIRONMENT, "/go"),
    "golang:1.19": Image(("build", "go1.19"), GO_ENVIRONMENT, "/go"),
    "golang:1.21": Image(("build", "go1.21"), GO_ENVIRONMENT, "/go"),
    "golang:1.22": Image(("build", "go1.22"), GO_ENVIRONMENT, "/go"),
    "debian:bookworm-slim": Image(("slim",)),
    "rockylinux:9": Image(("rpm",)),
    "archlinux:latest": Image(("pacman",)),
}


def busybox() -> Path:
    """Debian's static busybox, unpacked."""
    folder = lab_home() / "busybox"
    if not folder.exists():
        debian.unpack(debian.download("bookworm", ["busybox-static", "musl"]), folder)
    return folder / "bin" / "busybox"


def bundle() -> bytes:
    """The machine's certificate authorities and the lab's own."""
    kept = lab_home() / "pki" / "bundle.crt"
    if not kept.exists():
        own = authority().cert_pem.bytes()
        kept.write_bytes(Path("/etc/ssl/certs/ca-certificates.crt").read_bytes() + own)
    return kept.read_bytes()


def named_in(texts: Iterable[str]) -> set[str]:
    """The images that Dockerfiles and commands ask for."""
    everything = "\n".join(texts)
    return {reference for reference in IMAGES if re.search(rf"{re.escape(reference)}(?![\w.-])", everything)}


def download(references: Iterable[str]) -> None:
    """All that the images are made of; needs the network, so it comes before the namespace."""
    for layer in {layer for reference in references for layer in IMAGES[reference].layers}:
        if layer.startswith("go"):
            golang.goroot(layer.removeprefix("go"))
        elif layer in PACKAGES:
            debian.download("bookworm", PACKAGES[layer], dependencies=True)


def _archive_head(reference: str) -> bytes:
    """The small head of a docker-archive: manifest and config. `layer_files` gives the rest."""
    image, layers = IMAGES[reference], layer_files(reference)
    config = json.dumps({
        "architecture": "amd64", "os": "linux",
        "config": {"Env": list(image.environment), "Cmd": ["/bin/sh"], "WorkingDir": image.directory},
        "rootfs": {"type": "layers", "diff_ids": [f"sha256:{_digest(layer)}" for layer in layers]},
        "history": [{"created": "2024-06-20T20:21:40Z", "created_by": f"ADD {layer.name} in /"} for layer in layers],
        "created": "2024-06-20T20:21:40Z",
    })  # fmt: skip
    manifest = json.dumps(
        [{"Config": "config.json", "RepoTags": [reference], "Layers": [layer.name for layer in layers]}]
    )
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w") as tar:
        for name, text in (("manifest.json", manifest), ("config.json", config)):
            entry = tarfile.TarInfo(name)
            entry.size = len(text)
            tar.addfile(entry, io.BytesIO(text.encode()))
    return buffer.getvalue()


def write_archive(reference: str, target: Path) -> None:
    """A docker-archive file that `docker load` and `buildah pull docker-archive:` read."""
    target.write_bytes(_archive_head(reference))
    with tarfile.open(target, "a") as tar:
        for layer in layer_files(reference):
            tar.add(layer, layer.name)


def layer_files(reference: str) -> list[Path]:
    """The tars of an image's layers; made when missing."""
    return [_layer(name) for name in IMAGES[reference].layers]


def _layer(name: str) -> Path:
    tar = lab_home() / "layers" / f"{name}.tar"
    if not tar.exists():
        tree = lab_home() / "layers" / name
        shutil.rmtree(tree, ignore_errors=True)
        tree.mkdir(parents=True)
        _fill(name)(tree)
        partial = tar.with_suffix(".partial")
        subprocess.run(["tar", "-C", str(tree), "--numeric-owner", "-cf", str(partial), "."], check=True)
        partial.rename(tar)
        shutil.rmtree(tree)
    return tar


def _fill(name: str) -> Callable[[Path], None]:
    if name.startswith("go"):
        return lambda tree: _go(tree, name.removeprefix("go"))
    if name == "rpm":
        return _rpm
    return _alpine if name == "alpine" else lambda tree: _debian(tree, PACKAGES[name])


def _digest(layer: Path) -> str:
    kept = layer.with_suffix(".sha256")
    if not kept.exists():
        with layer.open("rb") as stream:
            kept.write_text(hashlib.file_digest(stream, "sha256").hexdigest())
    return kept.read_text()


def _go(tree: Path, release: str) -> None:
    """The toolchain and its build cache: hard links, as both can be 300 MB."""
    golang.warm(release)
    for source, place in (
        (golang.goroot(release), "usr/local/go"),
        (golang.build_cache(release), "root/.cache/go-build"),
    ):
        (tree / place).parent.mkdir(parents=True, exist_ok=True)
        subprocess.run(["cp", "-al", str(source), str(tree / place)], check=True)
    (tree / "go").mkdir()


def _alpine(tree: Path) -> None:
    box = busybox()
    for folder in ("bin", "sbin", "usr/bin", "lib", "root", "proc", "sys", "dev", "etc/ssl/certs", "tmp", "var"):
        (tree / folder).mkdir(parents=True, exist_ok=True)
    (tree / "tmp").chmod(0o1777)
    shutil.copy(box, tree / "bin" / "busybox")
    applets = subprocess.run([str(box), "--list"], capture_output=True, text=True, check=True).stdout.split()
    for applet in set(applets) - {"busybox"}:
        (tree / "bin" / applet).symlink_to("busybox")
    shutil.copy(box.parent.parent / "lib/x86_64-linux-musl/libc.so", tree / "lib/ld-musl-x86_64.so.1")
    (tree / "etc/ssl/certs/ca-certificates.crt").write_bytes(bundle())
    (tree / "etc/passwd").write_text("root:x:0:0:root:/root:/bin/sh\nnobody:x:65534:65534:nobody:/:/sbin/nologin\n")
    (tree / "etc/group").write_text("root:x:0:\nnobody:x:65534:\n")
    (tree / "etc/os-release").write_text(
        'NAME="Alpine Linux"\nID=alpine\nVERSION_ID=3.20.3\nPRETTY_NAME="Alpine Linux v3.20"\n'
    )


def _debian(tree: Path, packages: tuple[str, ...]) -> None:
    """Packages unpacked and entered in dpkg's list as installed; no maintainer script runs, so it takes seconds."""
    for name in MERGED:
        (tree / "usr" / name).mkdir(parents=True)
        (tree / name).symlink_to(f"usr/{name}")
    debs = debian.download("bookworm", packages, dependencies=True)
    debian.unpack(debs, tree)
    status = tree / "var/lib/dpkg/status"
    status.parent.mkdir(parents=True, exist_ok=True)
    (status.parent / "info").mkdir(exist_ok=True)
    (status.parent / "updates").mkdir(exist_ok=True)
    status.write_text("\n".join(_installed(deb) for deb in debs))
    for name in ("passwd", "group"):
        shutil.copy(tree / f"usr/share/base-passwd/{name}.master", tree / "etc" / name)
    (tree / "etc/ssl/certs").mkdir(parents=True, exist_ok=True)
    (tree / "etc/ssl/certs/ca-certificates.crt").write_bytes(bundle())
    (tree / "etc/apt/sources.list").write_text("deb [trusted=yes] http://deb.debian.example/debian bookworm main\n")
    (tree / "usr/bin/awk").symlink_to("mawk")
    (tree / "tmp").chmod(0o1777)
    subprocess.run(["chroot", str(tree), "ldconfig"], check=True)


def _rpm(tree: Path) -> None:
    """What the family has, and without the repository of local packages that Debian's dnf asks first."""
    _debian(tree, PACKAGES["rpm"])
    (tree / "etc/dnf/plugins/local.conf").unlink()
    (tree / "etc/dnf/vars/releasever").write_text("9\n")
    (tree / "etc/yum.repos.d").mkdir(exist_ok=True)
    os_release = tree / "etc/os-release"
    os_release.unlink()
    os_release.write_text('NAME="Rocky Linux"\nID="rocky"\nVERSION_ID="9.3"\nPRETTY_NAME="Rocky Linux 9.3"\n')


def _installed(deb: Path) -> str:
    control = subprocess.run(["dpkg-deb", "-f", str(deb)], capture_output=True, text=True, check=True).stdout
    first, rest = control.split("\n", 1)
    return f"{first}\nStatus: install ok installed\n{rest}"
