"""Numbers that a log makes longer than any number is."""

from __future__ import annotations

import re
import time

import pytest

from diagnoser.catalogue import Catalogue
from diagnoser.diagnosis import diagnose
from diagnoser.render.json import report
from diagnoser.render.markdown import render as markdown
from diagnoser.render.plain import render as plain
from diagnoser.scan.hyper import scan_landmarks
from diagnoser.text import Text


@pytest.mark.parametrize("digits", [400, 5000])
def test_a_number_without_end_is_no_number(digits: int, catalogue: Catalogue) -> None:
    """Python converts no more than 4,300 digits, and a float of 400 is infinite."""
    nines = "9" * digits
    log = (
        f"#{nines} [a 1/2] RUN x\n#1 [a 1/2] RUN x\n#1 {nines}.0 x\n#1 DONE {nines}.0s\n => [1/2] RUN x   {nines}s\n"
        f"Step {nines}/2 : RUN x\nINFO[{nines}] RUN x\nDockerfile:{nines}\n----\n 1 | >>> RUN x\n[ {nines}s] x\n"
    )
    for text in (log, *(f"{line}\n" * 3 for line in log.splitlines())):
        found = diagnose(text, catalogue=catalogue)
        assert not re.search(r"\b(?:inf|nan)\b", repr(found))
        assert plain(found) and markdown(found) and report(found)


def test_a_number_of_a_million_digits_is_read_in_linear_time() -> None:
    start = time.process_time()
    assert not list(scan_landmarks(Text(b"#" + b"0" * (1 << 18))))
    assert time.process_time() - start < 2
