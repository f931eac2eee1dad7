"""How much of what is secret goes, and how much of what is not: `python tools/redaction.py` prints it."""

from __future__ import annotations

import sys
from pathlib import Path

ROOT = Path(__file__).parent.parent
sys.path.insert(0, str(ROOT))

from diagnoser.redact import redact  # noqa: E402
from tests.test_redact import PROVIDERS, _expected, _logged, _must_go, _must_stay  # noqa: E402


def figures() -> list[str]:
    """Recall on the vectors of every rule; false redactions on look-alikes and on every line of the recordings."""
    secret = _must_go()
    gone = sum(redact(_logged(vector)[0]) == _expected(rule, vector) for rule, vector in secret)
    alike = _must_stay()
    changed = sum(redact(line) != line for line in alike)
    lines, touched = _recordings()
    return [
        f"Of {len(secret)} texts with a secret, in the formats of {len(PROVIDERS)} providers and the places where others "
        f"stand, {gone} lose it. Of {len(alike)} that only look so, {changed} change; of the {lines:,} lines of the "
        f"recordings, which hold none, {touched}."
    ]


def _recordings() -> tuple[int, int]:
    texts = [path.read_bytes().decode("utf-8", "replace") for path in sorted((ROOT / "sample_logs").rglob("*.log"))]
    pairs = [(text.split("\n"), redact(text).split("\n")) for text in texts]
    changed = sum(old != new for before, after in pairs for old, new in zip(before, after, strict=True))
    return sum(len(before) for before, _ in pairs), changed


if __name__ == "__main__":
    print("\n".join(figures()))
