"""BuildKit's lines that carry a vertex's number and no time: its headers, states and status lines.

Nearly every line of such a log begins with a number, so that a scan for words stops at each. Where all digits look the
same, and all letters, these lines differ from output by a fixed text, which is found at the speed of memory.
"""

from __future__ import annotations

from collections.abc import Iterator

import stringzilla

_DIGITS = 9  # of a number, as in `scan.VERTEX`
_BLANKS = b"\t\n\v\f\r"


def _class_of(byte: int) -> int:
    if byte in b"0123456789":
        return ord("0")
    return byte if byte in b"# ." else ord(".") if byte in _BLANKS else ord("x")


_CLASSES = bytes(map(_class_of, range(256)))


def scan_vertexes(piece: memoryview) -> Iterator[int]:
    """Where each `scan.VERTEX` in the piece ends; in order for numbers of the same length."""
    classes = stringzilla.translate(piece, _CLASSES)
    for digits in range(1, _DIGITS + 1):
        number = b"#" + b"0" * digits
        if stringzilla.find(classes, number) < 0:
            return
        header = number + b" x"
        at = stringzilla.find(classes, header)
        while at >= 0:
            yield at + len(header)
            at = stringzilla.find(classes, header, at + len(header))
