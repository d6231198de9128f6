"""`atlas compare`: two releases side by side."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any, Final

import typer

from atlas.cli.options import Choices, with_choices
from atlas.cli.output import Format, FormatOption, InsideOption, OutOption, complain, drawn, format_of, show, write
from atlas.errors import QueryError
from atlas.vocabulary import Release

if TYPE_CHECKING:
    from atlas.comparison import ReleaseComparison

NOTHING: Final = "-"
"""Where a figure has no counterpart."""


@with_choices(without="release")
def compare(
    *,
    choices: Choices,
    before: Annotated[Release, typer.Option(help="The earlier release.")] = Release.IOD2019,
    after: Annotated[Release, typer.Option(help="The later release.")] = Release.IOD2025,
    inside: InsideOption = None,
    fmt: FormatOption = None,
    out: OutOption = None,
) -> None:
    """Compare two releases: which gap areas are new, gone or remain, and what cannot be compared."""
    from atlas import pipeline
    from atlas.exports.comparison import comparison_csv, comparison_json
    from atlas.then_and_now import within

    chosen = format_of(fmt, out)
    if chosen is Format.GEOJSON:
        raise QueryError("a comparison is written as table, csv or json, not as geojson")
    if before is after:
        raise QueryError(f"both are {before}; choose two releases")
    with drawn("trying other ways of measuring") as counted:
        found = pipeline.compare_releases(choices.settings(), before, after, choices.parameters, counted)
    complain(dict.fromkeys((*found.before.inputs.warnings, *found.after.inputs.warnings)))
    if inside is not None:
        found = within(found, found.after.borough(inside))
    if chosen is Format.TABLE:
        show(*page(found), out=out)
    else:
        write({Format.CSV: comparison_csv, Format.JSON: comparison_json}[chosen](found), out)


def page(found: ReleaseComparison) -> list[Any]:
    """The answer in words, the gap areas then and now, and what cannot be compared."""
    from rich.markup import escape

    from atlas.then_and_now import headline, limits, match_rows, then_and_now

    rows = then_and_now(found)
    last = ["What is compared, and what is not:"]
    last += [f"- {words}: {number:,} neighbourhoods; {how}." for words, how, number, _ in match_rows(found) if number]
    last += [f"- {sentence}" for sentence in limits(found)]
    last += ["", f"Revisions: {found.before.revision} then, {found.after.revision} now."]
    tables = [_areas(found, rows)] if rows else []
    return [escape(f"{headline(found)}\n{found.sentence}\n"), *tables, escape("\n" + "\n".join(last))]


def _areas(found: ReleaseComparison, rows: Any) -> Any:
    from rich.markup import escape
    from rich.table import Table

    from atlas.then_and_now import FATES
    from atlas.vocabulary import Verdict, label

    table = Table(box=None, pad_edge=False)
    table.add_column("what became", no_wrap=True)
    for column in ("people", "shared", "need", "access"):
        table.add_column(column, justify="right", no_wrap=True)
    for column in ("verdict", "area"):
        table.add_column(column)
    for row in rows:
        verdicts = [label(Verdict(verdict)).lower() if verdict else NOTHING for verdict in row.verdicts]
        table.add_row(
            FATES[row.fate][0].lower(),
            f"{row.area.population:,}",
            NOTHING if row.shared_percent is None else f"{row.shared_percent}%",
            *(f"{_number(then)} → {_number(now)}" for then, now in (row.need, row.access)),
            " → ".join(dict.fromkeys(verdicts)),
            escape(f"{row.area.name}, {row.area.boroughs}"),
        )
    table.caption = (
        "people: of its own release; shared: of them, in a gap at the other time; need, 100 most deprived, and access, "
        f"100 best served: percentiles of London's people, {found.before.inputs.release} → {found.after.inputs.release}"
    )
    return table


def _number(value: float) -> str:
    return NOTHING if value != value else f"{value:.0f}"  # noqa: PLR0124 -- NaN is what differs from itself
