"""Container engines from Debian's packages, unpacked privately; one runs at a time, at its usual paths."""

from __future__ import annotations

import json
import signal
import subprocess
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from lab import debian, images
from lab.home import lab_home
from lab.namespace import HOME, RESOLVER, mount

DOCKER = ("docker.io", "docker-cli", "docker-buildx", "docker-compose", "containerd")
DOCKER_MEMBERS = ("./usr/sbin/*", "./usr/bin/*", "./usr/libexec/docker/*")
PATIENCE_SECONDS = 60


@dataclass(frozen=True, slots=True)
class Engine:
    """Where an engine's packages come from."""

    suite: str
    packages: tuple[str, ...]
    kind: str = "docker"


ENGINES = {
    "docker26.1": Engine("trixie", DOCKER),
    "docker28.5": Engine("forky", DOCKER),  # forky moves on: once it has another release, this entry gets its name
    "docker20.10": Engine("bookworm", ("docker.io", "containerd")),
    "buildah1.28": Engine("bookworm", ("buildah",), "buildah"),
}


def install(name: str) -> Path:
    """The unpacked programs of an engine, with bookworm's runc beside them; downloaded when missing."""
    engine, root = ENGINES[name], lab_home() / "engines" / name / "root"
    if not root.exists():
        partial = root.with_suffix(".partial")
        if engine.kind == "buildah":
            debian.unpack(debian.download(engine.suite, engine.packages, dependencies=True), partial)
        else:
            debian.unpack(debian.download(engine.suite, engine.packages), partial, *DOCKER_MEMBERS)
            debian.unpack(debian.download("bookworm", ["runc"]), partial, "./usr/sbin/runc")
        partial.rename(root)
    return root


def environment(name: str) -> dict[str, str]:
    """What a person's shell would have, and the engine's programs first on PATH."""
    root = install(name)
    path = f"{root}/usr/bin:{root}/usr/sbin:/usr/sbin:/usr/bin:/sbin:/bin"
    return {"PATH": path, "HOME": str(HOME), "LANG": "C.UTF-8"}


@contextmanager
def running(name: str, references: Iterable[str] = images.IMAGES) -> Iterator[None]:
    """The engine with these base images loaded; stopped at the end. Raises RuntimeError when it does not come up."""
    if ENGINES[name].kind == "buildah":
        mount(lab_home() / "engines" / name / "data", Path("/var/lib/containers"))
        _configure_buildah(install(name))
        _load(
            name,
            ["buildah", "images", "--format", "{{.Name}}:{{.Tag}}"],
            ["buildah", "pull", "-q"],
            "docker-archive:",
            references,
        )
        yield
        return
    mount(lab_home() / "engines" / name / "data", Path("/var/lib/docker"))
    daemon = _start_daemon(name)
    try:
        _load(
            name,
            ["docker", "images", "--format", "{{.Repository}}:{{.Tag}}"],
            ["docker", "load", "-q", "-i"],
            "",
            references,
        )
        yield
    finally:
        daemon.send_signal(signal.SIGTERM)
        daemon.wait(timeout=PATIENCE_SECONDS)
        subprocess.run(["umount", "-l", "/var/lib/docker"], check=True)


def _start_daemon(name: str) -> subprocess.Popen[bytes]:
    plugins = HOME / ".docker" / "cli-plugins"
    plugins.parent.mkdir(exist_ok=True)
    plugins.unlink(missing_ok=True)
    plugins.symlink_to(install(name) / "usr/libexec/docker/cli-plugins")
    settings = lab_home() / "engines" / name / "daemon.json"
    settings.write_text(json.dumps({"dns": [RESOLVER], "builder": {"gc": {"enabled": False}}}))
    log = (lab_home() / "engines" / name / "daemon.log").open("wb")
    daemon = subprocess.Popen(
        ["dockerd", "--config-file", str(settings), "--bridge=none", "--iptables=false", "--ip6tables=false"],
        env=environment(name), stdin=subprocess.DEVNULL, stdout=log, stderr=log, start_new_session=True,
    )  # fmt: skip
    deadline = time.monotonic() + PATIENCE_SECONDS
    while subprocess.run(["docker", "version"], env=environment(name), capture_output=True).returncode != 0:
        if daemon.poll() is not None or time.monotonic() > deadline:
            raise RuntimeError(f"{name} does not come up: see {log.name}")
        time.sleep(0.2)
    return daemon


def _configure_buildah(root: Path) -> None:
    """A policy, Docker Hub for short names, and its libraries in the loader's cache.

    It starts itself again with an empty environment, so LD_LIBRARY_PATH would not reach that child.
    """
    cache = Path("/run/ld.so.cache")
    subprocess.run(["ldconfig", "-C", str(cache), f"{root}/usr/lib/x86_64-linux-gnu"], check=True)
    subprocess.run(["mount", "--bind", str(cache), "/etc/ld.so.cache"], check=True)
    folder = HOME / ".config" / "containers"
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "policy.json").write_text('{"default": [{"type": "insecureAcceptAnything"}]}')
    (folder / "registries.conf").write_text('unqualified-search-registries = ["docker.io"]\n')


def _load(name: str, listing: list[str], loading: list[str], transport: str, references: Iterable[str]) -> None:
    shell = environment(name)
    present = subprocess.run(listing, env=shell, capture_output=True, text=True, check=True).stdout.split()
    for reference in references:
        if not any(line.endswith(reference) for line in present):
            file = lab_home() / "image.tar"
            images.write_archive(reference, file)
            subprocess.run([*loading, f"{transport}{file}"], env=shell, check=True, stdout=subprocess.DEVNULL)
            file.unlink()
