"""The remedies that change something (an edit or a command), and the table of those that a build has proven."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from pathlib import Path

from lab.home import REPOSITORY

SIGNATURES = REPOSITORY / "signatures"
TABLE = REPOSITORY / "lab" / "proven.toml"
AREAS = ("modules", "compile", "cgo", "docker", "os-packages", "fetch", "runtime", "advice", "ci")
HEAD = """# Remedies that a build of the lab has proven: broken, diagnosed, changed as the remedy says, built again.
# Written by `make lab-fix KEEP=--keep`; `title` is the remedy's as its signature has it.
"""


@dataclass(frozen=True, slots=True)
class Named:
    """A remedy by its place in its signature. `unproven` is the author's reason why no build shows it."""

    signature: str
    position: int
    title: str
    is_command: bool = False
    unproven: str = ""

    @property
    def key(self) -> tuple[str, str]:
        return self.signature, self.title


@dataclass(frozen=True, slots=True)
class Proof:
    """`next_cause` is what the second build failed of, where two faults were planted; empty where it passed."""

    signature: str
    title: str
    scenario: str
    engine: str
    date: str
    next_cause: str = ""

    @property
    def key(self) -> tuple[str, str]:
        return self.signature, self.title


def remedies(area: str = "") -> list[Named]:
    """All with an edit in the areas whose builds the lab can run, by path; `area` may be an area or a signature."""
    files = (file for name in AREAS for file in sorted((SIGNATURES / name).glob("*.toml")))
    return [named for file in files for named in _of(file) if named.signature.startswith(area)]


def _of(file: Path) -> list[Named]:
    content = tomllib.loads(file.read_text())
    signature = f"{file.parent.name}/{file.stem}"
    return [Named(signature, position, remedy["title"], "run" in remedy["edit"], remedy.get("unproven", ""))
            for position, remedy in enumerate(content.get("remedy", ())) if remedy.get("edit")]  # fmt: skip


def proven() -> dict[tuple[str, str], Proof]:
    """The committed table, by signature and title."""
    rows = tomllib.loads(TABLE.read_text()).get("proof", ()) if TABLE.exists() else ()
    proofs = (Proof(**row) for row in rows)
    return {proof.key: proof for proof in proofs}


def keep(proof: Proof) -> None:
    """Add one row to the table; those of remedies that are no longer there go."""
    known = {named.key for named in remedies()}
    proofs = proven() | {proof.key: proof}
    rows = [_row(proofs[key]) for key in sorted(known & set(proofs))]
    TABLE.write_text("\n".join([HEAD, *rows]))


def _row(proof: Proof) -> str:
    fields = ("signature", "title", "scenario", "engine", "date", *(("next_cause",) if proof.next_cause else ()))
    return "[[proof]]\n" + "".join(f"{field} = {_literal(getattr(proof, field))}\n" for field in fields)


def _literal(text: str) -> str:
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'
