"""The catalogue of the checkout, loaded once."""

from __future__ import annotations

from pathlib import Path

import pytest

from diagnoser.catalogue import Catalogue, load_catalogue

ROOT = Path(__file__).parent.parent


@pytest.fixture(scope="session")
def catalogue() -> Catalogue:
    return load_catalogue()
