"""`atlas graph …`: questions to the partnership graph."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from atlas.cli.graph_app import format_asked, graph_app, loaded
from atlas.cli.output import Format, FormatOption, OutOption, show, write
from atlas.errors import QueryError
from atlas.vocabulary import Kind, Relation

if TYPE_CHECKING:
    from datetime import date

    from atlas.exports.graph_answer import Answer
    from atlas.snapshot import Inputs

AtOption = Annotated[
    str | None, typer.Option("--at", help="Day, month or year, 2022-03-31; default: when the data were last checked.")
]
EverOption = Annotated[bool, typer.Option("--ever", help="Keep what does not stand on the day, too.")]
LimitOption = Annotated[int, typer.Option(min=1, help="Most chains.")]


def day_of(inputs: Inputs, wanted: str | None) -> date:
    """The day asked about."""
    from atlas.graph.timeline import as_day, last_checked

    return as_day(wanted) if wanted else last_checked(inputs.graph)


def told(answer: Answer, fmt: Format | None, out: Path | None) -> None:
    """Write an answer as it was asked for."""
    chosen = format_asked(fmt, out)
    writers: dict[Format, Callable[[], str]] = {Format.CSV: answer.csv, Format.JSON: answer.json}
    if chosen in writers:
        write(writers[chosen](), out)
    else:
        show(*page(answer), out=out)


def page(answer: Answer) -> list[Any]:
    """An answer in a sentence, its table, and what a reader must know of it."""
    from rich.markup import escape
    from rich.table import Table

    from atlas.exports.graph_answer import plain_rows

    table = Table(box=None, pad_edge=False)
    for _, heading in answer.shown:
        table.add_column(heading)
    for row in plain_rows(answer.rows, answer.shown):
        table.add_row(*map(escape, row))
    notes = [escape("\n" + "\n".join(answer.notes))] if answer.notes else []
    return [escape(f"{answer.sentence}\n"), *([table] if answer.rows else []), *notes]


@graph_app.command()
def members(
    network: Annotated[str, typer.Argument(help="Network or programme, by name or id.")],
    *,
    at: AtOption = None,
    ever: EverOption = False,
    fmt: FormatOption = None,
    out: OutOption = None,
) -> None:
    """Who belongs to a network, what else they do for it, and whom it reaches."""
    from atlas.exports.graph_queries import members_answer
    from atlas.graph.lookup import find_node

    inputs = loaded()
    node = find_node(inputs.graph, network, (Kind.NETWORK, Kind.PROGRAMME))
    day = day_of(inputs, at)
    told(members_answer(inputs.graph, node, day, ever=ever, reach=inputs.extent(node)), fmt, out)


@graph_app.command()
def serves(
    place: Annotated[str, typer.Argument(help="Borough by name or GSS code, LSOA or MSOA code, board, or place.")],
    *,
    at: AtOption = None,
    ever: EverOption = False,
    fmt: FormatOption = None,
    out: OutOption = None,
) -> None:
    """Everything that serves a place: networks, programmes and institutions."""
    from atlas.exports.graph_queries import serves_answer
    from atlas.gaps.ground import ground_of

    inputs = loaded()
    ground = ground_of(inputs.areaset, inputs.graph, place, inputs.sites)
    told(serves_answer(inputs.place_index, ground, day_of(inputs, at), ever=ever), fmt, out)


@graph_app.command()
def ego(
    node: Annotated[str, typer.Argument(help="Institution, network, programme or place, by name or id.")],
    *,
    radius: Annotated[int, typer.Option(min=1, max=2, help="How many ties away.")] = 1,
    relation: Annotated[list[Relation] | None, typer.Option(help="Only this verb; repeat for several.")] = None,
    kind: Annotated[list[Kind] | None, typer.Option(help="Only this kind of node; repeat for several.")] = None,
    at: AtOption = None,
    ever: EverOption = False,
    fmt: FormatOption = None,
    out: OutOption = None,
) -> None:
    """Who is around a node, and the ties among them all."""
    from atlas.exports.graph_queries import ego_answer
    from atlas.graph.facts import ACTORS
    from atlas.graph.lookup import find_node

    inputs = loaded()
    centre = find_node(inputs.graph, node, tuple(Kind))
    kinds, relations = kind or ACTORS, relation or tuple(Relation)
    told(ego_answer(inputs.graph, centre, day_of(inputs, at), radius, kinds, relations, ever=ever), fmt, out)


@graph_app.command()
def chains(
    start: Annotated[str, typer.Argument(metavar="FROM", help="By name or id.")],
    end: Annotated[str, typer.Argument(metavar="TO", help="By name or id.")],
    *,
    limit: LimitOption = 5,
    through_places: Annotated[bool, typer.Option("--through-places", help="Let places and sites join too.")] = False,
    at: AtOption = None,
    ever: EverOption = False,
    fmt: FormatOption = None,
    out: OutOption = None,
) -> None:
    """The shortest chains of ties from one body to another, explained tie by tie."""
    from atlas.exports.graph_chains import chains_answer
    from atlas.graph.facts import ACTORS
    from atlas.graph.lookup import find_node

    inputs = loaded()
    one, other = (find_node(inputs.graph, wanted, tuple(Kind)) for wanted in (start, end))
    through = tuple(Kind) if through_places else ACTORS
    day = day_of(inputs, at)
    told(chains_answer(inputs.graph, one, other, day, limit=limit, through=through, ever=ever), fmt, out)


@graph_app.command()
def bridges(
    first: Annotated[str, typer.Argument(metavar="A", help="Network or programme, by name or id.")],
    second: Annotated[str, typer.Argument(metavar="B", help="Network or programme, by name or id.")],
    *,
    limit: LimitOption = 5,
    at: AtOption = None,
    fmt: FormatOption = None,
    out: OutOption = None,
) -> None:
    """Who bridges two networks: members of both, else those tied to both, else the shortest chains."""
    from atlas.exports.graph_chains import bridges_answer
    from atlas.graph.lookup import find_node

    inputs = loaded()
    one, other = (find_node(inputs.graph, wanted, (Kind.NETWORK, Kind.PROGRAMME)) for wanted in (first, second))
    told(bridges_answer(inputs.graph, one, other, day_of(inputs, at), limit), fmt, out)


@graph_app.command()
def changes(
    start: Annotated[str, typer.Argument(metavar="FROM_DATE", help="First day; of a month or year, its first.")],
    end: Annotated[str, typer.Argument(metavar="TO_DATE", help="Last day; of a month or year, its last.")],
    *,
    fmt: FormatOption = None,
    out: OutOption = None,
) -> None:
    """What began, ended and was succeeded between two days, both included, and what cannot be told."""
    from atlas.exports.graph_queries import changes_answer
    from atlas.graph.timeline import as_day, as_last_day

    days = as_day(start), as_last_day(end)
    if days[0] > days[1]:
        raise QueryError(f"the first day ({start}) is after the last ({end})")
    told(changes_answer(loaded().graph, *days), fmt, out)


@graph_app.command()
def lineage(
    node: Annotated[str, typer.Argument(help="Institution, network or programme, by name or id.")],
    *,
    at: AtOption = None,
    fmt: FormatOption = None,
    out: OutOption = None,
) -> None:
    """Where a body came from, what became of it, and whom its name stands for today."""
    from atlas.exports.graph_queries import lineage_answer
    from atlas.graph.lookup import find_node

    inputs = loaded()
    told(lineage_answer(inputs.graph, find_node(inputs.graph, node), day_of(inputs, at)), fmt, out)
