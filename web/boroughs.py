"""Boroughs: all in a table, and a page for each."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any, Final

from flask import Blueprint, Response

from atlas.gaps.ground import ground_of
from atlas.gaps.rule import is_high_need
from atlas.graph.places import Served
from atlas.snapshot import Atlas
from atlas.vocabulary import Kind, Sector, Standing, SurveyStatus, Verdict, label
from web.answer import answer
from web.graph_drawing import served_drawing
from web.land import borough_land, estate_address, partner_names
from web.maps import page_map
from web.visit import page, visit

blueprint = Blueprint("boroughs", __name__)

KINDS: Final = (Kind.NETWORK, Kind.PROGRAMME, Kind.INSTITUTION)
"""What may serve a borough, in the order shown."""


@dataclass(frozen=True, slots=True)
class BoroughRow:
    """A borough, or several together, in numbers.

    Parameters
    ----------
    code, name : str
        GSS code and name.
    population : int
        People.
    need_percentile, access_percentile : float
        Means over its people; 100 is the most deprived, and the best served.
    most_in_need : float
        Share of its people who live in London's fifth of greatest need.
    gap_areas, unknown_areas : int
        Robust or fragile gap areas that lie at least partly in it, and areas that cannot be judged.
    gap_people : int
        Its people in robust or fragile gap areas.
    sites : int
        Anchor sites counted in it.
    """

    code: str
    name: str
    population: int
    need_percentile: float
    access_percentile: float
    most_in_need: float
    gap_areas: int
    unknown_areas: int
    gap_people: int
    sites: int


def borough_rows(atlas: Atlas, codes: Collection[str] | None = None) -> list[BoroughRow]:
    """Boroughs in numbers, all unless some are named, the one with most people in gaps first."""
    names = atlas.inputs.areaset.borough_names()
    rows = [place_row(atlas, code, names[code], (code,)) for code in (names if codes is None else codes)]
    return sorted(rows, key=lambda row: (-row.gap_people, row.name))


def place_row(atlas: Atlas, code: str, name: str, boroughs: Collection[str]) -> BoroughRow:
    """A place made of whole boroughs, in numbers."""
    places = atlas.inputs.areaset.areas
    columns = ["need_percentile", "access_percentile", "verdict"]
    measured = places.loc[places["lad"].isin(boroughs), ["population"]].join(atlas.gaps.areas[columns])
    people = measured["population"]
    total = max(int(people.sum()), 1)
    percentile = measured["need_percentile"].to_numpy()
    unknown = [area.verdict is Verdict.UNKNOWN for area in atlas.gap_areas if not set(boroughs).isdisjoint(area.lads)]
    return BoroughRow(
        code=code,
        name=name,
        population=int(people.sum()),
        need_percentile=float((measured["need_percentile"] * people).sum() / total),
        access_percentile=float((measured["access_percentile"] * people).sum() / total),
        most_in_need=float(people[is_high_need(percentile, people.to_numpy(), atlas.parameters)].sum() / total),
        gap_areas=len(unknown) - sum(unknown),
        unknown_areas=sum(unknown),
        gap_people=int(people[measured["verdict"].isin([Verdict.ROBUST, Verdict.FRAGILE])].sum()),
        sites=int(atlas.counted_sites["lad"].isin(boroughs).sum()),
    )


@blueprint.get("/boroughs")
def index() -> Response:
    """Answer with every borough."""
    return page("boroughs.html", lambda: {"boroughs": borough_rows(visit().atlas)})


@blueprint.get("/boroughs/<wanted>")
def borough(wanted: str) -> Response:
    """Answer with one borough, given its code or name.

    Raises
    ------
    NotFoundError
        If there is none; suggests near ones.
    """
    atlas = visit().atlas
    code = atlas.borough(wanted)
    return page("borough.html", lambda: borough_context(atlas, code))


def borough_context(atlas: Atlas, code: str) -> dict[str, Any]:
    """What a borough's page shows."""
    places = atlas.inputs.areaset.areas
    places = places.loc[places["lad"] == code, ["name", "population"]]
    columns = ["need_percentile", "access_percentile", "nearest_anchor_m", "verdict"]
    neighbourhoods = places.join(atlas.gaps.areas[columns]).sort_values("need_percentile", ascending=False)
    sites = atlas.sites[atlas.sites["lad"] == code].sort_values(["sector", "name"])
    [row], serves = borough_rows(atlas, [code]), serving(atlas, code)
    return {
        "row": row,
        "answer": answer(atlas, code),
        "areas": atlas.gap_areas_in(code),
        "map": page_map(code, small=True),
        "neighbourhoods": neighbourhoods.reset_index(names="lsoa").to_dict("records"),
        "sites": sites.reset_index(names="site").to_dict("records"),
        "surveys": surveys_of(atlas, code),
        "icbs": icbs_of(atlas, code),
        "serving": serves,
        "ego": served_drawing(atlas, (code, row.name), serves),
        **borough_land(atlas, code),
        "partner_names": partner_names(atlas),
        "estate_address": estate_address,
    }


def serving(atlas: Atlas, code: str) -> dict[str, list[Served]]:
    """What serves a borough, whenever it did, by kind: what stands today first; whose sites are listed is left out."""
    inputs = atlas.inputs
    ground = ground_of(inputs.areaset, inputs.graph, code)
    found = [row for row in inputs.place_index.serving(ground, ever=True) if row.ways != ("site",)]
    found.sort(key=lambda row: list(Standing).index(row.standing))
    return {kind.value: [row for row in found if row.kind == kind] for kind in KINDS}


def surveys_of(atlas: Atlas, code: str) -> list[tuple[str, str, bool]]:
    """Sector, how completely it was surveyed in the borough, and whether its sites count here."""
    surveys = atlas.inputs.surveys
    found = surveys[surveys["borough"] == code].set_index("sector")["status"].to_dict()
    chosen = atlas.parameters.sectors
    return [
        (label(sector), str(found.get(sector.value, SurveyStatus.NONE)), sector in chosen)
        for sector in Sector
        if sector.value in found or sector in chosen
    ]


def icbs_of(atlas: Atlas, code: str) -> list[dict[str, str]]:
    """Integrated care boards of a borough, the one that stands today first."""
    areaset = atlas.inputs.areaset
    codes = dict.fromkeys(areaset.boroughs.loc[code, ["icb26", "icb22"]])
    known = [icb for icb in codes if icb in areaset.icbs.index]
    fields = ["name", "start", "end"]
    return [{"code": icb} | {str(k): str(v) for k, v in areaset.icbs.loc[icb, fields].items()} for icb in known]
