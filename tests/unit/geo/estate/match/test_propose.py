from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
import shapely

from atlas.assets import ASSET_COLUMNS, NUMBER_COLUMNS
from atlas.geo.estate.match import ACCEPT_SCORE, LIKELY_SCORE, propose, propose_all, propose_new
from atlas.geo.estate.match.pairs import Flags
from atlas.geo.estate.match.propose import MATCH_COLUMNS, propose_in_parts
from atlas.geo.estate.match.reach import Links

EMPTY = dict.fromkeys(ASSET_COLUMNS, "") | dict.fromkeys(NUMBER_COLUMNS, np.nan) | {"wkb": None, "is_sensitive": False}


def rows(register: str, *told: dict[str, object]) -> pd.DataFrame:
    """Assets of one register of a partner of the same name."""
    whole = [EMPTY | {"partner": f"institution:{register}", "register": register} | row for row in told]
    return pd.DataFrame(whole, index=[f"asset:{register}-{k}" for k in range(len(told))], columns=list(ASSET_COLUMNS))


def at(number: str, street: str = "High Street", name: str = "", postcode: str = "SE6 4RU") -> dict[str, object]:
    return {"number": number, "street": street, "name": name, "postcode": postcode}


def box(west: float, south: float, east: float, north: float) -> bytes:
    return bytes(shapely.to_wkb(shapely.box(west, south, east, north)))


def score(one: dict[str, object], other: dict[str, object]) -> float:
    found = propose(rows("a", one), rows("b", other))
    return float(found["score"].iloc[0]) if len(found) else 0.0


def test_a_pair_by_uprn_says_so_and_may_be_accepted_by_rule() -> None:
    found = propose(rows("b", {"uprn": "100021985921"}), rows("a", {"uprn": "100021985921"}))
    assert tuple(found.columns) == MATCH_COLUMNS
    assert found.drop(columns="score").to_numpy().tolist() == [
        ["asset:a-0", "asset:b-0", "uprn", "UPRN 100021985921", "proposed"]
    ]
    assert found["score"].iloc[0] >= ACCEPT_SCORE


def test_outlines_are_paired_from_three_tenths_of_their_union() -> None:
    left = rows("a", {"wkb": box(0, 0, 10, 10)})
    near, far = rows("b", {"wkb": box(0, 5, 10, 15)}), rows("b", {"wkb": box(0, 6, 10, 16)})
    found = propose(left, near)
    assert found["rule"].tolist() == ["overlap"]
    assert found["reasons"].tolist() == ["outlines overlap by 33%"]
    assert propose(left, far).empty


def test_a_building_in_a_park_is_told_with_how_unequal_they_are() -> None:
    found = propose(rows("a", {"wkb": box(0, 0, 100, 100)}), rows("b", {"wkb": box(10, 10, 20, 60)}))
    assert found["reasons"].tolist() == ["100% of one outline lies in the other, which is 20.0 times as large"]
    assert found["score"].iloc[0] < LIKELY_SCORE


def test_outlines_that_only_touch_are_no_pair() -> None:
    assert propose(rows("a", {"wkb": box(0, 0, 10, 10)}), rows("b", {"wkb": box(10, 0, 20, 10)})).empty


def test_a_broken_outline_is_mended_before_it_is_cut() -> None:
    bow = shapely.to_wkb(shapely.Polygon([(0, 0), (10, 10), (10, 0), (0, 10)]))
    found = propose(rows("a", {"wkb": bow}), rows("b", {"wkb": box(0, 0, 10, 10)}))
    assert found["reasons"].tolist() == ["outlines overlap by 50%"]


def test_the_first_rule_names_the_pair_and_the_others_add_their_reasons() -> None:
    one = at("12", postcode="SE6 4RU") | {"uprn": "7", "wkb": box(0, 0, 10, 10)}
    other = at("12", street="High St") | {"uprn": "7", "wkb": box(0, 0, 10, 9)}
    found = propose(rows("a", one), rows("b", other))
    assert found["rule"].tolist() == ["uprn"]
    assert found["reasons"].tolist() == ["UPRN 7; outlines overlap by 90%; SE6 4RU; addresses 100% alike"]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (at("12"), at("12", street="HIGH ST.")),
        (at("12"), at("", street="12 High Street, London, SE6 4RU")),
        (at("", name="Flat 2", street="14 High Street"), at("", street="Flat 2, 14 High St")),
        (at("", street="Unit 3, 14 High Street"), at("Unit 3, 14")),
        (at("12-14"), at("12 - 14")),
        (at("12-14"), at("12\N{EN DASH}14")),
        (at("12", name="Children's Centre"), at("12", name="Childrens Ctr")),
        (at("9TH"[:1], postcode="E1 9TH"), at("", street="9 High Street, E1 9TH", postcode="E1 9TH")),
    ],
)
def test_one_address_written_in_two_ways_may_be_accepted_by_rule(
    one: dict[str, object], other: dict[str, object]
) -> None:
    assert score(one, other) >= ACCEPT_SCORE


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (at("12"), at("14")),
        (at("12A"), at("12B")),
        (at("12-14"), at("16")),
        (at("", street="Flat 1, 12 High Street"), at("", street="Flat 2, 12 High Street")),
        (at("", name="Unit 3", street="Dover Estate"), at("", name="Unit 4", street="Dover Estate")),
        (at("", name="Block A", street="Dover Estate"), at("", name="Block B", street="Dover Estate")),
        (at("", street="First floor, 12 High Street"), at("", street="2nd floor, 12 High Street")),
        (at("12", name="Catford Library"), at("14", name="Catford Library")),
    ],
)
def test_numbers_that_differ_rule_a_like_address_out(one: dict[str, object], other: dict[str, object]) -> None:
    assert score(one, other) == 0.0


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (at("", street="Flat 2, 12 High Street"), at("12")),
        (at("12A"), at("12")),
        (at("12", name="Land rear of"), at("12")),
        (at("12", street="High Road"), at("12", street="High Terrace")),
        (at("12-14"), at("13")),
        (at("", name="Catford Library"), at("12", name="Catford Library")),
    ],
)
def test_what_may_be_part_of_the_other_is_proposed_but_never_accepted_by_rule(
    one: dict[str, object], other: dict[str, object]
) -> None:
    assert 0.0 < score(one, other) < ACCEPT_SCORE


def test_a_wrong_last_letter_of_a_postcode_asks_for_more() -> None:
    found = propose(rows("a", at("12", "Laurence Road")), rows("b", at("12", "Laurence Rd", postcode="SE6 4RT")))
    assert found["reasons"].tolist() == ["SE6 4RU and SE6 4RT; addresses 100% alike"]
    assert score(at("12", "Laurence Road"), at("12", "Lawrenceville Rd", postcode="SE6 4RT")) == 0.0
    assert score(at("12", "Laurence Road"), at("12", "Laurence Rd", postcode="SE13 4RT")) == 0.0


def test_a_row_without_a_postcode_is_sought_close_by() -> None:
    one = at("12") | {"x_m": 537_000.0, "y_m": 175_000.0}
    near, far = {"x_m": 537_098.0, "y_m": 175_040.0}, {"x_m": 537_300.0, "y_m": 175_000.0}
    found = propose(rows("a", one), rows("b", at("12", postcode="") | near))
    assert found["reasons"].tolist() == ["106 m apart; addresses 100% alike"]
    assert score(one, at("12", postcode="") | far) == 0.0


def test_one_uprn_with_two_numbers_or_far_apart_is_doubted() -> None:
    assert score(at("12") | {"uprn": "7"}, at("14") | {"uprn": "7"}) < ACCEPT_SCORE
    found = propose(
        rows("a", {"uprn": "7", "x_m": 0.0, "y_m": 0.0}), rows("b", {"uprn": "7", "x_m": 0.0, "y_m": 3200.0})
    )
    assert found["reasons"].tolist() == ["UPRN 7; but 3.2 km apart"]
    assert found["score"].iloc[0] < LIKELY_SCORE


def test_the_likeliest_of_several_keeps_its_score_and_the_others_lose_some() -> None:
    left = rows("a", at("12", name="Catford Library"))
    right = rows("b", at("12", name="Catford Library"), at("12", name="Catford Libary"))
    found = propose(left, right).set_index("right")
    assert found.loc["asset:b-0", "score"] == 0.99
    assert found.loc["asset:b-1", "score"] < LIKELY_SCORE
    assert found.loc["asset:b-1", "reasons"].endswith("; another is likelier")


def test_a_uprn_that_ten_parcels_of_one_register_bear_makes_no_duplicates_in_it() -> None:
    parcels = [{"uprn": "7", "name": f"Plot {k}", "tenure": "freehold"} for k in range(10)]
    assert propose_all(rows("a", *parcels)).empty
    found = propose_all(pd.concat([rows("a", *parcels), rows("b", {"uprn": "7", "name": "Plot 4"})]))
    assert found["left"].iloc[found["score"].argmax()] == "asset:a-4"
    assert len(found) == 3
    assert found["reasons"].str.startswith("UPRN 7, which 11 rows bear").all()


def test_a_uprn_that_thousands_of_rows_bear_pairs_each_with_one() -> None:
    many = [rows(name, *({"uprn": "7", "name": f"House {k}"} for k in range(2_000))) for name in "ab"]
    found = propose(*many)
    assert len(found) == 2_000
    assert (found["left"].str[8:] == found["right"].str[8:]).all()


def test_freehold_and_leasehold_of_one_uprn_or_outline_are_one_place() -> None:
    outline = box(0, 0, 10, 10)
    one = rows(
        "a",
        {"uprn": "7", "tenure": "freehold"},
        {"uprn": "7", "tenure": "leasehold"},
        {"wkb": outline, "tenure": "leasehold"},
        {"wkb": outline, "tenure": "freehold"},
        {"wkb": outline, "tenure": "freehold", "name": "Other"},
        at("12") | {"tenure": "freehold"},
        at("12") | {"tenure": "leasehold"},
    )
    found = propose_all(one)
    assert found[["left", "right", "rule"]].to_numpy().tolist() == [
        ["asset:a-0", "asset:a-1", "uprn"],
        ["asset:a-2", "asset:a-3", "overlap"],
        ["asset:a-2", "asset:a-4", "overlap"],
    ]
    assert found["reasons"].tolist()[1] == "outlines overlap by 100%"


def test_two_registers_of_one_partner_are_held_against_each_other() -> None:
    both = pd.concat([rows("a", at("12")), rows("b", at("12"))]).assign(partner="institution:one")
    assert len(propose_all(both)) == 1


def test_only_pairs_with_a_new_asset_are_proposed_for_new_ones() -> None:
    estate = pd.concat([rows("a", at("12"), at("20")), rows("b", at("12"), at("20")), rows("c", at("12"))])
    found = propose_new(estate, ["asset:c-0", "asset:gone-1"])
    assert found[["left", "right"]].to_numpy().tolist() == [["asset:a-0", "asset:c-0"], ["asset:b-0", "asset:c-0"]]


def test_nothing_is_proposed_where_nothing_is_known() -> None:
    empty = rows("a")
    for found in (
        propose(empty, empty),
        propose_all(empty),
        propose_new(empty, []),
        propose(rows("a", {}), rows("b", {})),
    ):
        assert found.empty
        assert tuple(found.columns) == MATCH_COLUMNS


def test_many_rows_of_one_address_do_not_explode() -> None:
    many = [rows(name, *(at("", street="Garage, High Street") for _ in range(1_500))) for name in "ab"]
    found = propose(*many)
    assert len(found) == 1_500


def test_a_part_reads_no_more_than_what_its_rows_could_be_paired_with() -> None:
    places = [{"name": "Library", "postcode": f"SE{sector} 4RU"} for sector in range(6)]
    assets = pd.concat([rows("a", *places), rows("b", *places)])
    is_new = (assets["register"] == "a").to_numpy()
    seen = []

    def read(wanted: Flags) -> pd.DataFrame:
        seen.append(int(wanted.sum()))
        return assets[wanted]

    found = propose_in_parts(Links.of(assets.assign(wkb=None)), is_new, read, most=2)
    assert seen == [4, 4, 4]
    assert len(found) == 6
