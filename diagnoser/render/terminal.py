"""The same text in colour, by rich; rich is imported only where colour is wanted (40 ms)."""

from __future__ import annotations

from diagnoser.diagnosis import Diagnosis
from diagnoser.render import plain
from diagnoser.render.layout import UNICODE, rows

_STYLES = {
    "title": "bold",
    "bad": "bold red",
    "good": "bold green",
    "dim": "dim",
    "label": "bold cyan",
    "code": "cyan",
    "place": "bold",
    "proof": "",
    "added": "green",
    "removed": "red",
}


def render(diagnosis: Diagnosis, width: int = 80, colour: bool = False) -> str:
    """The report for a terminal `width` columns wide."""
    if not colour:
        return plain.render(diagnosis, width, UNICODE)
    from rich.console import Console
    from rich.text import Text

    console = Console(width=width, force_terminal=True, color_system="standard", highlight=False, markup=False)
    with console.capture() as capture:
        for row in rows(diagnosis, width, UNICODE):
            console.print(Text.assemble(*((text, _STYLES.get(style, "")) for text, style in row)), soft_wrap=True)
    return capture.get().rstrip("\n")
