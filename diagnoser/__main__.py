"""`diagnoser` and `python -m diagnoser`."""

from __future__ import annotations

import gc
import os
import sys
from io import TextIOWrapper


def _open_streams() -> None:
    """Output is UTF-8 whatever the locale, as logs are; a stream that is closed must not become the next file's."""
    while (free := os.open(os.devnull, os.O_RDWR)) <= 2:
        pass
    os.close(free)
    for name in ("stdout", "stderr"):
        stream = getattr(sys, name)
        if stream is None:
            setattr(sys, name, open(os.devnull, "w"))  # noqa: SIM115, PTH123
        elif isinstance(stream, TextIOWrapper):
            stream.reconfigure(encoding="utf-8", errors="replace")


def main() -> None:
    _open_streams()
    gc.disable()  # one log, one report: collecting garbage while modules load is a tenth of the whole time
    from diagnoser.cli import main as run

    run()


if __name__ == "__main__":
    main()
