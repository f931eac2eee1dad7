"""`diagnoser` and `python -m diagnoser`."""

from __future__ import annotations


def main() -> None:
    from diagnoser.cli import main as run

    run()


if __name__ == "__main__":
    main()
