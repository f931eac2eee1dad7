from __future__ import annotations

import sys

import typer

app = typer.Typer()


@app.command()
def main(format: str = "json") -> None:
    from diagnoser.diagnosis import diagnose
    from diagnoser.render import json

    print(json.render(diagnose(sys.stdin.buffer.read())))
