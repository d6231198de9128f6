from __future__ import annotations

import dataclasses
import json

import networkx as nx
import numpy as np
import pandas as pd
import pytest

from atlas.errors import QueryError
from atlas.gaps.briefs import GapArea, gap_areas
from atlas.geo.areas import AreaSet
from atlas.parameters import Parameters
from atlas.vocabulary import Domain, NeedDomain
from tests.toy import EAST, WEST, X0, Y0, measured_gaps, toy_inputs

INPUTS = toy_inputs()
AREAS = INPUTS.areaset.areas


def briefs(
    areaset: AreaSet = INPUTS.areaset,
    sites: pd.DataFrame = INPUTS.sites,
    graph: nx.MultiDiGraph[str] = INPUTS.graph,
    need: pd.Series[float] = INPUTS.deprivation.scores["overall"],
    scores: pd.DataFrame | None = None,
) -> tuple[GapArea, ...]:
    gaps = measured_gaps(areaset, need, sites, Parameters(draws=64), INPUTS.surveys)
    return gap_areas(gaps, areaset, graph, scores)


def with_names(*msoa_names: str) -> AreaSet:
    """The three gap squares, and after them all the others, in MSOAs of these names."""
    gap = ["E01000601", "E01000700", "E01000701"]
    areas = AREAS.assign(msoa_name=AREAS["msoa_name"].astype(object))
    areas.loc[gap, "msoa_name"] = list(msoa_names)
    return dataclasses.replace(INPUTS.areaset, areas=areas)


def reach(**record: object) -> nx.MultiDiGraph[str]:
    graph: nx.MultiDiGraph[str] = nx.MultiDiGraph()
    common = {"kind": "network", "status": "active", "scale": "borough", "domains": (), "footprint": ()}
    graph.add_node("network:one", **(common | record))
    return graph


def test_the_toy_gap_is_described_whole() -> None:
    (area,) = briefs()
    assert (area.id, area.rank, area.name, area.lad, area.lad_name) == (
        "quarter-3-east", 1, "Quarter 3", EAST, "East",
    )  # fmt: skip
    assert area.population == 3_200
    assert isinstance(area.population, int)
    assert area.networks == ("network:all",)
    assert area.programmes == ("programme:east",)
    assert area.domains == (Domain.WORKFORCE, Domain.PROCUREMENT)
    assert set(area.domains) | set(area.domains_missing) == set(Domain)
    # the network is London's: of the local programme alone less is acted on
    assert set(area.local_domains_missing) - set(area.domains_missing) == {Domain.PROCUREMENT}
    assert area.need_by_domain == {}
    assert area.sentence.startswith("3 neighbourhoods, home to 3,200 people.")
    json.dumps(dataclasses.asdict(area), allow_nan=False)


def test_centre_and_distances_are_means_over_people() -> None:
    (area,) = briefs()
    people = np.array([1_100, 1_000, 1_100])
    x, y = np.array([6_500, 7_500, 7_500]), np.array([1_500, 500, 1_500])
    assert area.centre == pytest.approx((X0 + np.average(x, weights=people), Y0 + np.average(y, weights=people)))
    nearest = area.nearest_anchors[0]
    assert (nearest.site, nearest.site_name, nearest.institution_name) == (
        "site:university",
        "Campus",
        "West University",
    )
    assert nearest.distance_m == pytest.approx(np.average(np.hypot(x - 2_500, y - 500), weights=people))
    distances = [anchor.distance_m for anchor in area.nearest_anchors]
    assert distances == sorted(distances)


def test_each_institution_is_named_once_by_its_nearest_site() -> None:
    further = INPUTS.sites.loc[["site:university"]].assign(x_m=X0 + 100.0).set_axis(["site:annexe"])
    (area,) = briefs(sites=pd.concat([further, INPUTS.sites]))
    institutions = [anchor.institution for anchor in area.nearest_anchors]
    assert len(set(institutions)) == len(institutions) == 3
    assert area.nearest_anchors[0].site == "site:university"


def test_without_sites_no_anchor_is_named_and_no_number_made_up() -> None:
    (area, *_) = briefs(sites=INPUTS.sites.iloc[:0])
    assert area.nearest_anchors == ()
    assert area.nearest_anchor_m is None


@pytest.mark.parametrize(
    ("names", "expected", "slug"),
    [
        (("Downham South", "Downham South", "Elm Park"), "Downham South", "downham-south-east"),
        (
            ("Neasden", "Elm Park", "St Mary's & Quay"),
            "Neasden and St Mary's & Quay",
            "neasden-and-st-marys-and-quay-east",
        ),
    ],
)
def test_a_name_comes_from_where_most_people_live(names: tuple[str, str, str], expected: str, slug: str) -> None:
    (area,) = briefs(areaset=with_names(*names))
    assert (area.name, area.id) == (expected, slug)


def test_an_area_across_a_border_names_all_its_boroughs() -> None:
    areas = AREAS.assign(lad=AREAS["lad"].astype(object), lad_name=AREAS["lad_name"].astype(object))
    areas.loc["E01000601", ["lad", "lad_name"]] = [WEST, "West"]
    (area,) = briefs(areaset=dataclasses.replace(INPUTS.areaset, areas=areas))
    assert (area.lad_name, area.lads, area.lad_names) == ("East", (EAST, WEST), ("East", "West"))
    assert area.boroughs == "East and West"


def test_two_areas_of_one_name_are_told_apart() -> None:
    areaset = dataclasses.replace(INPUTS.areaset, areas=AREAS.assign(msoa_name="Elm Park", lad=EAST, lad_name="East"))
    corners = {"E01000700": 99.0, "E01000701": 98.0, "E01000500": 97.0}
    need = pd.Series({code: corners.get(code, 1.0) for code in AREAS.index})
    first, second = briefs(areaset=areaset, sites=INPUTS.sites.assign(x_m=X0 - 8_000.0), need=need)
    assert (first.name, first.id) == ("Elm Park", "elm-park-east")
    assert (second.name, second.id) == ("Elm Park (Square 50)", "elm-park-square-50")


@pytest.mark.parametrize(
    ("footprint", "covered"),
    [(["E01000601"], False), (["E01000601", "E01000701"], True), (["E09000001"], False), (["E12000007"], True)],
)
def test_a_network_reaches_an_area_when_more_than_half_its_people_live_inside(
    *, footprint: list[str], covered: bool
) -> None:
    (area,) = briefs(graph=reach(footprint_kind="places", footprint=tuple(footprint)))
    assert (area.networks == ("network:one",)) is covered


@pytest.mark.parametrize("status", ["ended", "planned", "unknown"])
def test_only_active_networks_count(status: str) -> None:
    (area,) = briefs(graph=reach(footprint_kind="places", footprint=("E12000007",), status=status))
    assert area.networks == ()


def test_networks_stand_narrowest_first() -> None:
    graph = reach(footprint_kind="places", footprint=("E12000007",), scale="london")
    record = graph.nodes["network:one"]
    graph.add_nodes_from([("network:b", record | {"scale": "sub_regional"}), ("network:a", record)])
    (area,) = briefs(graph=graph)
    assert area.networks == ("network:b", "network:a", "network:one")


def test_a_footprint_that_cannot_be_placed_is_refused() -> None:
    with pytest.raises(QueryError, match="E05000001"):
        briefs(graph=reach(footprint_kind="places", footprint=("E05000001",)))


def test_need_by_domain_is_the_percentile_of_the_mean() -> None:
    crime = pd.Series(np.arange(16.0), AREAS.index)
    scores = pd.DataFrame({"overall": crime, "crime": crime, "income": -crime, "idaci": crime})
    (area,) = briefs(scores=scores)
    assert set(area.need_by_domain) == {NeedDomain.CRIME, NeedDomain.INCOME}
    people = AREAS["population"]
    mean = np.average(crime[list(area.lsoas)], weights=people[list(area.lsoas)])
    expected = 100 * (people[crime < mean].sum() + people[crime == mean].sum() / 2) / people.sum()
    assert area.need_by_domain["crime"] == pytest.approx(expected)
    assert area.need_by_domain["income"] < 20


def test_order_of_rows_does_not_matter() -> None:
    turned = dataclasses.replace(INPUTS.areaset, areas=AREAS.iloc[::-1])
    assert briefs(areaset=turned, sites=INPUTS.sites.iloc[::-1]) == briefs()
