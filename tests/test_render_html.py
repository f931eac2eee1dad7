"""The page: self-contained, escaped, the log folded around the evidence, and drawn by a real browser."""

from __future__ import annotations

import re
import shutil
import struct
import subprocess
from html.parser import HTMLParser
from pathlib import Path

import pytest

from diagnoser.catalogue import Catalogue
from diagnoser.diagnosis import diagnose
from diagnoser.render import html
from diagnoser.render.html_log import pieces
from diagnoser.text import Text
from diagnoser.text.rewrite import searchable

from .conftest import ROOT

SAMPLES = ROOT / "sample_logs"
TIMEOUT = "modules/proxy-timeout/docker28.5-plain-mod-dial-timeout.log"
NASTY = (
    "x`]<img/src=x/onerror=alert(1)>**b**![a](http://e/a.png)[b](javascript:1)\x1b[31m{{7*7}}</pre><script>1</script>"
)
CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
FLAGS = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--hide-scrollbars",
]


class Page(HTMLParser):
    """The tags of a page that are open and closed in order, with their attributes."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        if tag not in ("meta", "br"):
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag, (tag, self.getpos())


def page(log: str | bytes, catalogue: Catalogue) -> str:
    text = searchable(log.encode() if isinstance(log, str) else log)
    return html.render(diagnose(text, catalogue=catalogue), text)


def recording(name: str) -> Text:
    return searchable((SAMPLES / name).read_bytes(), name)


def test_the_page_asks_nobody_for_anything_and_runs_nothing(catalogue: Catalogue) -> None:
    tags = Page(
        page(f"main.go:4:2: missing go.sum entry for module providing package {NASTY}; to add:\n", catalogue)
    ).tags
    names = {tag for tag, _ in tags}
    assert not names & {"script", "img", "link", "iframe", "object", "form", "svg", "base"}
    assert all(not name.startswith("on") and name != "src" for _, attributes in tags for name in attributes)
    links = [attributes["href"] or "" for tag, attributes in tags if tag == "a"]
    assert links and all(link.startswith(("#L", "https://go.dev/", "https://pkg.go.dev/")) for link in links), links


@pytest.mark.parametrize(
    "log", ["", "all is well\n", "#5 [1/2] RUN x\n#5 ERROR: exit code: 3\n", f"{NASTY}\n" * 3, "\n\n"]
)
def test_every_kind_of_diagnosis_makes_a_whole_page(log: str, catalogue: Catalogue) -> None:
    text = page(log, catalogue)
    assert not Page(text).open and "49" not in text.split("<body>")[1] and "<h1>" in text


def test_every_link_into_the_log_arrives_and_no_place_is_named_twice(catalogue: Catalogue) -> None:
    for name in (TIMEOUT, "modules/download-stall/docker28.5-tty-mod-stall-killed.log"):
        text = recording(name)
        tags = Page(html.render(diagnose(text, catalogue=catalogue), text)).tags
        places = [attributes["id"] for _, attributes in tags if "id" in attributes]
        assert len(places) == len(set(places))
        assert {f"#{p}" for p in places} >= {a["href"] for tag, a in tags if tag == "a" and str(a["href"])[0] == "#"}


def test_around_the_evidence_the_log_is_open_and_elsewhere_folded(catalogue: Catalogue) -> None:
    text = recording(TIMEOUT)
    found = pieces(text, diagnose(text, catalogue=catalogue))
    assert [(p.folded, p.rows[0].number, p.rows[-1].number) for p in found] == [(True, 1, 25), (False, 26, 40)]
    assert [row.number for p in found for row in p.rows if row.telling] == [34, 38]
    whole = "".join(f"{row.text}\n" for p in found for row in p.rows)
    assert whole == bytes(text.data).decode()


def test_of_a_large_log_the_ends_and_the_surroundings_are_kept(catalogue: Catalogue) -> None:
    log = "x\n" * 50_000 + "main.go:4:2: undefined: frob\n" + "y\n" * 50_000
    text = searchable(log.encode())
    found = pieces(text, diagnose(text, catalogue=catalogue))
    assert sum(len(p.rows) for p in found) < 1000
    assert sum(len(p.rows) + p.skipped for p in found) == 100_001
    assert next(row for p in found for row in p.rows if row.telling).number == 50_001


def test_numbers_are_those_of_the_raw_log_also_where_it_was_rewritten(catalogue: Catalogue) -> None:
    text = recording("modules/download-stall/docker28.5-rawjson-mod-stall-killed.log")
    diagnosis = diagnose(text, catalogue=catalogue)
    rows = [row for piece in pieces(text, diagnosis) for row in piece.rows]
    telling = {row.number for row in rows if row.telling}
    assert telling == {e.line for e in diagnosis.diagnoses[0].evidence}


def test_secrets_stay_out_also_where_the_part_that_tells_them_is_cut_off(catalogue: Catalogue) -> None:
    key = [
        "-----BEGIN RSA PRIVATE KEY-----",
        *("MIIEpAIBAAKCAQEA" + "aB3" * 16 for _ in range(30)),
        "-----END RSA PRIVATE KEY-----",
    ]
    token = "ghp_" + "a1B2" * 9
    lines = ["x"] * 5_000 + key + ["y"] * 290 + [f"fetch {token}"]
    shown = page("\n".join(lines), catalogue)
    assert token not in shown and "aB3aB3" not in shown


def test_the_timeline_is_to_scale(catalogue: Catalogue) -> None:
    log = "#1 [a 1/2] RUN x\n#1 DONE 30.0s\n#2 [a 2/2] RUN y\n#2 90.0 z\n#2 ERROR: exit code: 1\n"
    styles = re.findall(r'class="bar" style="left:([\d.]+)%;width:([\d.]+)%"', page(log, catalogue))
    assert styles == [("0.0", "25.0"), ("25.0", "75.0")]


@pytest.mark.skipif(CHROMIUM is None, reason="no chromium here: the page is not drawn")
@pytest.mark.parametrize("width", [500, 1200])
def test_a_browser_draws_the_page_without_scrolling_sideways(width: int, catalogue: Catalogue, tmp_path: Path) -> None:
    text = recording(TIMEOUT)
    (tmp_path / "page.html").write_text(html.render(diagnose(text, catalogue=catalogue), text))
    probe = (
        '<iframe id=f src=page.html style="width:%dpx;height:900px;border:0"></iframe><script>onload=()=>{'
        "const d=f.contentDocument.documentElement;document.title=d.scrollWidth<=d.clientWidth?'fits':'wide';}</script>"
    )
    (tmp_path / "probe.html").write_text(probe % width)
    assert b"<title>fits</title>" in _chromium(tmp_path, "--allow-file-access-from-files", "--dump-dom", "probe.html")
    _chromium(tmp_path, f"--window-size={width},1600", f"--screenshot={tmp_path / 'shot.png'}", "page.html")
    drawn = struct.unpack(">II", (tmp_path / "shot.png").read_bytes()[16:24])
    assert drawn == (width, 1600)


def _chromium(folder: Path, *arguments: str) -> bytes:
    *options, name = arguments
    command = [str(CHROMIUM), *FLAGS, f"--user-data-dir={folder / 'profile'}", *options, (folder / name).as_uri()]
    return subprocess.run(command, capture_output=True, timeout=60, check=True).stdout
