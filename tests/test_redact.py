"""Secrets go, look-alikes stay, and neither takes long."""

from __future__ import annotations

import random
import re
import string
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from diagnoser import redact as redaction
from diagnoser.diagnosis import _capture, diagnose
from diagnoser.redact import redact
from diagnoser.redaction_places import PLACES
from diagnoser.redaction_rules import PREFIXED, SHAPED, SHORTEST

from .conftest import ROOT

VECTORS = tomllib.loads((Path(__file__).parent / "data" / "redaction.toml").read_text("utf-8"))
PROVIDERS = {name for name, *_ in PREFIXED + SHAPED}
ASCII = st.characters(max_codepoint=126)
ALPHABETS = {
    "": string.ascii_letters + string.digits,
    "hex": "0123456789abcdef",
    "upper": string.ascii_uppercase + "234567",
    "digit": "123456789",
    "base64": string.ascii_letters + string.digits + "+",
}


def _write_out(vector: str) -> str:
    """Fill the ‹…› of a vector with the same characters in every run, and join what ¦ keeps apart."""
    draw = random.Random(vector)
    filled = re.sub(r"‹(\d+) ?(\w*)›", lambda m: "".join(draw.choices(ALPHABETS[m[2]], k=int(m[1]))), vector)
    return filled.replace("¦", "")


def _must_go() -> list[tuple[str, str]]:
    return [(rule, vector) for rule, vectors in VECTORS["must_go"].items() for vector in vectors]


def _must_stay() -> list[str]:
    return [line for lines in VECTORS["must_stay"].values() for line in lines]


def _logged(vector: str) -> tuple[str, list[str]]:
    marked = _write_out(vector)
    return re.sub("[⟦⟧]", "", marked), [secret for secret in re.findall("⟦(.*?)⟧", marked, re.DOTALL) if secret]


def _mark(rule: str) -> str:
    return f"[redacted {rule}]" if rule in PROVIDERS else "[redacted]"


def _expected(rule: str, vector: str) -> str:
    return re.sub("⟦⟧", "", re.sub("⟦.+?⟧", _mark(rule), _write_out(vector), flags=re.DOTALL))


@pytest.fixture
def fresh_rules() -> Iterator[None]:
    """For tests that change the tables: what was compiled from them is dropped before and after."""
    for cached in (redaction._clues, redaction._rule):
        cached.cache_clear()
    yield
    for cached in (redaction._clues, redaction._rule):
        cached.cache_clear()


@pytest.mark.parametrize(("rule", "vector"), _must_go())
def test_secret_goes_and_the_rest_stays(rule: str, vector: str) -> None:
    text, _ = _logged(vector)
    assert redact(text) == _expected(rule, vector)


@pytest.mark.parametrize("line", _must_stay())
def test_look_alike_stays(line: str) -> None:
    assert redact(line) == line


def test_no_line_of_a_recording_is_redacted() -> None:
    for path in sorted((ROOT / "sample_logs").rglob("*.log")):
        text = path.read_bytes().decode("utf-8", "replace")
        assert redact(text) == text, path


def test_every_rule_has_a_vector() -> None:
    assert {name for name, *_ in PREFIXED + SHAPED + PLACES} == set(VECTORS["must_go"])


def test_rules_cover_sixty_providers_and_cite_them() -> None:
    assert len(PROVIDERS) >= 60
    assert all(source.startswith("https://") for *_, source in PREFIXED + SHAPED + PLACES)


@pytest.mark.usefixtures("fresh_rules")
@pytest.mark.parametrize("rule", VECTORS["must_go"])
def test_every_rule_is_needed(rule: str, monkeypatch: pytest.MonkeyPatch) -> None:
    for table in ("PREFIXED", "SHAPED", "PLACES"):
        kept = tuple(row for row in getattr(redaction, table) if row[0] != rule)
        monkeypatch.setattr(redaction, table, kept)
    vectors = VECTORS["must_go"][rule]
    assert any(redact(_logged(vector)[0]) != _expected(rule, vector) for vector in vectors)


@settings(max_examples=10, deadline=None)
@pytest.mark.parametrize(("prefix", "body"), [(p, body) for _, prefixes, body, _ in PREFIXED for p in prefixes])
@given(data=st.data())
def test_all_that_a_format_describes_goes(prefix: str, body: str, data: st.DataObject) -> None:
    token = data.draw(st.from_regex(re.escape(prefix) + f"(?:{body})", fullmatch=True, alphabet=ASCII))
    assert token not in redact(f"denied: {token} is not known")


def test_no_token_is_shorter_than_the_search_assumes() -> None:
    prefixed = {name for name, *_ in PREFIXED}
    tokens = [secret for rule, vector in _must_go() if rule in prefixed for secret in _logged(vector)[1]]
    assert min(map(len, tokens)) >= SHORTEST


def test_clues_are_lower_case() -> None:
    assert all(clue == clue.lower() for _, clues, _, _ in SHAPED + PLACES for clue in clues)


def test_lines_keep_their_numbers() -> None:
    text, _ = _logged(VECTORS["must_go"]["private-key"][0])
    assert redact(text).count("\n") == text.count("\n")


def test_text_without_a_clue_compiles_nothing() -> None:
    code = (
        "import sys; from diagnoser.redact import redact;"
        "redact('#9 1.2 go: downloading github.com/pkg/errors v0.9.1\\n./main.go:3:2: undefined: x');"
        "sys.exit('regex' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


PIECES = st.one_of(
    st.sampled_from([_logged(vector)[0] for _, vector in _must_go()]),
    st.sampled_from(_must_stay()),
    st.sampled_from([clue for _, clues, _, _ in PREFIXED + SHAPED + PLACES for clue in clues]),
    st.sampled_from(list("=:\"'\\\n @;&$|,")),
    st.sampled_from(["//", "***", "-p ", "-u ", "ENV ", "[redacted]", "[redacted github]"]),
    st.text(max_size=12),
)


@settings(max_examples=300, deadline=None)
@given(st.lists(PIECES, max_size=6).map("".join))
def test_a_second_time_changes_nothing_and_no_line_is_lost(text: str) -> None:
    once = redact(text)
    assert redact(once) == once
    assert once.count("\n") == text.count("\n")


HEX = st.text("0123456789abcdef", min_size=64, max_size=64)
BASE64 = st.text(string.ascii_letters + string.digits + "+/", min_size=43, max_size=43)


@settings(max_examples=300, deadline=None)
@given(HEX, BASE64)
def test_digests_and_hashes_stay_whatever_they_hold(digest: str, checksum: str) -> None:
    uuid = "-".join((digest[:8], digest[8:12], digest[12:16], digest[16:20], digest[20:32]))
    text = (
        f"#4 resolve docker.io/library/golang:1.22@sha256:{digest} 0.3s done\n"
        f"\tdownloaded: h1:{checksum}=\n\tgo.sum:     h1:{checksum}=\n"
        f"github.com/x/y v0.0.0-20200101000000-{digest[:12]} h1:{checksum}=\n"
        f"commit {digest[:40]}\n ---> {digest[:12]}\nbuild {uuid}\nSuccessfully built {digest[:12]}\n"
        f"/go/pkg/mod/cache/download/{digest[:2]}/{digest}-d: no space left on device\n"
        f"--mount=type=secret,id={digest[:8]} failed to compute cache key: {digest[:25]}::{digest[25:50]}: not found"
    )
    assert redact(text) == text


MEBI = 1 << 20
HOSTILE = {
    "a": "'a' * n",
    "equals": "'=' * n",
    "tokens cut after the prefix": "'ghp_' * (n // 4)",
    "prefixes": "'AKIA ' * (n // 5)",
    "dots": "'eyJ' + 'aaaaaaaaaaa.' * (n // 12)",
    "names": "'token' * (n // 5)",
    "assignments": "'token=' * (n // 6)",
    "value of separators": "'token=' + ';' * n + 'x'",
    "value of pairs": "'password=' + '&a;b,' * (n // 5)",
    "quotes": "'token=' + chr(34) * n",
    "backslashes": "'secret=' + chr(92) * n",
    "userinfo": "'https://' * (n // 8) + '@'",
    "userinfo of colons": "'https://' + ':' * n + '@'",
    "user without host": "'//a1' + 'b' * n",
    "keys without end": "'-----BEGIN PRIVATE KEY-----' * (n // 27)",
    "key ends without begin": "('A' * 64 + chr(10)) * (n // 65) + 'PRIVATE KEY'",
    "prefixed key lines": "('#9 0.1 ' + 'A' * 64 + chr(10)) * (n // 72) + 'PRIVATE KEY'",
    "dashes": "'-----BEGIN PRIVATE KEY-----' + '-' * n",
    "flags": "'docker login ' * (n // 13)",
    "curl": "'curl ' * (n // 5)",
    "headers": "'x-' * (n // 2) + ': x-token'",
    "authorization": "'authorization: ' * (n // 15)",
    "bearer": "'bearer ' * (n // 7)",
    "echo": "'echo a|' * (n // 7) + 'passwd'",
    "env": "'env ' * (n // 4) + 'env token '",
    "azdo": "'A' * n + 'AZDO'",
    "blanks": "'token' + ' ' * n + '='",
    "lines": "'token:' + chr(10) * n",
    "percent": "'%3A%2F%2F' * (n // 9)",
    "marks of no key": "'T3BlbkFJ ' + 'sk-' * (n // 3)",
    "cookies": "'cookie:' * (n // 7)",
    "authorization in one word": "'authorization:' * (n // 14)",
    "headers in one word": "'x-token:' * (n // 8)",
    "quoted": "('echo ' + chr(34) + 'a') * (n // 7) + 'passwd'",
}


def _in_seconds_of_processor(code: str, seconds: int) -> int:
    """Exit status of `code` in a process that the kernel ends after so many seconds of its own computing."""
    limit = f"import resource; resource.setrlimit(resource.RLIMIT_CPU, ({seconds}, {seconds}))\n"
    return subprocess.run([sys.executable, "-c", limit + code], capture_output=True, check=False).returncode


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE)
def test_a_hostile_mebibyte_is_read_in_linear_time(text: str) -> None:
    code = f"from diagnoser.redact import redact\nn = {MEBI}\nredact({text})"
    assert _in_seconds_of_processor(code, 10) == 0


def test_the_limit_ends_what_is_not_linear() -> None:
    assert _in_seconds_of_processor("while True: pass", 1) != 0


TOKEN = "ghp_" + "a1B2c3D4e5F6" * 3


def test_a_cause_names_an_instruction_without_its_secret() -> None:
    log = f'#5 [1/2] COPY {TOKEN} go.sum ./\n#5 ERROR: failed to calculate checksum of ref a::b: "/go.sum": not found\n'
    found = diagnose(log + "------\nERROR: failed to solve: failed to compute cache key: x\n")
    assert "COPY" in found.diagnoses[0].cause and TOKEN[4:20] not in repr(found)


def test_a_capture_without_the_words_that_tell_its_secret_is_hidden() -> None:
    line = 'error: password = "hunter2hunter2"'
    assert _capture("hunter2hunter2", line) == "[redacted]" and _capture("error", line) == "error"


def test_a_capture_is_cut_after_its_secret_has_gone() -> None:
    value = "x" * 380 + " " + TOKEN
    assert TOKEN[4:16] not in _capture(value, value) and len(_capture(value, value)) <= 400
