"""Where candidates stand: sites inside a footprint, its middle, what was surveyed; and a gap area's own table."""

from __future__ import annotations

import pandas as pd
import pytest

from atlas.errors import NotFoundError
from atlas.gaps.seats import seats_of_area, seats_of_network, surroundings_of
from atlas.graph.seats import Surroundings
from atlas.snapshot import Atlas
from atlas.vocabulary import Domain, FootprintKind, Sector
from tests.toy import EAST, WEST, X0, Y0, code_of, toy_atlas


@pytest.fixture(scope="module")
def toy() -> Atlas:
    return toy_atlas()


def ground(atlas: Atlas, kind: FootprintKind, *footprint: str) -> Surroundings:
    here = atlas.inputs
    return surroundings_of(kind, footprint, here.areaset, here.sites, here.surveys)


@pytest.mark.parametrize(
    ("kind", "footprint", "sites"),
    [
        (FootprintKind.PLACES, (WEST,), 3),
        (FootprintKind.PLACES, (EAST,), 0),
        (FootprintKind.PLACES, ("E12000007",), 3),
        (FootprintKind.PLACES, ("E54000027",), 3),
        (FootprintKind.PLACES, (code_of(1, 1),), 1),
        (FootprintKind.PLACES, ("E02000000",), 2),
        (FootprintKind.RADIUS, (str(X0 + 2_500), str(Y0 + 500), "100"), 1),
        (FootprintKind.NONE, (), 0),
    ],
    ids=["borough", "other-borough", "london", "board", "lsoa", "msoa", "circle", "none"],
)
def test_sites_inside(toy: Atlas, kind: FootprintKind, footprint: tuple[str, ...], sites: int) -> None:
    assert len(ground(toy, kind, *footprint).sites) == sites


def test_the_middle_is_that_of_the_people_or_of_the_circle(toy: Atlas) -> None:
    # the upper row has 1,100 people an area, the lower one 1,000
    assert ground(toy, FootprintKind.PLACES, WEST).middle == pytest.approx((X0 + 2_000, Y0 + 500 + 1_000 * 11 / 21))
    assert ground(toy, FootprintKind.RADIUS, "1", "2", "3").middle == (1.0, 2.0)
    assert ground(toy, FootprintKind.NONE).middle is None


def test_surveyed_means_in_every_borough(toy: Atlas) -> None:
    here = toy.inputs
    surveys = here.surveys[~((here.surveys["borough"] == EAST) & (here.surveys["sector"] == "health"))]
    found = {
        code: surroundings_of(FootprintKind.PLACES, (code,), here.areaset, here.sites, surveys).surveyed
        for code in (WEST, EAST, "E12000007")
    }
    assert Sector.HEALTH in found[WEST]
    assert Sector.HEALTH not in found[EAST] | found["E12000007"]
    assert Sector.COUNCIL in found["E12000007"]


def test_sites_that_have_closed_take_no_seat(toy: Atlas) -> None:
    here = toy.inputs
    closed = here.sites.assign(status="ended")
    assert surroundings_of(FootprintKind.PLACES, (WEST,), here.areaset, closed, here.surveys).sites.empty


def test_a_network_by_its_id(toy: Atlas) -> None:
    here = toy.inputs
    found = seats_of_network(toy.graph, "network:west", here.areaset, here.sites, here.surveys)
    assert found.domains == (Domain.WORKFORCE,)
    for wanted in ("network:none", "institution:council"):
        with pytest.raises(NotFoundError):
            seats_of_network(toy.graph, wanted, here.areaset, here.sites, here.surveys)


def test_a_gap_area_needs_what_no_local_one_works_on(toy: Atlas) -> None:
    area = toy.gap_areas[0]
    found = seats_of_area(toy.graph, area, toy.sites, toy.inputs.surveys)
    assert area.local == ("programme:east",)
    assert set(found.domains) == set(Domain) - {Domain.WORKFORCE}
    # the network that delivers the programme brings those who sit in it
    assert {holder.through for seat in found.has for holder in seat.holders} == {"network:west"}
    seat = next(seat for seat in found.lacks if seat.sector is Sector.HIGHER_EDUCATION)
    assert [one.node for one in seat.candidates] == ["institution:university"]


def test_candidates_stand_within_ten_kilometres(toy: Atlas) -> None:
    far = toy.sites.assign(x_m=toy.sites["x_m"] - 20_000)
    found = seats_of_area(toy.graph, toy.gap_areas[0], far, toy.inputs.surveys)
    assert not any(seat.candidates for seat in found.lacks)


def test_nothing_is_changed(toy: Atlas) -> None:
    here = toy.inputs
    sites, surveys = here.sites.copy(), here.surveys.copy()
    nodes = {node: dict(record) for node, record in toy.graph.nodes(data=True)}
    seats_of_network(toy.graph, "network:all", here.areaset, here.sites, here.surveys)
    seats_of_area(toy.graph, toy.gap_areas[0], here.sites, here.surveys)
    pd.testing.assert_frame_equal(pd.DataFrame(here.sites), pd.DataFrame(sites))
    pd.testing.assert_frame_equal(here.surveys, surveys)
    assert {node: dict(record) for node, record in toy.graph.nodes(data=True)} == nodes
