"""`atlas graph seats`, `readiness` and `progress`: who is missing, how ready a network is, what became of its word."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any, Final

import typer

from atlas.cli.graph_app import format_asked, graph_app, loaded
from atlas.cli.output import Format, FormatOption, OutOption, show, write
from atlas.vocabulary import Kind

if TYPE_CHECKING:
    from atlas.graph.progress import Track
    from atlas.graph.readiness import Readiness
    from atlas.graph.seats import Seats

NodeArgument = Annotated[str, typer.Argument(help="Network or programme, by id or name.", metavar="NETWORK")]
TABLES: Final = (Kind.NETWORK, Kind.PROGRAMME)
"""At what one may sit."""


@graph_app.command()
def seats(network: NodeArgument, *, fmt: FormatOption = None, out: OutOption = None) -> None:
    """Say which sectors a network's domains need, which it has and lacks, and who could take the seat."""
    from atlas.exports.seats import seats_csv, seats_document
    from atlas.exports.text import json_text
    from atlas.gaps.seats import seats_of_network
    from atlas.graph.lookup import find_node

    chosen, here = format_asked(fmt, out), loaded(None)
    node = find_node(here.graph, network, TABLES)
    found = seats_of_network(here.graph, node, here.areaset, here.sites, here.surveys)
    if chosen is Format.CSV:
        write(seats_csv(here.graph, found), out)
    elif chosen is Format.JSON:
        write(json_text(seats_document(here.graph, found, {"network": node})), out)
    else:
        show(*seats_page(here.graph, node, found), out=out)


@graph_app.command()
def readiness(network: NodeArgument, *, fmt: FormatOption = None, out: OutOption = None) -> None:
    """Answer the six elements of the how-to guide from what is on record; there is no score."""
    from atlas.exports.seats import readiness_csv, readiness_document
    from atlas.exports.text import json_text
    from atlas.graph.lookup import find_node
    from atlas.graph.readiness import readiness_of

    chosen, here = format_asked(fmt, out), loaded()
    node = find_node(here.graph, network, TABLES)
    found = readiness_of(here.graph, node)
    if chosen is Format.CSV:
        write(readiness_csv(found), out)
    elif chosen is Format.JSON:
        write(json_text(readiness_document(found, {"network": node})), out)
    else:
        show(*readiness_page(here.graph, found), out=out)


@graph_app.command()
def progress(
    node: Annotated[
        str | None, typer.Argument(help="Institution, network or programme, by id or name; default: all.")
    ] = None,
    *,
    fmt: FormatOption = None,
    out: OutOption = None,
) -> None:
    """Set commitments against measurements: target, due, what was reported for which period, and what was not."""
    from atlas.exports.progress import progress_csv, progress_document
    from atlas.exports.text import json_text
    from atlas.graph.lookup import find_node
    from atlas.graph.progress import all_tracks, tracks_of

    chosen, here = format_asked(fmt, out), loaded()
    wanted = None if node is None else find_node(here.graph, node)
    found = all_tracks(here.graph) if wanted is None else tracks_of(here.graph, wanted)
    if chosen is Format.CSV:
        write(progress_csv(here.graph, found), out)
    elif chosen is Format.JSON:
        write(json_text(progress_document(here.graph, found, {"node": wanted})), out)
    else:
        show(*progress_page(here.graph, found), out=out)


def _table(*columns: str) -> Any:
    from rich.table import Table

    table = Table(box=None, pad_edge=False)
    for column in columns:
        table.add_column(column)
    return table


def seats_page(graph: Any, node: str, found: Seats) -> list[Any]:
    """Who sits at the table and who is missing, in words and a table for each."""
    from rich.markup import escape

    from atlas.gaps.sentences import distance_words
    from atlas.vocabulary import label

    domains = ", ".join(label(domain).lower() for domain in found.domains) or "no domain on record"
    lacks = "Lacks on record" if found.doubts else "Lacks"
    first = [f"{graph.nodes[node]['name']} works on {domains}.", *found.doubts]
    has = _table("has", "who")
    for seat in found.has:
        names = [f"{graph.nodes[one.node]['name']}{'' if one.is_certain else ' (?)'}" for one in seat.holders]
        has.add_row(label(seat.sector), escape(", ".join(names)))
    missing = _table(lacks.lower(), "what it could bring", "who could, nearest first, and by whom")
    for seat in found.lacks:
        words = "; ".join(dict.fromkeys(lever.words for _, lever in seat.levers))
        names = []
        for one in seat.candidates:
            away = f" ({distance_words(one.distance_m)})" if one.distance_m is not None else ""
            names.append(f"{one.name}{away}: {one.introduction.sentence if one.introduction else 'no chain of ties.'}")
        if not names:
            names = [f"no site on record inside{'' if seat.is_surveyed else ', and not all have been looked for'}"]
        missing.add_row(label(seat.sector), escape(words), escape("\n".join(names)))
    return [escape("\n".join(first)) + "\n", has, "", missing]


def readiness_page(graph: Any, found: Readiness) -> list[Any]:
    """The six elements with their evidence, and the two spectra."""
    from rich.markup import escape

    from atlas.graph.guide import ELEMENTS

    table = _table("element", "on record", "source")
    for answer in found.answers:
        name = ELEMENTS[answer.element].name
        for place, row in enumerate(answer.found):
            more = f" (and {row.more} more)" if row.more else ""
            source = ", ".join(filter(None, [row.source, row.evidence]))
            table.add_row("" if place else name, escape(row.words + more), escape(source))
        if not answer.found:
            table.add_row(name, "no evidence on record", "")
    spectra = _table("aspect", "stands", "why")
    for aspect in (*found.mission, *found.structure):
        for stands in aspect.rows:
            spectra.add_row(escape(aspect.name), stands["position"], escape(stands["note"]))
    silent = [aspect.name for aspect in (*found.mission, *found.structure) if not aspect.rows]
    last = f"\nNo evidence on record: {', '.join(silent)}." if silent else ""
    return [f"{escape(graph.nodes[found.node]['name'])}\n", table, "", spectra, last]


def progress_page(graph: Any, tracks: tuple[Track, ...]) -> list[Any]:
    """One line for each commitment and for each metric that was only reported."""
    from rich.markup import escape

    from atlas.graph.figures import amount
    from atlas.graph.progress import STATE_WORDS, commitments_in, count_states, state_words

    counts = count_states(commitments_in(tracks))
    said = ", ".join(f"{STATE_WORDS[state].lower()} {count}" for state, count in counts.items() if count)
    table = _table("who", "what", "target", "due", "reported", "of target", "state")
    for track in tracks:
        reports = "\n".join(
            f"{amount(one.value, one.unit)} ({_period(one)}{', disputed' if one.is_disputed else ''})"
            for one in track.reports
        )
        name = escape(graph.nodes[track.node].get("name", track.node))
        for one in track.commitments:
            share = "" if one.share is None else f"{one.share:.0%}"
            target = amount(one.target, one.unit)
            overdue = "; due date has passed" if one.is_overdue else ""
            table.add_row(
                name,
                escape(track.metric),
                target,
                one.due or "-",
                escape(reports),
                share,
                state_words(one).lower() + overdue,
            )
        if not track.commitments:
            table.add_row(name, escape(track.metric), "-", "-", escape(reports), "", "no commitment")
    number = sum(counts.values())
    return [
        f"{number} commitment{'' if number == 1 else 's'}: {said}.\n" if said else "No commitment is on record.\n",
        table,
    ]


def _period(report: Any) -> str:
    start, end = report.period_start, report.period_end
    return f"{start} to {end}" if start and end else end or (f"since {start}" if start else "undated")
