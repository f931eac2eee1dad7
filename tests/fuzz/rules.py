"""Any file is a signature or is told to be none, and a secret that stands by itself is found in any surroundings."""

from __future__ import annotations

import re
import tempfile
from functools import cache
from itertools import islice
from pathlib import Path

from diagnoser.pattern import compiled
from diagnoser.redact import redact
from diagnoser.signature import Signature, SignatureError, templates
from diagnoser.signature_file import read
from diagnoser.template import names, render

_SLOW = 0.2  # seconds that a pattern may take on an example
_LEAK = 16  # characters of a secret
_HOSTILE = "x'; $(id) `id` {{ 7 }} \x1b[31m\nRUN id"


def signatures(data: bytes) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "area" / "slug.toml"
        path.parent.mkdir()
        path.write_bytes(data)
        try:
            signature = read(path, Path(folder))
        except SignatureError as error:
            assert str(path) in str(error)
            return
    for program in templates(signature):
        render(program, {})
        render(program, dict.fromkeys(names(program), _HOSTILE))
    _demanded(signature)


def _demanded(signature: Signature) -> None:
    """What a pattern matches holds one of the words that it is said to demand."""
    for pattern in signature.patterns:
        words = pattern.literals.words
        for line in [e.line for e in signature.examples] + list(words):
            try:
                found = compiled(pattern.regex).search(line, timeout=_SLOW)
            except TimeoutError:
                continue
            seen = found[0].lower() if found and pattern.literals.caseless else found and found[0]
            folded = [w.lower() if pattern.literals.caseless else w for w in words]
            assert seen is None or any(word in seen for word in folded), (pattern.regex.source, words, line)


def redaction(data: bytes) -> None:
    """The first two bytes say which secret stands where in the rest."""
    log, secret = plant(data)
    text = log.decode("utf-8", "replace")
    clean = redact(text)
    assert not leaked(clean, secret), (secret, clean)
    assert clean.count("\n") == text.count("\n")


def plant(data: bytes) -> tuple[bytes, str]:
    """A log with a secret between blanks, where the log has a blank that no escape sequence precedes."""
    log = data[2:]
    which, where = [*data[:2], 0, 0][:2]
    words, secret = secrets()[which % len(secrets())]
    blanks = [m.start() for m in islice(re.finditer(rb"(?<![^ -~\n])[ \n]", log), 5000)]
    at = blanks[where * len(blanks) // 256] if blanks else 0
    if b"\x1b" in log[max(0, at - 400) : at]:
        at = 0
    return log[:at] + b" " + words.encode() + b" " + log[at:], secret


def leaked(text: str, secret: str) -> bool:
    """Whether a piece of the secret is there that would be of use."""
    pieces = (secret[at : at + _LEAK] for at in range(0, len(secret) - _LEAK + 1, 4))
    return any(piece in text for piece in pieces)


@cache
def secrets() -> tuple[tuple[str, str], ...]:
    """One of each rule that a token's own form is enough for, and those whose place tells: what is logged, and the secret."""
    from ..test_redact import PROVIDERS, VECTORS, _logged

    found = [_logged(v)[1] for rule, vectors in VECTORS["must_go"].items() if rule in PROVIDERS for v in vectors[:1]]
    alone = [(s, s) for secrets in found for s in secrets if len(s) >= _LEAK and not re.search(r"\s", s) and _goes(s)]
    return (*alone, *((place.format(_PLAIN), _PLAIN) for place in _PLACES))


def _goes(secret: str) -> bool:
    return not leaked(redact(f" {secret} "), secret)


_PLAIN = "q7Wz0Lk4Xv9Tb2Ns5Rd8"
_PLACES = ("https://ci:{}@proxy.example/x", "https://{}@git.example/x", "NPM_TOKEN={}", "--password={}")
