"""The report as a post-mortem, read by a Markdown parser."""

from __future__ import annotations

import pytest
from markdown_it import MarkdownIt

from diagnoser.catalogue import Catalogue
from diagnoser.diagnosis import diagnose
from diagnoser.render import markdown

from .conftest import ROOT

GFM = MarkdownIt("commonmark", {"html": False}).enable("table")


def headings(text: str) -> list[str]:
    tokens = GFM.parse(text)
    return [tokens[n + 1].content for n, token in enumerate(tokens) if token.type == "heading_open"]


def test_it_tells_what_happened_when_why_and_what_is_left_to_do(catalogue: Catalogue) -> None:
    log = (ROOT / "sample_logs/modules/proxy-timeout/docker28.5-plain-mod-dial-timeout.log").read_bytes()
    text = markdown.render(diagnose(log, catalogue=catalogue))
    assert headings(text)[1:] == ["Timeline", "Cause", "Evidence", "Fix", "Follow-ups"]
    assert "**What happened.** `RUN go mod download` of stage `builder` failed with exit code 1." in text
    assert "**Silent for 30.2 s** after line 33, until line 34" in text and text.count("- [ ] ") == 2


def test_a_pipe_in_a_step_does_not_break_the_table(catalogue: Catalogue) -> None:
    log = "#5 [1/2] RUN a | b ` c\n#5 12.1 x\n#5 ERROR: exit code: 3\n"
    tokens = GFM.parse(markdown.render(diagnose(log, catalogue=catalogue)))
    cells = [tokens[n + 1].content for n, token in enumerate(tokens) if token.type == "td_open"]
    assert cells == ["0.0 s", "12.1 s", "`[1/2] RUN a | b ' c`", "failed"]


@pytest.mark.parametrize("log", ["", "all is well\n", "#5 [1/2] RUN x\n#5 DONE 1.0s\n"])
def test_where_nothing_failed_nothing_is_to_be_done(log: str, catalogue: Catalogue) -> None:
    assert "Follow-ups" not in markdown.render(diagnose(log, catalogue=catalogue))
