"""`atlas graph measures`, `communities`, `overlap`, `without`: who stands where, and what breaks."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING, Annotated, Any, Final

import typer

from atlas.cli.graph_app import format_asked, graph_app, loaded
from atlas.cli.output import Format, FormatOption, OutOption, show, write
from atlas.errors import QueryError

if TYPE_CHECKING:
    from atlas.graph.measures.answer import Measured

AtOption = Annotated[
    str | None, typer.Option("--at", help="As at a day, month or year (2022-07-01); default: as it stands today.")
]
TopOption = Annotated[int | None, typer.Option("--top", min=1, help="How many rows.")]
NAMED: Final = 6
"""Members of a community that are named."""


class Sides(StrEnum):
    """Whose pairs are compared."""

    NETWORKS = "networks"
    INSTITUTIONS = "institutions"


@graph_app.command()
def measures(
    *,
    by: Annotated[
        str, typer.Option(help="Measure to order by: betweenness, degree, closeness, constraint …", metavar="MEASURE")
    ] = "betweenness",
    top: TopOption = None,
    at: AtOption = None,
    fmt: FormatOption = None,
    out: OutOption = None,
) -> None:
    """Measure who stands where: ties, betweenness, closeness, constraint, core, cuts; and how sure the ranks are."""
    from atlas.exports.measures import measures_csv, measures_json
    from atlas.graph.measures.words import MEASURES

    chosen = format_asked(fmt, out)
    if by not in MEASURES:
        raise QueryError(f"no measure called {by!r}; there are {', '.join(MEASURES)}")
    measured = _measured(at)
    if chosen is Format.TABLE:
        show(*_measures_page(measured, by, top or 15), out=out)
    else:
        write({Format.CSV: measures_csv, Format.JSON: measures_json}[chosen](measured, by, top), out)


@graph_app.command()
def communities(*, at: AtOption = None, fmt: FormatOption = None, out: OutOption = None) -> None:
    """Name the groups whose members are tied to each other more than chance would have it."""
    from atlas.exports.measures import communities_csv, communities_json
    from atlas.graph.measures.sentences import LEAST, community_words
    from atlas.graph.wording import listed

    chosen = format_asked(fmt, out)
    measured = _measured(at)
    if chosen is not Format.TABLE:
        write({Format.CSV: communities_csv, Format.JSON: communities_json}[chosen](measured), out)
        return
    table = _table(("#", "nodes"), ("around", "with"))
    for group in measured.communities.groups:
        if len(group.nodes) >= LEAST:
            others = [measured.name(node) for node in group.nodes if node != group.centre]
            more = [f"{len(others) - NAMED} more"] if len(others) > NAMED else []
            _row(table, group.number, len(group.nodes), measured.name(group.centre), listed([*others[:NAMED], *more]))
    show(*_said(measured, community_words(measured)), table, out=out)


@graph_app.command("overlap")
def overlap_(
    *,
    of: Annotated[
        Sides, typer.Option(help="Networks and programmes by their institutions, or institutions by what they are in.")
    ] = Sides.NETWORKS,
    shared: Annotated[
        int | None, typer.Option(min=1, help="What two must share to be listed.", show_default="3 in a table, else 1")
    ] = None,
    top: TopOption = None,
    at: AtOption = None,
    fmt: FormatOption = None,
    out: OutOption = None,
) -> None:
    """Compare networks and programmes by the institutions that they share, or institutions by where they meet."""
    from atlas.exports.measures import overlap_csv, overlap_json

    chosen = format_asked(fmt, out)
    measured = _measured(at)
    if chosen is not Format.TABLE:
        write({Format.CSV: overlap_csv, Format.JSON: overlap_json}[chosen](measured, shared or 1, top, of.value), out)
        return
    least = shared or 3
    if of is Sides.INSTITUTIONS:
        show(*_said(measured), _meetings(measured, least, top or 20), out=out)
        return
    table = _table(("Jaccard", "of the smaller", "shared", "members"), ("network or programme", "and"))
    for row in measured.overlapping(least)[: top or 20].itertuples():
        sizes = f"{row.members_one}, {row.members_other}"
        names = (measured.name(str(row.one)), measured.name(str(row.other)))
        _row(table, f"{row.jaccard:.2f}", f"{row.of_smaller:.2f}", row.shared, sizes, *names)
    table.caption = (
        f"shared: institutions that take part in both, at least {least}; Jaccard: of all that take part in either"
    )
    show(*_said(measured), table, out=out)


@graph_app.command()
def without(
    node: Annotated[str, typer.Argument(help="Institution, network or programme, by id, name or code.")],
    *,
    at: AtOption = None,
    fmt: FormatOption = None,
    out: OutOption = None,
) -> None:
    """Say what breaks if one leaves: pairs cut off, networks without a convenor or host, members without a network."""
    from rich.markup import escape

    from atlas.exports.measures import departure_csv, departure_json
    from atlas.graph.lookup import find_node
    from atlas.graph.measures.sentences import departure_words

    chosen = format_asked(fmt, out)
    measured = _measured(at)
    found = measured.without(find_node(measured.graph, node))
    if chosen is Format.JSON:
        write(departure_json(measured, found), out)
    elif chosen is Format.CSV:
        write(departure_csv(found), out)
    else:
        lists = [("without a network or programme", found.without_network), ("without any tie", found.without_tie)]
        if len(found.parts) > 1:
            lists += [(f"cut off together ({len(part)})", part) for part in found.parts[1:] if len(part) > 1]
        table = _table((), ("left", "who"))
        for words, nodes in lists:
            if nodes:
                _row(table, words, "; ".join(map(measured.name, nodes)))
        sentences = "\n".join(departure_words(measured, found)) + "\n"
        show(escape(sentences), *([table] if table.row_count else []), out=out)


def _meetings(measured: Measured, least: int, top: int) -> Any:
    table = _table(("Newman", "meet in"), ("institution", "and"))
    for row in measured.overlapping(least, "institutions")[:top].itertuples():
        _row(table, f"{row.newman:.2f}", row.shared, measured.name(str(row.one)), measured.name(str(row.other)))
    table.caption = (
        f"meet in: networks and programmes of both, at least {least}; Newman: each over its institutions less one"
    )
    return table


def _measured(at: str | None) -> Measured:
    """The graph of the settings, as it stands today or as at a day."""
    from atlas.graph.measures.answer import Measured
    from atlas.graph.timeline import as_at, as_day

    day = None if at is None else as_day(at)
    graph = loaded().graph
    return Measured(graph if day is None else as_at(graph, day))


def _said(measured: Measured, *words: str) -> list[str]:
    from rich.markup import escape

    from atlas.graph.measures.sentences import doubt_words, size_words

    return [escape("\n".join(filter(None, [size_words(measured), doubt_words(measured), *words])) + "\n")]


def _measures_page(measured: Measured, by: str, top: int) -> list[Any]:
    from rich.markup import escape

    from atlas.graph.measures.missing import DRAWS, DROPPED
    from atlas.graph.measures.sentences import figure, headline, interval_words, ordered, sure_words
    from atlas.graph.measures.words import MEASURES

    rows = ordered(measured.table, by).head(top)
    # the measure asked for stands first
    keys = [by, *(key for key in MEASURES if key not in {by, "eigenvector", "community"})]
    table = _table([*(MEASURES[key].name.lower() for key in keys), "rank"], ("who", "kind"))
    ranked = "degree" if by == "degree" else "betweenness"
    for node, row in rows.to_dict("index").items():
        rank = interval_words(measured.intervals.loc[str(node)], ranked)
        _row(table, *(figure(float(row[key]), key) for key in keys), rank, row["name"], row["kind"])
    table.caption = (
        f"rank: by {MEASURES[ranked].name.lower()}, with the ranks between which nine of {DRAWS} draws in ten lie, "
        f"{DROPPED:.0%} of ties left out"
    )
    measure = MEASURES[by]
    what = [measure.what, f"High: {measure.high}", f"Missing data: {measure.missing}"]
    said = [f"{headline(measured)}.", *_said(measured, sure_words(measured))]
    return [escape(said[0]), *said[1:], table, escape(f"\n{measure.name} ({measure.source}). " + "\n".join(what))]


def _table(numbers: Any, words: Any) -> Any:
    from rich.table import Table

    table = Table(box=None, pad_edge=False)
    for column in numbers:
        table.add_column(column, justify="right")
    for column in words:
        table.add_column(column)
    return table


def _row(table: Any, *cells: Any) -> None:
    from rich.markup import escape

    table.add_row(*(escape(str(cell)) for cell in cells))
