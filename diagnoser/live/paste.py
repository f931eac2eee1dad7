"""A log pasted at the prompt."""

from __future__ import annotations

import contextlib
import os
import select
import sys
from collections.abc import Iterator

_CHUNK = 1 << 16
_PASTE_ON, _PASTE_OFF = b"\x1b[?2004h", b"\x1b[?2004l"
_PASTED, _PASTE_ENDED = b"\x1b[200~", b"\x1b[201~"
_END = b"\x04"  # Ctrl-D
_PAUSE = 0.2  # seconds without input after which an empty line was typed and not pasted


def read_paste() -> bytes:
    """A log pasted at the prompt: until Ctrl-D, or an empty line typed after a paste."""
    sys.stderr.write("Paste the log. It is read when you press Ctrl-D, or Enter on an empty line after the paste.\n")
    sys.stderr.flush()
    with _keys():
        pasted = b""
        with contextlib.suppress(KeyboardInterrupt):
            for chunk in iter(lambda: os.read(0, _CHUNK), b""):
                if _END in chunk:
                    pasted += chunk[: chunk.index(_END)]
                    break
                if pasted.strip() and chunk.strip(b"\r\n ") == b"" and not _more():
                    break
                pasted += chunk
    return pasted.replace(_PASTED, b"").replace(_PASTE_ENDED, b"").replace(b"\r\n", b"\n").replace(b"\r", b"\n")


def _more() -> bool:
    return bool(select.select([0], [], [], _PAUSE)[0])


@contextlib.contextmanager
def _keys() -> Iterator[None]:
    """The terminal in a mode without its limit of 4,095 bytes a line, and with pastes marked."""
    try:
        import termios
    except ImportError:  # Windows: lines as the console gives them
        yield
        return
    saved = termios.tcgetattr(0)
    mode = termios.tcgetattr(0)
    mode[3] &= ~termios.ICANON
    termios.tcsetattr(0, termios.TCSADRAIN, mode)
    os.write(2, _PASTE_ON)
    try:
        yield
    finally:
        os.write(2, _PASTE_OFF)
        termios.tcsetattr(0, termios.TCSADRAIN, saved)
