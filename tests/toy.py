"""A world small enough to draw by hand: a chessboard of sixteen one-kilometre areas, two boroughs, three sites.

Need rises to the east; all anchors stand in the west. So the gap lies on the eastern edge, and it is plain to see::

    west borough (E09000001) | east borough (E09000002)
    . H .                    | . . .        H hospital, C council, U university
    . C U                    | . . .
"""

from __future__ import annotations

from datetime import date
from functools import cache
from typing import Final

import geopandas as gpd
import pandas as pd
from shapely import box

from atlas.gaps.analysis import Gaps, find_gaps
from atlas.gaps.robustness.monte_carlo import robustness
from atlas.gaps.study import make_study
from atlas.geo.areas import AreaSet
from atlas.geo.deprivation import Deprivation, deciles_of
from atlas.geo.locate import site_frame
from atlas.graph.build import build
from atlas.parameters import Parameters
from atlas.pipeline import analyse
from atlas.records import Institution, Network, Partnerships, Place, Programme, Site, Source, Survey, Tie
from atlas.snapshot import Atlas, Inputs, Provenance
from atlas.vocabulary import (
    Confidence,
    Domain,
    FootprintKind,
    NeedDomain,
    Origin,
    PositionBasis,
    Relation,
    Release,
    Scale,
    Sector,
    SiteKind,
    SurveyStatus,
)

SIDE_M: Final = 1_000
WIDTH: Final = 8
HEIGHT: Final = 2
WEST, EAST = "E09000001", "E09000002"
X0, Y0 = 530_000, 180_000
HOSTILE: Final = "<img src=x onerror=alert(1)>"
EVIDENCE: Final = {"source": "toy", "evidence": "drawn by hand", "checked_on": date(2026, 11, 21)}


def code_of(column: int, row: int) -> str:
    """Code of the square in a column and a row."""
    return f"E0100{column:02d}{row:02d}"


def toy_areaset() -> AreaSet:
    """Sixteen squares in two boroughs."""
    rows = [
        {
            "lsoa": code_of(column, row),
            "name": f"Square {column}{row}",
            "lad": WEST if column < WIDTH // 2 else EAST,
            "lad_name": "West" if column < WIDTH // 2 else "East",
            "msoa": f"E0200{column // 2:04d}",
            "msoa_name": f"Quarter {column // 2}",
            "population": 1_000 + 100 * row,
            "x_m": float(X0 + SIDE_M * column + SIDE_M / 2),
            "y_m": float(Y0 + SIDE_M * row + SIDE_M / 2),
            "geometry": box(
                X0 + SIDE_M * column, Y0 + SIDE_M * row, X0 + SIDE_M * (column + 1), Y0 + SIDE_M * (row + 1)
            ),
        }
        for column in range(WIDTH)
        for row in range(HEIGHT)
    ]
    areas = gpd.GeoDataFrame(pd.DataFrame(rows).set_index("lsoa"), geometry="geometry", crs="EPSG:27700")
    halves = {WEST: box(X0, Y0, X0 + 4_000, Y0 + 2_000), EAST: box(X0 + 4_000, Y0, X0 + 8_000, Y0 + 2_000)}
    boroughs = gpd.GeoDataFrame(
        {"name": ["West", "East"], "icb22": ["E54000027", "E54000029"], "icb26": ["E54000071", "E54000029"]},
        index=pd.Index([WEST, EAST], name="lad"),
        geometry=list(halves.values()),
        crs="EPSG:27700",
    )
    icbs = gpd.GeoDataFrame(
        {
            "name": ["NHS Old West ICB", "NHS East ICB", "NHS New West ICB"],
            "start": ["2022-07-01", "2022-07-01", "2026-04-01"],
            "end": ["2026-03-31", "", ""],
        },
        index=pd.Index(["E54000027", "E54000029", "E54000071"], name="icb"),
        geometry=[halves[WEST], halves[EAST], halves[WEST]],
        crs="EPSG:27700",
    )
    around = pd.DataFrame(
        {"population": [500], "x_m": [float(X0 - 500)], "y_m": [float(Y0 + 500)], "lad": ["E07000001"]},
        index=pd.Index(["E01099999"], name="lsoa"),
    )
    return AreaSet(2011, areas, around, boroughs, icbs)


def toy_partnerships(name: str = "Western Hospital") -> Partnerships:
    """Three institutions with a site each, two networks, a programme, and their ties."""

    def institution(slug: str, label: str, sector: Sector) -> Institution:
        return Institution(id=f"institution:{slug}", name=label, sector=sector, kind="toy", is_anchor=True, **EVIDENCE)

    def site(slug: str, label: str, kind: SiteKind, x: int, y: int) -> Site:
        return Site(
            id=f"site:{slug}",
            institution=f"institution:{slug}",
            name=label,
            kind=kind,
            postcode="E1 1BJ",
            borough=WEST,
            easting_m=X0 + x,
            northing_m=Y0 + y,
            position=PositionBasis.SURVEYED,
            **EVIDENCE,
        )

    def tie(subject: str, relation: Relation, target: str) -> Tie:
        return Tie(subject=subject, relation=relation, object=target, confidence=Confidence.HIGH, **EVIDENCE)

    return Partnerships(
        sources=(Source(id="toy", title="A toy", publisher="Nobody", licence="none"),),
        institutions=(
            institution("hospital", name, Sector.HEALTH),
            institution("council", "West Council", Sector.COUNCIL),
            institution("university", "West University", Sector.HIGHER_EDUCATION),
        ),
        sites=(
            site("hospital", f"{name} main site", SiteKind.ACUTE_HOSPITAL, 1_500, 1_500),
            site("council", "Town Hall", SiteKind.COUNCIL_OFFICE, 1_500, 500),
            site("university", "Campus", SiteKind.UNIVERSITY_CAMPUS, 2_500, 500),
        ),
        networks=(
            Network(
                id="network:west",
                name="West Partnership",
                kind="partnership",
                origin=Origin.COUNCIL,
                scale=Scale.BOROUGH,
                description="Brings the west together.",
                domains=(Domain.WORKFORCE,),
                footprint_kind=FootprintKind.PLACES,
                footprint=(WEST,),
                start="2021",
                **EVIDENCE,
            ),
            Network(
                id="network:all",
                name="Everyone's Network",
                kind="anchor network",
                origin=Origin.INSTITUTION,
                scale=Scale.LONDON,
                description="Brings everyone together.",
                domains=(Domain.PROCUREMENT,),
                footprint_kind=FootprintKind.PLACES,
                footprint=("E12000007",),
                **EVIDENCE,
            ),
        ),
        programmes=(
            Programme(
                id="programme:east",
                name="Eastern Start",
                scale=Scale.NEIGHBOURHOOD,
                description="Helps the far east.",
                domains=(Domain.WORKFORCE,),
                footprint_kind=FootprintKind.RADIUS,
                footprint=(str(X0 + 7_500), str(Y0 + 1_000), "1500"),
                **EVIDENCE,
            ),
        ),
        places=(
            Place(id=f"place:{WEST}", name="West", kind="borough"),
            Place(id=f"place:{EAST}", name="East", kind="borough"),
            Place(id="place:E12000007", name="London", kind="region"),
        ),
        ties=(
            tie("institution:hospital", Relation.MEMBER_OF, "network:west"),
            tie("institution:council", Relation.CONVENES, "network:west"),
            tie("institution:university", Relation.MEMBER_OF, "network:all"),
            tie("network:west", Relation.DELIVERS, "programme:east"),
        ),
        surveys=tuple(
            Survey(borough=borough, sector=sector, status=SurveyStatus.COMPLETE, **EVIDENCE)
            for borough in (WEST, EAST)
            for sector in (Sector.HEALTH, Sector.HIGHER_EDUCATION, Sector.FURTHER_EDUCATION, Sector.COUNCIL)
        ),
    )


def toy_need(areaset: AreaSet) -> pd.DataFrame:
    """A score for each square, higher to the east."""
    need = pd.DataFrame({"overall": [10.0 * int(code[5:7]) + int(code[7:]) for code in areaset.areas.index]})
    return need.set_index(areaset.areas.index)


def toy_release(*ranked: NeedDomain, scored: tuple[NeedDomain, ...] = ()) -> Deprivation:
    """The toy world's need as a release of 2019 that ranks some domains and has scores alone of others."""
    need = toy_need(toy_areaset())["overall"]
    table = pd.DataFrame({domain.value: need for domain in (NeedDomain.OVERALL, *ranked)})
    ranks = table.rank(ascending=False, method="min").astype("int64")
    empty = pd.DataFrame(index=table.index)
    return Deprivation(
        release=Release.IOD2019,
        vintage=2011,
        is_estimate=False,
        scores=table.assign(**{domain.value: need for domain in scored}),
        ranks=ranks,
        deciles=deciles_of(ranks, len(ranks)),
        populations=empty,
        names=empty,
    )


def toy_inputs(partnerships: Partnerships | None = None, deprivation: Deprivation | None = None) -> Inputs:
    """Everything that an atlas of the toy world is made from; its need is an estimate unless a release is given."""
    partnerships = partnerships or toy_partnerships()
    areaset = toy_areaset()
    deprivation = deprivation or Deprivation.from_estimate(toy_need(areaset))
    surveys = [(s.borough, s.sector.value, s.status.value) for s in partnerships.surveys]
    return Inputs(
        release=deprivation.release,
        areaset=areaset,
        deprivation=deprivation,
        sites=site_frame(partnerships, pd.DataFrame(), areaset.boroughs.index),
        graph=build(partnerships),
        surveys=pd.DataFrame(surveys, columns=["borough", "sector", "status"]),
        provenance=(Provenance("toy", "A toy", "Nobody", "none", "none", "never", "0" * 64),),
    )


def measured_gaps(
    areaset: AreaSet, need: pd.Series[float], sites: pd.DataFrame, parameters: Parameters, surveys: pd.DataFrame
) -> Gaps:
    """The analysis of a world from its parts."""
    study = make_study(areaset, need, sites, parameters)
    tried = robustness(study, draws=parameters.draws, seed=parameters.seed)
    return find_gaps(study, tried, surveys, areaset.areas.index)


@cache
def toy_atlas(name: str = "Western Hospital") -> Atlas:
    """The toy world, measured; `name` is the hospital's, which may be hostile."""
    return analyse(toy_inputs(toy_partnerships(name)), Parameters())
