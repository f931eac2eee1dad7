"""`diagnoser` and `python -m diagnoser`."""

from __future__ import annotations


def main() -> None:
    from diagnoser.cli import app

    app()


if __name__ == "__main__":
    main()
