"""Debian packages of any suite, downloaded and unpacked under the lab's home; nothing is installed."""

from __future__ import annotations

import os
import re
import subprocess
from collections.abc import Iterable
from pathlib import Path

from lab.home import lab_home

KEYRING = "/usr/share/keyrings/debian-archive-keyring.gpg"
APT_FOLDERS = ("lists/partial", "cache/archives/partial")


def host_mirror() -> str:
    """The mirror that this machine's own apt uses. Raises LookupError on a machine without one."""
    etc = Path("/etc/apt")
    for file in (etc / "sources.list", *sorted((etc / "sources.list.d").glob("*"))):
        lines = file.read_text().splitlines() if file.is_file() else []
        for line in lines:
            found = re.search(r"https?://\S+/debian/?(?=\s|$)", line)
            if found and not line.lstrip().startswith("#"):
                return found[0]
    raise LookupError("no Debian mirror in /etc/apt: the lab runs on Debian machines")


def download(suite: str, packages: Iterable[str], *, dependencies: bool = False) -> list[Path]:
    """The .deb files of `packages`, with all they depend on if asked; kept, so that a second call downloads nothing."""
    wanted = sorted(packages)
    state = lab_home() / "apt" / suite
    folder = lab_home() / "debs" / suite / ("all-" if dependencies else "") / "+".join(wanted)[:120]
    complete = folder / ".complete"
    if not complete.exists() or complete.read_text() != "\n".join(wanted):
        folder.mkdir(parents=True, exist_ok=True)
        environment = _private_apt(suite, state)
        if dependencies:
            _run(
                [
                    "apt-get",
                    "-qq",
                    "-y",
                    "--no-install-recommends",
                    "--download-only",
                    f"-oDir::Cache::archives={folder}",
                    "install",
                    *wanted,
                ],
                folder,
                environment,
            )
        else:
            _run(["apt-get", "-qq", "download", *wanted], folder, environment)
        complete.write_text("\n".join(wanted))
    return sorted(folder.glob("*.deb"))


def unpack(debs: Iterable[Path], root: Path, *members: str) -> None:
    """Unpack `debs` into `root`, all of them or the tar `members` alone (shell wildcards, `./usr/bin/docker*`)."""
    root.mkdir(parents=True, exist_ok=True)
    for deb in debs:
        data = subprocess.Popen(["dpkg-deb", "--fsys-tarfile", str(deb)], stdout=subprocess.PIPE)
        chosen = ["--wildcards", *members] if members else []
        # A package that holds none of the members makes tar complain; that is no failure.
        done = subprocess.run(
            ["tar", "-x", "-C", str(root), "--keep-directory-symlink", *chosen],
            stdin=data.stdout,
            stderr=subprocess.PIPE,
        )
        if data.wait() != 0 or (done.returncode != 0 and not members):
            raise RuntimeError(f"cannot unpack {deb.name}: {done.stderr.decode()}")


def _private_apt(suite: str, state: Path) -> dict[str, str]:
    """An apt state of its own for `suite`; gives the environment that makes apt use it."""
    for name in APT_FOLDERS:
        (state / name).mkdir(parents=True, exist_ok=True)
    (state / "status").touch()
    (state / "sources.list").write_text(f"deb [signed-by={KEYRING}] {host_mirror()} {suite} main\n")
    (state / "conf").write_text(
        f'Dir::Etc::sourcelist "{state}/sources.list"; Dir::Etc::sourceparts "-"; Dir::State::lists "{state}/lists";\n'
        f'Dir::State::status "{state}/status"; Dir::Cache "{state}/cache"; APT::Sandbox::User "root";\n'
        'Acquire::Languages "none"; Acquire::IndexTargets::deb::Contents-deb::DefaultEnabled "false";\n'
    )
    environment = os.environ | {"APT_CONFIG": str(state / "conf"), "DEBIAN_FRONTEND": "noninteractive"}
    if not any((state / "lists").glob("*Packages*")):
        _run(["apt-get", "-qq", "update"], state, environment)
    return environment


def _run(command: list[str], folder: Path, environment: dict[str, str]) -> None:
    subprocess.run(command, cwd=folder, env=environment, check=True, stdout=subprocess.DEVNULL)
