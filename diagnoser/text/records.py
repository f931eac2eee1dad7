"""The records of a rawjson log, one a line or (buildx 0.13) over several, and what stands between them."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any, NamedTuple

from diagnoser.text import Buffer, forget

_DECODER = json.JSONDecoder()
_KEYS = {"vertexes", "statuses", "logs", "warnings"}
_BRACE = ord("{")
_LONGEST = 1 << 22  # bytes of a line that are read at once
_SEVERAL = 1 << 16  # bytes of a record over several lines
_KEPT = 1 << 24  # bytes that were read and are still in memory


class Record(NamedTuple):
    """What begins on a raw line (from 1): a `status`, or none and its `text`, or how the text before it `goes_on`."""

    line: int
    size: int  # bytes
    status: dict[str, Any] | None
    text: bytes = b""
    goes_on: bool = False


def records(data: Buffer) -> Iterator[Record]:
    """All of the log, in flat memory."""
    at, line, goes_on, kept = 0, 1, False, 0
    closing = _Closing(data)
    while at < len(data):
        end = _line_end(data, at)
        status, last = (None, end) if goes_on else _status(data, at, end, closing)
        yield Record(line, last - at, status, b"" if status else data[at:end], goes_on)
        if status and last > end:
            line += data[end:last].count(b"\n")
        goes_on = last < len(data) and data[last : last + 1] != b"\n"
        at, line = (last, line) if goes_on else (last + 1, line + 1)
        if at - kept > _KEPT:
            forget(data, kept, at)
            kept = at


class _Closing:
    """Finds the lines that begin with a brace; no byte is looked at twice, however many records seem to begin."""

    def __init__(self, data: Buffer) -> None:
        self._data, self._searched, self._found = data, 0, -1

    def after(self, start: int) -> int:
        """Where the record that begins before `start` may end; -1 where nothing near ends one."""
        end = start + _SEVERAL
        if self._found < start and self._searched < end:
            self._found = self._data.find(b"\n}", max(start, self._searched - 1), end)
            self._searched = end if self._found < 0 else self._found + 1
        return self._found + 2 if start <= self._found < end else -1


def _status(data: Buffer, at: int, end: int, closing: _Closing) -> tuple[dict[str, Any] | None, int]:
    """The record that begins here, if one does, and where its last line ends."""
    if data[at] != _BRACE:
        return None, end
    stop = end
    if end - at < 8 and data[at:end].strip() == b"{":  # it goes on to a line that is its brace alone
        stop = closing.after(end)
        if stop < 0:
            return None, end
    text = data[at:stop].decode("utf-8", "replace")
    try:
        status, used = _DECODER.raw_decode(text)
    except (ValueError, RecursionError):
        return None, end
    if not status.keys() & _KEYS:
        return None, end
    for _ in range(text.count("\n", 0, used)):
        end = _line_end(data, end + 1)
    return status, end


def _line_end(data: Buffer, at: int) -> int:
    end = data.find(b"\n", at, at + _LONGEST)
    return end if end >= 0 else min(at + _LONGEST, len(data))
