"""The real registers, cleaned: counts that were looked at by eye, and the rows that everybody knows of."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.golden.registers_counts import FILES, result_of

GOLDEN: dict[str, Any] = json.loads(Path(__file__).with_name("registers.json").read_text(encoding="utf-8"))


@pytest.mark.parametrize("name", FILES)
def test_a_real_register_is_cleaned_as_it_was_when_it_was_looked_at(name: str, shared: Path) -> None:
    assert result_of(name, shared / "registers") == GOLDEN[name]


@pytest.mark.parametrize("name", FILES)
def test_counts_add_up_to_the_rows_of_the_file(name: str) -> None:
    golden = GOLDEN[name]
    aside = sum(rows if isinstance(rows, int) else len(rows) for rows in golden["set_aside"].values())
    assert golden["accepted"] + golden["repaired"] + aside == golden["rows"]


def test_every_site_of_the_fire_brigade_is_on_the_map() -> None:
    lfb = GOLDEN["lfb"]
    assert (lfb["rows"], lfb["on_map"], lfb["in_london"]) == (124, 124, 124)
    assert lfb["status"] == {"in_use": 105, "subject_to_disposal": 13, "surplus": 2, "under_construction": 4}
    assert lfb["tenure"] == {"freehold": 109, "freehold_and_leasehold": 1, "leasehold": 14}


def test_cheltenham_repeats_and_lacks_one_place() -> None:
    found = GOLDEN["cheltenham"]["found"]
    assert GOLDEN["cheltenham"]["rows"] == 498
    assert found["doubt no_place"] == [428]
    # rows 144 and 473 write the same reference in another case
    assert found["doubt repeated"] == [72, 144, 342, 473]
    assert {f"says the same as row {row - 1} in every cell": [row] for row in (179, 394, 442, 478)} == GOLDEN[
        "cheltenham"
    ]["set_aside"]


def test_three_sites_of_lewisham_are_doubted() -> None:
    found = GOLDEN["lewisham_brownfield"]["found"]
    doubted = {row for what, rows in found.items() if what.startswith("doubt") for row in rows}
    # EV011, LC005 and WF003 by row
    assert {32, 51, 114} <= doubted
    assert GOLDEN["lewisham_brownfield"]["on_map"] == 113


def test_sites_added_up_in_the_nhs_return_are_set_aside() -> None:
    why = "several sites added up, and not one asset"
    assert len(GOLDEN["eric_london"]["set_aside"][why]) == 28
    assert GOLDEN["eric"]["set_aside"][why] > 100


def test_swapped_axes_of_worcester_are_put_right() -> None:
    assert GOLDEN["worcester"]["found"]["repair swapped"]
    assert GOLDEN["worcester"]["on_map"] == 32
