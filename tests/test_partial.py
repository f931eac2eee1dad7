"""Where something was not looked at, every format says so, and no format says so of a whole log."""

from __future__ import annotations

import json
import re

import pytest

from diagnoser.catalogue import Catalogue
from diagnoser.cli.formats import Format, rendered
from diagnoser.diagnosis import Diagnosis, diagnose
from diagnoser.render import partial
from diagnoser.text.rewrite import searchable

LOGS = {
    "a known cause": b"main.go:4:2: missing go.sum entry for module providing package example.com/dep; to add:\n",
    "no known cause": b"#5 [1/2] RUN x\n#5 ERROR: exit code: 3\n",
    "a success": b"#5 [1/2] RUN x\n#5 DONE 1.0s\n#6 naming to docker.io/library/x done\n",
    "nothing": b"",
}
REASONS = {"dropped": "1,234,567 bytes", "timed_out": "1,234,567 patterns"}


def text_of(diagnosis: Diagnosis, format: Format, catalogue: Catalogue) -> str:
    found = rendered(diagnosis, format, searchable(b""), catalogue)
    return " ".join(re.sub(r"&#\d+;|</?[a-z]+>|\\", "", found).split())


@pytest.mark.parametrize("reason", REASONS)
@pytest.mark.parametrize("log", LOGS)
@pytest.mark.parametrize("format", [f for f in Format if f is not Format.json], ids=str)
def test_every_format_tells_that_it_is_partial(format: Format, log: str, reason: str, catalogue: Catalogue) -> None:
    whole = diagnose(LOGS[log], catalogue=catalogue)
    assert "Partial: " not in text_of(whole, format, catalogue)
    cut = whole._replace(**{reason: 1_234_567})
    assert f"Partial: {REASONS[reason]}" in text_of(cut, format, catalogue)


@pytest.mark.parametrize(("reason", "key"), [("dropped", "dropped_bytes"), ("timed_out", "timed_out_patterns")])
def test_json_counts_it(reason: str, key: str, catalogue: Catalogue) -> None:
    whole = diagnose(b"", catalogue=catalogue)
    told = [
        json.loads(rendered(d, Format.json, searchable(b""), catalogue)) for d in (whole, whole._replace(**{reason: 7}))
    ]
    assert [report[key] for report in told] == [0, 7]


def test_a_renderer_that_forgets_it_is_seen(monkeypatch: pytest.MonkeyPatch, catalogue: Catalogue) -> None:
    monkeypatch.setattr(partial, "notes", lambda diagnosis: [])
    cut = diagnose(b"", catalogue=catalogue)._replace(dropped=1_234_567)
    assert not [f for f in Format if "Partial: " in text_of(cut, f, catalogue)]
