"""One pass over the buffer for everything that matters: the builders' landmarks and the signatures' clues.

A small log is searched through an index of the literals' first four bytes, a large one by Hyperscan; both give the same
`Hits`. Where a literal occurs is kept by chunk and not by place, so that a log full of trigger words costs no more than a quiet one;
`occurrences` finds the places, where something asks for them.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Mapping, Sequence
from itertools import islice
from typing import NamedTuple

from diagnoser.text import Buffer, Text

# What builders print at the places that give a log its structure, from their sources.
# Not anchored to the line's start: a CI may have put a stamp there. `steps` reads the whole line.
LANDMARKS: tuple[bytes, ...] = (
    rb"#\d+ [^0-9\s]",  # BuildKit plain: headers, states, status lines
    rb"=> (?:\[|ERROR |CACHED |CANCELED |=> |exporting |resolve )",  # BuildKit on a terminal
    rb" > [^\s\x1b]",  # BuildKit's epilogue: the failed step's last lines
    rb"\| >>> ",  # and the marked Dockerfile line
    rb"Step \d+/\d+ ?: ",  # legacy builder
    rb"STEP \d+(?:/\d+)?: ",  # buildah, podman
    rb"INFO\[\d+\] ",  # kaniko
    rb"failed to (?:solve|compute cache key|load cache key)|executor failed running|did not complete successfully|returned a non-zero code",
    rb"(?:building|build error) at STEP|error building image|failed to build|Error response from daemon",
    rb"Successfully built |Successfully tagged |naming to |exporting to image|COMMIT ",
    rb"##\[error\]|exit status \d|exit code \d|Exited with code|ERROR: Job failed|Finished: (?:FAILURE|SUCCESS|ABORTED)",
)
Literal = tuple[bytes, bool]  # and whether its case may differ
Span = tuple[int, int]  # byte offsets
CHUNK = 1 << 20  # bytes
_OVERLAP = 1 << 10  # bytes; longer than any literal
_SMALL = 1 << 15  # bytes, below which loading Hyperscan costs more than searching without it
GRAM = 4  # bytes; no literal is shorter
Grams = Mapping[bytes, tuple[int, ...]]  # the numbers of the literals that begin with these bytes, in lower case


class Hits(NamedTuple):
    """`landmarks`: an offset on each landmark line, ascending. `chunks`: the spans of the text that hold literal n."""

    landmarks: Sequence[int]
    chunks: Mapping[int, Sequence[Span]]


def grams(literals: Sequence[Literal]) -> dict[bytes, tuple[int, ...]]:
    index: dict[bytes, tuple[int, ...]] = {}
    for number, (literal, _) in enumerate(literals):
        gram = literal[:GRAM].lower()
        index[gram] = (*index.get(gram, ()), number)
    return index


def scan(text: Text, literals: Sequence[Literal], index: Grams) -> Hits:
    """Find the landmarks, and which of the `literals`, indexed by their `grams`, occur."""
    if len(text.data) <= _SMALL:
        return search(text, literals, index)
    from diagnoser.scan.hyper import scan_chunks

    return scan_chunks(text, literals)


def search(text: Text, literals: Sequence[Literal], index: Grams) -> Hits:
    """`scan` by the standard library."""
    landmarks: list[int] = []
    found: dict[int, list[Span]] = {}
    pattern = re.compile(b"|".join(b"(?:%s)" % landmark for landmark in LANDMARKS))
    for start, end in chunks(text.data):
        data = bytes(text.data[start:end])
        landmarks += [start + m.start() for m in pattern.finditer(data)]
        for number in _occurring(data, literals, index):
            found.setdefault(number, []).append((start, end))
    return Hits(landmarks, found)


def _occurring(data: bytes, literals: Sequence[Literal], index: Grams) -> Iterator[int]:
    lowered = data.lower()
    present = {lowered[at : at + GRAM] for at in range(len(lowered) - GRAM + 1)}
    for gram in present & index.keys():
        for number in index[gram]:
            literal, caseless = literals[number]
            if (literal.lower() in lowered) if caseless else (literal in data):
                yield number


def chunks(data: Buffer) -> Iterator[Span]:
    """Spans that cover the buffer and end where a line does; of an endless line they overlap instead."""
    start, size = 0, len(data)
    while start < size:
        end = min(start + CHUNK, size)
        cut = data.rfind(b"\n", start, end) + 1 if end < size else end
        yield start, cut or min(end + _OVERLAP, size)
        start = cut or end


def occurrences(text: Text, literal: Literal, within: Sequence[Span], spans: Sequence[Span], most: int) -> list[int]:
    """Offsets of a literal in `spans`, searching only `within` its chunks: the first and the last `most // 2`.

    Both are ascending. Chunks and spans are paired as they are needed: a log may have a million of each.
    """
    half = most // 2
    first = list(islice(_found(text.data, literal, within, spans, forward=True), half))
    if len(first) < half:
        return first
    last = islice(_found(text.data, literal, within, spans, forward=False), half)
    return sorted({*first, *last})


def _found(data: Buffer, literal: Literal, within: Sequence[Span], spans: Sequence[Span], forward: bool) -> Iterator[int]:
    for chunk in within if forward else reversed(within):
        for start, end in _pieces(chunk, spans, forward):
            offsets = _all(data, literal, start, end)
            yield from offsets if forward else reversed(list(offsets))


def _pieces(chunk: Span, spans: Sequence[Span], forward: bool) -> Iterator[Span]:
    """What the chunk and the spans have in common."""
    first = bisect_right(spans, chunk[0], key=lambda span: span[1])
    last = bisect_left(spans, chunk[1], key=lambda span: span[0])
    for number in range(first, last) if forward else reversed(range(first, last)):
        yield max(chunk[0], spans[number][0]), min(chunk[1], spans[number][1])


def _all(data: Buffer, literal: Literal, start: int, end: int) -> Iterator[int]:
    word, caseless = literal
    piece = bytes(data[start:end])
    if caseless:
        piece, word = piece.lower(), word.lower()
    at = piece.find(word)
    while at >= 0:
        yield start + at
        at = piece.find(word, at + len(word))
