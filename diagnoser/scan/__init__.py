"""Finding what matters in a buffer: first the builders' landmarks, then the signatures' clues where they can count.

A small log is searched through an index of four bytes of each literal, a large one by Hyperscan; both give the same
`Hits`. Where a literal occurs is kept by chunk and not by place, so that a log full of trigger words costs no more than a quiet one;
`occurrences` finds the places, where something asks for them.
"""

from __future__ import annotations

import re
from collections import Counter, deque
from collections.abc import Iterator, Mapping, Sequence
from itertools import chain, islice
from typing import NamedTuple

from diagnoser.text import Buffer, Span, Text

# What builders print at the places that give a log its structure, from their sources; and BuildKit's `VERTEX` lines.
# Not anchored to the line's start: a CI may have put a stamp there. `steps` reads the whole line.
VERTEX = rb"#\d{1,9} [^0-9\s.#]"  # BuildKit plain: headers, states, status lines
LANDMARKS: tuple[bytes, ...] = (
    rb"=> (?:\[|ERROR |CACHED |CANCELED |=> |exporting |resolve )",  # BuildKit on a terminal
    rb" > [^\s\x1b]",  # BuildKit's epilogue: the failed step's last lines
    rb"\| >>> ",  # and the marked Dockerfile line
    rb"Step \d+(?:/\d+)? ?: ",  # legacy builder; without the total before Docker 1.13
    rb"STEP \d+(?:/\d+)?: ",  # buildah, podman
    rb"INFO\[\d+\] ",  # kaniko
    rb"failed to (?:solve|compute cache key|load cache key)|executor failed running|did not complete successfully|returned a non-zero code",
    rb"(?:building|build error) at STEP|error (?:building|pushing) image|error checking push|failed to build|Error response from daemon",
    rb"Successfully built |Successfully tagged |naming to |exporting to image|COMMIT ",
    rb"##\[error\]|exit status \d|exit code \d|Exited with code|ERROR: Job failed|Finished: (?:FAILURE|SUCCESS|ABORTED)",
)
_MOST = 1 << 17  # landmarks that are read
Literal = tuple[bytes, bool]  # and whether its case may differ
CHUNK = 1 << 18  # bytes: with its classes of characters it stays in the processor's cache
_OVERLAP = 1 << 10  # bytes; longer than any literal
_SMALL = 1 << 15  # bytes, below which loading Hyperscan costs more than searching without it
GRAM = 4  # bytes; no literal is shorter
Clues = Mapping[int, Sequence[Span]]  # for literal n, the chunks that hold it
Grams = Mapping[bytes, tuple[int, ...]]  # the numbers of the literals that hold these bytes, in lower case


class Landmarks(NamedTuple):
    """An offset on each landmark line, ascending; `gap` lies between two of them, if those in between were left out."""

    offsets: Sequence[int]
    gap: Span | None = None


def grams(literals: Sequence[Literal]) -> dict[bytes, tuple[int, ...]]:
    """The index by the four bytes of each literal that are in fewest others: a log that has them may have it."""
    pieces = [_grams(literal.lower()) for literal, _ in literals]
    common = Counter(chain.from_iterable(pieces))
    index: dict[bytes, tuple[int, ...]] = {}
    for number, own in enumerate(pieces):
        gram = min(own, key=lambda piece: (common[piece], piece))
        index[gram] = (*index.get(gram, ()), number)
    return index


def _grams(data: bytes) -> set[bytes]:
    return {data[at : at + GRAM] for at in range(len(data) - GRAM + 1)}


def find_landmarks(text: Text) -> Landmarks:
    """The text's landmarks, or where there are more than any build prints, those at both ends."""
    if len(text.data) <= _SMALL:
        return Landmarks(search_landmarks(text))
    from diagnoser.scan.hyper import scan_landmarks

    offsets = scan_landmarks(text)
    first = list(islice(offsets, _MOST // 2))
    last = deque(enumerate(offsets), maxlen=_MOST // 2)
    gap = (first[-1], last[0][1]) if last and last[0][0] else None
    return Landmarks(first + [offset for _, offset in last], gap)


def find_clues(text: Text, literals: Sequence[Literal], index: Grams, spans: Sequence[Span]) -> Clues:
    """Which of the `literals`, indexed by their `grams`, occur in the spans, and in which chunks of them."""
    if sum(end - start for start, end in spans) <= _SMALL:
        return search_clues(text, literals, index, spans)
    from diagnoser.scan.hyper import scan_clues

    return scan_clues(text, literals, spans)


def search_landmarks(text: Text) -> Sequence[int]:
    """`find_landmarks` by the standard library."""
    pattern = re.compile(b"|".join(b"(?:%s)" % landmark for landmark in (VERTEX, *LANDMARKS)))
    whole = chunks(text.data, [(0, len(text.data))])
    return [start + m.start() for start, end in whole for m in pattern.finditer(bytes(text.data[start:end]))]


def search_clues(text: Text, literals: Sequence[Literal], index: Grams, spans: Sequence[Span]) -> Clues:
    """`find_clues` by the standard library."""
    found: dict[int, list[Span]] = {}
    for start, end in chunks(text.data, spans):
        for number in _occurring(bytes(text.data[start:end]), literals, index):
            found.setdefault(number, []).append((start, end))
    return found


def _occurring(data: bytes, literals: Sequence[Literal], index: Grams) -> Iterator[int]:
    lowered = data.lower()
    for gram in _grams(lowered) & index.keys():
        for number in index[gram]:
            literal, caseless = literals[number]
            if (literal.lower() in lowered) if caseless else (literal in data):
                yield number


def chunks(data: Buffer, spans: Sequence[Span]) -> Iterator[Span]:
    """The spans cut into pieces that end where a line does; of an endless line they overlap instead."""
    for first, last in spans:
        start = first
        while start < last:
            end = min(start + CHUNK, last)
            cut = data.rfind(b"\n", start, end) + 1 if end < last else end
            yield start, cut or min(end + _OVERLAP, last)
            start = cut or end


def occurrences(text: Text, literal: Literal, within: Sequence[Span], most: int) -> list[int]:
    """Offsets of a literal in the chunks that hold it, ascending: the first and the last `most // 2`."""
    half = most // 2
    first = list(islice((o for c in within for o in _forwards(text.data, literal, *c)), half))
    if len(first) < half:
        return sorted(set(first))
    last = islice((o for c in reversed(within) for o in _backwards(text.data, literal, *c)), half)
    return sorted({*first, *last})


def _forwards(data: Buffer, literal: Literal, start: int, end: int) -> Iterator[int]:
    piece, word = _in_one_case(data, literal, start, end)
    at = piece.find(word)
    while at >= 0:
        yield start + at
        at = piece.find(word, at + len(word))


def _backwards(data: Buffer, literal: Literal, start: int, end: int) -> Iterator[int]:
    piece, word = _in_one_case(data, literal, start, end)
    at = piece.rfind(word)
    while at >= 0:
        yield start + at
        at = piece.rfind(word, 0, at)


def _in_one_case(data: Buffer, literal: Literal, start: int, end: int) -> tuple[bytes, bytes]:
    word, caseless = literal
    piece = bytes(data[start:end])
    return (piece.lower(), word.lower()) if caseless else (piece, word)
