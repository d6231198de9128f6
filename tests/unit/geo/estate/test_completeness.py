"""How complete registers are."""

from __future__ import annotations

from dataclasses import replace

import pytest

from atlas.geo.estate.completeness import completeness, counts, dates, positions
from atlas.geo.estate.model import Estate
from tests.toy_estate import toy_estate


def test_a_field_is_said_where_it_is_neither_empty_nor_unknown() -> None:
    shares = completeness(toy_estate())
    assert shares.loc["Name"].tolist() == [1.0, 1.0, 1.0]
    assert shares.loc["Tenure", "council"] == pytest.approx(5 / 8)
    assert shares.loc["Land", "hospital"] == pytest.approx(1 / 3)
    assert shares.loc["Ward"].tolist() == [0.0, 0.0, 0.0]


def test_positions_add_up_to_one() -> None:
    shares = positions(toy_estate())
    assert shares.loc["council"].to_dict() == {"exact": 0.75, "approximate": 0.125, "nowhere": 0.125}
    assert shares.sum(axis=1).tolist() == [1.0, 1.0, 1.0]


def test_a_register_of_which_nothing_may_be_seen_says_nothing() -> None:
    estate = toy_estate()
    bare = replace(estate, assets=estate.assets[estate.assets["register"] != "nobody"])
    assert completeness(bare)["nobody"].isna().all()
    assert positions(bare).loc["nobody"].isna().all()
    assert counts(bare)["rows"].to_dict() == {"council": 8, "hospital": 3, "nobody": 0}


def test_no_register_makes_no_column() -> None:
    assert completeness(Estate.empty()).shape[1] == 0
    assert positions(Estate.empty()).empty


def test_a_register_without_a_date_speaks_of_the_latest_day_of_its_rows() -> None:
    estate = toy_estate()
    assert dates(estate).to_dict() == {"council": "2026-03-31", "hospital": "2025-11-01", "nobody": ""}
    of_rows = estate.assets["register"].map({"council": "2026-12-01", "hospital": "2020-01-01", "nobody": "2017-11-30"})
    dated = replace(estate, assets=estate.assets.assign(as_of=of_rows.astype("str")))
    assert dates(dated).to_dict() == {"council": "2026-03-31", "hospital": "2025-11-01", "nobody": "2017-11-30"}
