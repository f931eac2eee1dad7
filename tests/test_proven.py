"""Every remedy that changes something is proven by a build of the lab, or says why no build can show it."""

from __future__ import annotations

import pytest

from lab.home import PROOFS, SCENARIOS
from lab.remedies import Named, Proof, proven, remedies
from lab.scenario import scenarios
from lab.targets import target

PROVEN = proven()


@pytest.mark.parametrize("remedy", remedies(), ids=lambda remedy: f"{remedy.signature}-{remedy.position + 1}")
def test_a_remedy_is_proven_or_says_why_not(remedy: Named) -> None:
    assert remedy.key in PROVEN or remedy.unproven, f"make lab-fix S={remedy.signature} KEEP=--keep"
    assert not (remedy.key in PROVEN and remedy.unproven), "proven: take `unproven` out"


@pytest.mark.parametrize("proof", PROVEN.values(), ids=lambda proof: f"{proof.signature}-{proof.scenario}")
def test_a_proof_names_a_remedy_and_a_scenario_of_its_cause(proof: Proof) -> None:
    assert proof.key in {remedy.key for remedy in remedies()}
    known = {scenario.name: scenario for folder in (PROOFS, SCENARIOS) for scenario in scenarios(folder)}
    assert known[proof.scenario].cause == proof.signature
    assert known[proof.scenario].then == proof.next_cause
    assert target(proof.engine).name == proof.engine
