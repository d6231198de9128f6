"""`atlas estate matches | accept | reject`: which rows of two registers are one place."""

from __future__ import annotations

from typing import Annotated, Any

import typer

from atlas.cli.estate_app import WHO, estate_app, opened
from atlas.cli.output import Format, FormatOption, OutOption, format_of, settings, show, table, write
from atlas.errors import QueryError
from atlas.vocabulary.estate import Decision

AssetArgument = Annotated[str, typer.Argument(metavar="ASSET", help="Id of an asset, asset:…")]


@estate_app.command()
def matches(
    *,
    accept_at: Annotated[
        float | None, typer.Option(help="Accept by rule what scores at least this, 0 to 1.", min=0.5, max=1)
    ] = None,
    decision: Annotated[Decision | None, typer.Option(help="Only those of which this was said.")] = None,
    fmt: FormatOption = None,
    out: OutOption = None,
) -> None:
    """Look for rows of several partners that are one place; list them with their reasons."""
    from atlas.exports.text import csv_text, json_text, records
    from atlas.same_places import match_everything

    chosen = format_of(fmt, out)
    if chosen is Format.GEOJSON:
        raise QueryError("matches are written as table, csv or json, not as geojson")
    with opened() as store:
        found = match_everything(store, settings().workspace, WHO, accept_at)
    if decision is not None:
        found = found[found["decision"] == decision]
    rows = records(found, 4)
    if chosen is Format.CSV:
        write(csv_text(list(found.columns), rows), out)
    elif chosen is Format.JSON:
        write(json_text({"matches": rows}), out)
    else:
        headers = ("one", "other", "decision", "because", "score")
        cells = [[row["left"], row["right"], row["decision"], row["reasons"], f"{row['score']:.2f}"] for row in rows]
        show(table(f"Same places: {len(rows):,}", headers, cells, left=4), out=out)
        if out is None:
            # not drawn, so that a line can be copied whole
            for hint in _hints(rows):
                typer.echo(hint)


def _hints(rows: list[dict[str, Any]]) -> list[str]:
    """How the first pair that waits is decided, to be copied."""
    waiting = [row for row in rows if row["decision"] == Decision.PROPOSED]
    if not waiting:
        return []
    pair = f"{waiting[0]['left']} {waiting[0]['right']}"
    return [
        "One place or two? Say so, as of the first that waits:",
        f"atlas estate accept {pair}",
        f"atlas estate reject {pair}",
    ]


@estate_app.command()
def accept(one: AssetArgument, other: AssetArgument) -> None:
    """Say that two rows are one place, with several interests in it."""
    _decide(one, other, Decision.ACCEPTED)


@estate_app.command()
def reject(one: AssetArgument, other: AssetArgument) -> None:
    """Say that two rows are two places."""
    _decide(one, other, Decision.REJECTED)


def _decide(one: str, other: str, decision: Decision) -> None:
    left, right = sorted((one, other))
    with opened() as store:
        store.decide([(left, right)], decision, WHO, "said on the command line")
    typer.echo(f"{left} and {right}: {decision}")
