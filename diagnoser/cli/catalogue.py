"""`diagnoser explain` and `diagnoser list`: the catalogue itself."""

from __future__ import annotations

from difflib import get_close_matches
from typing import Annotated

import typer

from diagnoser.cli.diagnose import CONFIG, SIGNATURES


def explain(
    id: Annotated[str, typer.Argument(metavar="ID", help="A root cause, such as modules/proxy-timeout.")],
    signatures: SIGNATURES = None,
    config: CONFIG = None,
) -> None:
    """Explain a root cause: what it means, what to do, which programs print it."""
    from diagnoser.cli.settings import catalogue_of
    from diagnoser.render.explain import render

    known = catalogue_of(signatures, config).signatures
    if id not in known:
        near = get_close_matches(id, known, n=3, cutoff=0.5) or [i for i in known if i.split("/")[1] == id]
        hint = f"did you mean {', '.join(near)}?" if near else "see: diagnoser list"
        typer.echo(f"diagnoser: no root cause {id!r}; {hint}", err=True)
        raise typer.Exit(2)
    typer.echo(render(known[id]))


def list_signatures(
    area: Annotated[str | None, typer.Argument(help="Only the causes of this area, such as modules.")] = None,
    signatures: SIGNATURES = None,
    config: CONFIG = None,
) -> None:
    """List the known root causes, a line each."""
    from diagnoser.cli.settings import catalogue_of

    known = catalogue_of(signatures, config).signatures
    shown = [s for s in known.values() if area is None or s.id.split("/")[0] == area.rstrip("/")]
    if not shown:
        areas = sorted({i.split("/")[0] for i in known})
        typer.echo(f"diagnoser: no area {area!r}; the areas are {', '.join(areas)}", err=True)
        raise typer.Exit(2)
    width = max(len(s.id) for s in shown)
    for signature in shown:
        typer.echo(f"{signature.id:{width}}  {signature.title}")
