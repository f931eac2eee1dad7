"""`diagnoser` and `python -m diagnoser`."""

from __future__ import annotations

import gc


def main() -> None:
    gc.disable()  # one log, one report: collecting garbage while modules load is a tenth of the whole time
    from diagnoser.cli import main as run

    run()


if __name__ == "__main__":
    main()
