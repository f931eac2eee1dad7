"""Every remedy that changes something is proven by a build of the lab, says why not, or is listed as open."""

from __future__ import annotations

import tomllib

import pytest

from lab.home import PROOFS, REPOSITORY, SCENARIOS
from lab.remedies import Named, Proof, proven, remedies
from lab.scenario import scenarios
from lab.targets import target

PROVEN = proven()
# Neither proven yet nor known to be unprovable. The list may only become shorter.
OPEN = {
    (entry["signature"], entry["title"])
    for entry in tomllib.loads((REPOSITORY / "lab" / "open.toml").read_text())["open"]
}


@pytest.mark.parametrize("remedy", remedies(), ids=lambda remedy: f"{remedy.signature}-{remedy.position + 1}")
def test_a_remedy_is_proven_or_says_why_not(remedy: Named) -> None:
    known = remedy.key in PROVEN or remedy.unproven or remedy.key in OPEN
    assert known, f"make lab-fix S={remedy.signature} KEEP=--keep"
    assert not (remedy.key in PROVEN and remedy.unproven), "proven: take `unproven` out"


def test_what_is_open_is_open() -> None:
    settled = set(PROVEN) | {remedy.key for remedy in remedies() if remedy.unproven}
    assert set(OPEN) <= {remedy.key for remedy in remedies()} - settled, "take what is settled out of lab/open.toml"


@pytest.mark.parametrize("proof", PROVEN.values(), ids=lambda proof: f"{proof.signature}-{proof.scenario}")
def test_a_proof_names_a_remedy_and_a_scenario_of_its_cause(proof: Proof) -> None:
    assert proof.key in {remedy.key for remedy in remedies()}
    known = {scenario.name: scenario for folder in (PROOFS, SCENARIOS) for scenario in scenarios(folder)}
    assert known[proof.scenario].cause == proof.signature
    assert known[proof.scenario].then == proof.next_cause
    assert target(proof.engine).name == proof.engine
