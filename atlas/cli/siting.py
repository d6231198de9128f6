"""`atlas site`: where more sites would do most."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Final

import typer

from atlas.cli.options import Choices, with_choices
from atlas.cli.output import Format, FormatOption, InsideOption, OutOption, drawn, format_of, show, write
from atlas.errors import QueryError
from atlas.siting.question import MOST_SITES, RADIUS_M, Candidates, Demand, Objective, Question
from atlas.vocabulary.estate import NOT_IN_USE

if TYPE_CHECKING:
    from atlas.siting.answer import Answer
    from atlas.snapshot import Atlas

TIME_LIMIT_S: Final = 5.0


ObjectiveOption = Annotated[
    Objective, typer.Option(help="cover: people in need within --radius; worst: access of those served worst.")
]
RadiusOption = Annotated[
    float | None, typer.Option(help="Metres in a straight line; for cover.", show_default=f"{RADIUS_M:g}")
]
DemandOption = Annotated[
    Demand | None,
    typer.Option(
        help="Who is to be reached: everybody in the areas most in need, or everybody by their area's need; for cover.",
        show_default=Demand.MOST_IN_NEED.value,
    ),
]
CandidatesOption = Annotated[
    str,
    typer.Option(
        help="Where they may stand. sites: sites on record that do not count; areas: any neighbourhood; assets: what "
        f"partners hold that is {NOT_IN_USE}; or a CSV file "
        "of id, easting_m and northing_m or postcode, and if you like name and max_people.",
        metavar="sites|areas|assets|FILE",
    ),
]
MaxPeopleOption = Annotated[
    float | None, typer.Option(help="The most people in need that one new site can serve; for cover.")
]


@with_choices()
def site(
    *,
    choices: Choices,
    p: Annotated[int, typer.Option("-p", min=1, max=MOST_SITES, help="How many sites more.")] = 3,
    objective: ObjectiveOption = Objective.COVER,
    radius: RadiusOption = None,
    demand: DemandOption = None,
    candidates: CandidatesOption = Candidates.SITES.value,
    max_people: MaxPeopleOption = None,
    inside: InsideOption = None,
    time_limit: Annotated[
        float, typer.Option(min=0, max=3600, help="Seconds for the exact solver; with 0 it is not asked.")
    ] = TIME_LIMIT_S,
    fmt: FormatOption = None,
    out: OutOption = None,
) -> None:
    """Choose where more sites would do most, and prove how good the choice is."""
    from atlas.exports.siting import siting_csv, siting_geojson, siting_json
    from atlas.siting.solve import site as solve
    from atlas.sources.candidates import read_candidates

    if objective is Objective.WORST and (radius is not None or demand is not None):
        raise QueryError("--radius and --demand belong to cover; for worst, give --catchment and --decay")
    named = candidates in set(Candidates) - {Candidates.FILE}
    source = Candidates(candidates) if named else Candidates.FILE
    # what cannot be asked is said before anything is measured
    question = Question(
        p=p,
        objective=objective,
        candidates=source,
        radius_m=RADIUS_M if radius is None else radius,
        demand=demand or Demand.MOST_IN_NEED,
        max_people=max_people,
        time_limit_s=time_limit,
    )
    atlas = choices.load()
    if inside is not None:
        question = replace(question, borough=atlas.borough(inside))
    file = None
    if source is Candidates.FILE:
        file = read_candidates(Path(candidates), atlas.inputs.areaset.boroughs)
    with drawn("choosing places") as counted:
        answer = solve(atlas, question, file, counted)
    chosen = format_of(fmt, out)
    writers = {Format.CSV: siting_csv, Format.JSON: siting_json, Format.GEOJSON: siting_geojson}
    if chosen in writers:
        write(writers[chosen](answer), out)
    else:
        show(*page(atlas, answer), out=out)


def page(atlas: Atlas, answer: Answer) -> list[Any]:
    """The answer in words, the chosen places, and what the answer rests on."""
    from rich.markup import escape

    from atlas.siting.words import basis, not_surveyed, proof, sentence

    last = [*basis(answer), *not_surveyed(atlas), f"Revision {answer.revision}."]
    tables = [places(answer)] if answer.sites else []
    return [escape(f"{sentence(answer)}\n{proof(answer)}\n"), *tables, escape("\n" + "\n".join(last))]


def places(answer: Answer) -> Any:
    """One line for each chosen place, then what there was before and what there is with them all."""
    from rich.markup import escape
    from rich.table import Table

    from atlas.gaps.sentences import distance_words
    from atlas.siting.words import added_words, row_words, totals

    table = Table(box=None, pad_edge=False)
    table.add_column("", justify="right", no_wrap=True)
    for column in (f"adds: {added_words(answer)}", "nearest anchor now"):
        table.add_column(column, justify="right")
    for column in ("place", "what stands there, and whose", "borough"):
        table.add_column(column)
    for site in answer.sites:
        whose = ", ".join(filter(None, [site.stands, site.institution_name]))
        table.add_row(
            str(site.order),
            row_words(answer, site.adds),
            distance_words(site.nearest_anchor_m),
            escape(site.name),
            escape(whose) or "not known",
            escape(site.lad_name) or "outside London",
        )
    table.add_section()
    for words, amount in totals(answer):
        table.add_row("", amount, "", words, "", "")
    return table
