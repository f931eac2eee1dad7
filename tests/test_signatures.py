"""Every signature of the catalogue passes the gate that `diagnoser check` runs; the recordings have their own tests."""

from __future__ import annotations

import pytest

from diagnoser.gate import signature_flaws
from diagnoser.signature import Signature
from diagnoser.signature_file import load

from .conftest import ROOT

SIGNATURES = load(ROOT / "signatures")


@pytest.mark.parametrize("signature", SIGNATURES.values(), ids=list(SIGNATURES))
def test_the_gate_finds_nothing(signature: Signature) -> None:
    flaws = list(signature_flaws(signature, SIGNATURES, ROOT / "sample_logs"))
    assert not flaws, "\n".join(f"{flaw.file}: {flaw.key}: {flaw.todo}" for flaw in flaws)
