"""Choosing assets."""

from __future__ import annotations

from typing import Any

import pytest
import shapely

from atlas.geo.estate.model import Estate
from atlas.geo.estate.select import Selection, folded, select
from atlas.vocabulary.estate import AssetStatus, PlacedBy, Tenure, Use
from tests.toy import EAST, HOSTILE, X0, Y0
from tests.toy_estate import toy_estate

WEST_HALF = shapely.box(X0, Y0, X0 + 4_000, Y0 + 2_000)


def chosen(**asked: Any) -> set[str]:
    estate = toy_estate()
    return {name.removeprefix("asset:") for name in estate.assets.index[select(estate, Selection(**asked))]}


def test_nothing_asked_leaves_nothing_out() -> None:
    estate = toy_estate()
    assert select(estate, Selection()).tolist() == list(range(len(estate)))


@pytest.mark.parametrize(
    ("asked", "expected"),
    [
        ({"partners": ("institution:hospital",)}, {"hospital-block", "hospital-clinic", "hospital-stores"}),
        ({"uses": (Use.LIBRARY, Use.CIVIC)}, {"council-library", "council-town-hall"}),
        ({"tenures": (Tenure.LEASEHOLD,)}, {"council-depot", "hospital-block"}),
        ({"statuses": (AssetStatus.SURPLUS,)}, {"council-hostile"}),
        ({"placed_by": (PlacedBy.NOWHERE,)}, {"council-lost"}),
        ({"lads": (EAST,)}, {"council-depot", "council-formula", "hospital-stores"}),
        ({"only_available": True}, {"council-depot", "council-hostile", "council-lost", "nobody-yard"}),
        ({"bbox": (X0 + 6_000.0, Y0 + 0.0, X0 + 6_500.0, Y0 + 2_000.0)}, {"council-depot"}),
    ],
)
def test_each_list_keeps_what_it_names(asked: dict[str, Any], expected: set[str]) -> None:
    assert chosen(**asked) == expected


def test_lists_narrow_one_another() -> None:
    assert chosen(partners=("institution:council",), tenures=(Tenure.FREEHOLD,), uses=(Use.OFFICE,)) == {
        "council-block"
    }


def test_a_partner_without_a_register_holds_nothing() -> None:
    assert chosen(partners=("institution:university",)) == set()


def test_size_takes_both_ends_and_leaves_out_what_states_none() -> None:
    assert chosen(min_ha=0.4, max_ha=1.0) == {"council-block", "council-lost", "hospital-block"}
    assert "council-formula" not in chosen(min_ha=0.0)


@pytest.mark.parametrize(
    "words",
    ["library", "LIBR", "high street", "street 1", "e1 1bj", "E11BJ", "100023", "l/001", "Libràry", " library  e1 "],
)
def test_words_find_name_address_postcode_uprn_and_reference(words: str) -> None:
    assert chosen(text=words) == {"council-library"}


def test_every_word_must_be_there_and_begins_a_word() -> None:
    assert chosen(text="library zebra") == set()
    assert chosen(text="ibrary") == set()


def test_a_hostile_name_is_found_like_any_other() -> None:
    assert chosen(text=HOSTILE) == {"council-hostile"}


def test_marks_alone_ask_for_nothing() -> None:
    assert chosen(text=" ,;' ") == chosen()


def test_an_area_keeps_what_stands_in_it_and_on_its_edge() -> None:
    assert chosen(area=WEST_HALF) == chosen() - {
        "council-depot",
        "council-formula",
        "hospital-stores",
        "council-lost",
    }
    assert chosen(area=shapely.box(X0 + 1_600, Y0 + 700, X0 + 1_700, Y0 + 800)) == {
        "council-library",
        "hospital-clinic",
    }


def test_an_area_of_nothing_holds_nothing() -> None:
    assert chosen(area=shapely.MultiPolygon()) == set()


def test_an_empty_estate_has_nothing_to_choose() -> None:
    assert select(Estate.empty(), Selection(text="library", only_available=True)).tolist() == []


def test_folding_drops_accents_marks_and_capitals() -> None:
    assert folded("  ST. JOHN\u2019S  Caf\u00e9 ") == "st johns cafe"
