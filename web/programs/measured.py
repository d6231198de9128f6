"""Rows that follow from what a reader chose: areas, need, access, boroughs and gap areas."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

import numpy as np
import pandas as pd
import shapely

from atlas.exports.gaps import area_document
from atlas.exports.graph.fields import Field, FieldType
from atlas.snapshot import Atlas
from atlas.vocabulary import Domain, NeedDomain, Release, Verdict, label
from web.programs.rows import Mask, Rows, areas_in, in_degrees, lads_in

_TEXT, _NUMBER, _WHOLE, _FLAG = FieldType.TEXT, FieldType.NUMBER, FieldType.INTEGER, FieldType.BOOLEAN
_DECIMALS: Final = {
    **dict.fromkeys(("need_percentile", "access_percentile", "gap_index"), 3),
    **dict.fromkeys(("need", "p_gap", "p_top"), 4),
    "nearest_anchor_m": 1,
}

_BOARDS: Final = tuple(
    Field(f"icb{year % 100}", _TEXT, f"GSS code of its integrated care board as of {year}") for year in (2022, 2026)
)
AREA: Final = (
    Field("id", _TEXT, "GSS code of the small area (LSOA)"),
    Field("vintage", _WHOLE, "census year of the code"),
    Field("name", _TEXT, "name"),
    Field("lad", _TEXT, "GSS code of its borough"),
    Field("lad_name", _TEXT, "name of its borough"),
    Field("msoa", _TEXT, "GSS code of its group of neighbourhoods (MSOA)"),
    Field("msoa_name", _TEXT, "name of that"),
    *_BOARDS,
    Field("population", _WHOLE, "people"),
)
_NEED: Final = (
    Field("need", _NUMBER, "score of need under the choices; higher is more deprived"),
    Field("need_percentile", _NUMBER, "among London's people; 100 is the most deprived"),
)
_ACCESS: Final = (
    Field("access", _NUMBER, "access to anchors as the measure chosen gives it; higher is better served"),
    Field("access_percentile", _NUMBER, "among London's people; 100 is the best served"),
    Field("is_reached", _FLAG, "whether any counted site is within the catchment"),
    Field("nearest_anchor_m", _NUMBER, "distance to the nearest counted site", "metres", is_nullable=True),
    Field("nearest_site", _TEXT, "id of that site", is_nullable=True),
)
_VERDICT: Final = Field("verdict", _TEXT, "how sure the gap is, in one word", choices=tuple(Verdict))
_P_GAP: Final = Field("p_gap", _NUMBER, "share of trials in which it is a gap, 0 to 1")

AREAS: Final = (
    *AREA,
    *_NEED,
    *_ACCESS,
    Field("gap_index", _NUMBER, "0 to 100; higher is more of a gap"),
    Field("is_gap_here", _FLAG, "whether need is in the top and access in the bottom fifth under the choices"),
    _P_GAP,
    _VERDICT,
    Field("rank", _WHOLE, "by gap index; 1 is most of a gap"),
    Field("rank_low", _WHOLE, "5th percentile of that rank over the trials"),
    Field("rank_high", _WHOLE, "95th percentile of that rank over the trials"),
    Field("gap_area", _TEXT, "id of the gap area that it is part of", is_nullable=True),
)

NEED: Final = (
    *AREA,
    Field("release", _TEXT, "where need comes from", choices=tuple(Release)),
    Field("is_estimate", _FLAG, "whether it is an estimate of Atlas's own, and no official figure"),
    *_NEED,
    *(
        field
        for domain in NeedDomain
        for field in (
            Field(f"{domain}_score", _NUMBER, f"{label(domain)}: higher is more deprived", is_nullable=True),
            Field(f"{domain}_rank", _WHOLE, f"{label(domain)}: rank 1 is most deprived", is_nullable=True),
            Field(f"{domain}_decile", _WHOLE, f"{label(domain)}: 1 is the most deprived tenth", is_nullable=True),
        )
    ),
    Field("ranked_among", _WHOLE, "how many areas ranks and deciles are among: England's, or London's for an estimate"),
)

ACCESS: Final = (
    *AREA,
    *_ACCESS,
    Field("nearest_site_name", _TEXT, "name of the nearest counted site", is_nullable=True),
    Field("nearest_institution", _TEXT, "id of who works there", is_nullable=True),
)

BOROUGHS: Final = (
    Field("id", _TEXT, "GSS code"),
    Field("name", _TEXT, "name"),
    *_BOARDS,
    Field("areas", _WHOLE, "its small areas"),
    Field("population", _WHOLE, "people"),
    Field("gaps", _WHOLE, "small areas with a robust or fragile gap"),
    Field("people_in_gaps", _WHOLE, "people who live in those"),
    Field("sites", _WHOLE, "counted anchor sites in it"),
)

GAPS: Final = (
    Field("id", _TEXT, "id of the gap area"),
    Field("rank", _WHOLE, "1 has the most people"),
    Field("name", _TEXT, "name"),
    Field("lad", _TEXT, "GSS code of the borough with most of its people"),
    Field("lad_name", _TEXT, "name of that borough"),
    Field("lads", _TEXT, "GSS codes of all its boroughs, the one with most of its people first", is_list=True),
    Field("lad_names", _TEXT, "names of those", is_list=True),
    Field("population", _WHOLE, "people"),
    Field("need", _NUMBER, "mean score of need; higher is more deprived"),
    Field("need_percentile", _NUMBER, "100 is the most deprived"),
    Field("access", _NUMBER, "mean access; higher is better served"),
    Field("access_percentile", _NUMBER, "100 is the best served"),
    Field("nearest_anchor_m", _NUMBER, "mean distance to the nearest counted site", "metres", is_nullable=True),
    _P_GAP,
    _VERDICT,
    Field("networks", _TEXT, "ids of the networks whose footprint holds most of its people", is_list=True),
    Field("programmes", _TEXT, "the same of programmes", is_list=True),
    Field("domains", _TEXT, "what those act on", is_list=True, choices=tuple(Domain)),
    Field(
        "domains_missing",
        _TEXT,
        "what none of them acts on, those across London included",
        is_list=True,
        choices=tuple(Domain),
    ),
    Field(
        "local_domains_missing",
        _TEXT,
        "what none of them that reaches less than all of London acts on",
        is_list=True,
        choices=tuple(Domain),
    ),
    Field("lsoas", _TEXT, "codes of its small areas", is_list=True),
    Field("sentence", _TEXT, "all this in words"),
)


def names_of(fields: tuple[Field, ...]) -> tuple[str, ...]:
    """Names of fields, in order."""
    return tuple(field.name for field in fields)


def _named(atlas: Atlas) -> pd.DataFrame:
    """What every row of a small area says of it."""
    areaset = atlas.inputs.areaset
    frame = pd.DataFrame(areaset.areas.drop(columns="geometry"))
    boards = {name: frame["lad"].map(areaset.boroughs[name]) for name in names_of(_BOARDS)}
    return frame.assign(vintage=areaset.vintage, **boards)


def _of_areas(atlas: Atlas, frame: pd.DataFrame, fields: tuple[Field, ...], shapes: Any) -> Rows:
    areaset = atlas.inputs.areaset
    return Rows(frame.round(_DECIMALS), names_of(fields), shapes, lambda code: areas_in(areaset, code))


def areas(atlas: Atlas, shapes: Any) -> Rows:
    """Every small area with its need, access and gap."""
    ids = {number: area.id for number, area in enumerate(atlas.gap_areas, 1)}
    frame = _named(atlas).join(atlas.gaps.areas)
    frame = frame.assign(gap_area=frame["cluster"].map(ids).astype(object))
    return _of_areas(atlas, frame, AREAS, shapes)


def need(atlas: Atlas, shapes: Any) -> Rows:
    """Need of every small area, domain by domain where the release has domains."""
    deprivation, index = atlas.inputs.deprivation, atlas.inputs.areaset.areas.index
    columns: dict[str, Any] = {}
    tables = {"score": deprivation.scores, "rank": deprivation.ranks, "decile": deprivation.deciles}
    for domain in NeedDomain:
        for what, table in tables.items():
            # 2019 publishes scores of the supplements, and no ranks of them
            columns[f"{domain}_{what}"] = table[domain.value].reindex(index) if domain in table else None
    about = {"release": deprivation.release.value, "is_estimate": deprivation.is_estimate}
    frame = _named(atlas).join(atlas.gaps.areas[["need", "need_percentile"]])
    frame = frame.assign(**about, **columns, ranked_among=deprivation.ranked)
    return _of_areas(atlas, frame, NEED, shapes)


def access(atlas: Atlas, shapes: Any) -> Rows:
    """Access of every small area, and the site nearest to it."""
    measured = atlas.gaps.areas[["access", "access_percentile", "is_reached", "nearest_anchor_m", "nearest_site"]]
    sites = atlas.sites
    frame = _named(atlas).join(measured)
    nearest = {name: measured["nearest_site"].map(sites[of]) for name, of in _NEAREST.items()}
    return _of_areas(atlas, frame.assign(**nearest), ACCESS, shapes)


_NEAREST: Final[Mapping[str, str]] = {"nearest_site_name": "name", "nearest_institution": "institution"}


def boroughs(atlas: Atlas, shapes: Any) -> Rows:
    """Every borough with its people, gaps and sites."""
    areaset, sure = atlas.inputs.areaset, {Verdict.ROBUST.value, Verdict.FRAGILE.value}
    people = areaset.areas[["lad", "population"]].assign(is_gap=atlas.gaps.areas["verdict"].isin(sure))
    gaps = people[people["is_gap"]].groupby("lad")["population"]
    by_lad = people.groupby("lad")["population"]
    counted = {
        "areas": by_lad.size(),
        "population": by_lad.sum(),
        "gaps": gaps.size(),
        "people_in_gaps": gaps.sum(),
        "sites": atlas.counted_sites.groupby("lad").size(),
    }
    frame = pd.DataFrame(areaset.boroughs[["name", *names_of(_BOARDS)]])
    whole = {name: values.reindex(frame.index, fill_value=0).astype(int) for name, values in counted.items()}

    def inside(code: str) -> Mask:
        lads = lads_in(areaset, code) | set(areaset.areas["lad"][areas_in(areaset, code)])
        return np.asarray(frame.index.isin([*lads]))

    return Rows(frame.assign(**whole), names_of(BOROUGHS), shapes, inside)


def gaps(atlas: Atlas, shapes: Any) -> Rows:
    """Every gap area."""
    found = atlas.gap_areas
    documents = [area_document(area) for area in found]
    frame = pd.DataFrame({name: [one[name] for one in documents] for name in names_of(GAPS)}).set_index("id")
    for name in (field.name for field in GAPS if field.is_list):
        frame[name] = frame[name].map(tuple)
    lsoas = [set(area.lsoas) for area in found]
    areaset = atlas.inputs.areaset

    def inside(code: str) -> Mask:
        wanted = set(areaset.areas.index[areas_in(areaset, code)])
        return np.asarray([bool(wanted & one) for one in lsoas], dtype=bool)

    return Rows(frame.round(_DECIMALS), names_of(GAPS), shapes, inside)


def area_shapes(atlas: Atlas) -> Any:
    """Shapes of the small areas."""
    return in_degrees(atlas.inputs.areaset.areas.geometry)


def borough_shapes(atlas: Atlas) -> Any:
    """Shapes of the boroughs."""
    return in_degrees(atlas.inputs.areaset.boroughs.geometry)


def gap_shapes(atlas: Atlas) -> Any:
    """Shapes of the gap areas."""
    shapes = atlas.inputs.areaset.areas.geometry
    return in_degrees(shapely.union_all(np.asarray(shapes.loc[list(area.lsoas)])) for area in atlas.gap_areas)
