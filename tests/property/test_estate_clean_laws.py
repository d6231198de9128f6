"""Laws of cleaning a register, whatever stands in it."""

from __future__ import annotations

from random import Random

import geopandas as gpd
import pandas as pd
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from atlas.geo.estate.cleaning.clean import Cleaner, CleaningContext
from atlas.geo.estate.cleaning.columns import match_columns
from atlas.geo.estate.cleaning.values import read_area
from atlas.geo.estate.model import RawChunk
from atlas.vocabulary.estate import Visibility

LEWISHAM = shapely.box(534_000, 170_000, 542_000, 179_000)
BOROUGHS = gpd.GeoDataFrame({"name": ["Lewisham"]}, index=["E09000023"], geometry=[LEWISHAM], crs="EPSG:27700")
POSTCODES = pd.DataFrame({"lad": ["E09000023"], "easting_m": [537_690.0], "northing_m": [173_620.0]}, index=["SE6 4RU"])

HEADERS = (
    "AssetCode",
    "UPRN",
    "PropertyName",
    "StreetName",
    "PostCode",
    "GeoX",
    "GeoY",
    "Tenure",
    "Hectares",
    "Sensitive",
    "Odd",
)
MATCHES = match_columns(HEADERS, pd.DataFrame(columns=list(HEADERS), dtype="str"))

ANY = st.text(max_size=12)
CELLS = {
    "AssetCode": st.sampled_from(["", "A1", "a/1", "A-1-2", "A1-2", "AGGRE", "Total", "N/A", "é"]) | ANY,
    "UPRN": st.sampled_from(["", "100020003456", "0100020003456", "1E+11", "x"]) | ANY,
    "PropertyName": st.sampled_from(["", "Library", "Women's refuge", "Library\r\n", "=1+1", "\x00"]) | ANY,
    "StreetName": st.sampled_from(["", "1 Catford Road SE6 4RU", "N/A"]) | ANY,
    "PostCode": st.sampled_from(["", "SE6 4RU", "se64ru", "SE6", "zz"]) | ANY,
    "GeoX": st.sampled_from(["", "537690", "173620", "-0.02", "51.445", "TQ3775"]) | ANY,
    "GeoY": st.sampled_from(["", "173620", "537690", "51.445", "-0.02"]) | ANY,
    "Tenure": st.sampled_from(["", "FH", "LLH", "red"]),
    "Hectares": st.sampled_from(["", "0.2", "-1", "2 acres", "big"]) | ANY,
    "Sensitive": st.sampled_from(["", "Yes", "no"]),
    "Odd": ANY,
}
ROWS = st.lists(st.fixed_dictionaries(CELLS), max_size=12)


def frame(rows: list[dict[str, str]]) -> pd.DataFrame:
    cells = pd.DataFrame(rows, columns=list(HEADERS), dtype="str")
    cells.index = pd.RangeIndex(2, 2 + len(cells), name="row")
    return cells


def cleaned(cells: pd.DataFrame, size: int) -> tuple[pd.DataFrame, pd.DataFrame, pd.DataFrame]:
    context = CleaningContext(
        partner="institution:x",
        register="x",
        visibility=Visibility.PUBLIC,
        as_of="",
        postcodes=lambda wanted: POSTCODES[POSTCODES.index.isin(wanted)],
        uprns=None,
        boroughs=BOROUGHS,
    )
    cleaner = Cleaner(context, MATCHES)
    parts = [cleaner.clean(RawChunk(cells.iloc[at : at + size])) for at in range(0, max(len(cells), 1), size)]
    assets, set_aside, findings = (
        pd.concat([getattr(part, name) for part in parts]) for name in ("assets", "set_aside", "findings")
    )
    whole = pd.concat([findings, cleaner.finish()], ignore_index=True)
    return assets, set_aside.reset_index(drop=True), whole


@given(ROWS)
@settings(max_examples=30)
def test_every_row_is_an_asset_or_set_aside_and_never_both(rows: list[dict[str, str]]) -> None:
    cells = frame(rows)
    before = cells.copy()
    assets, set_aside, findings = cleaned(cells, 100)
    assert sorted([*assets["row"], *set_aside["row"]]) == cells.index.tolist()
    assert set(findings["row"]) <= set(assets["row"])
    assert bool((set_aside["why"] != "").all())
    pd.testing.assert_frame_equal(cells, before)


@given(ROWS)
@settings(max_examples=30)
def test_ids_are_unique_and_a_row_is_repaired_if_a_repair_is_found(rows: list[dict[str, str]]) -> None:
    assets, _, findings = cleaned(frame(rows), 100)
    assert assets.index.is_unique
    mended = set(findings.loc[findings["kind"] == "repair", "row"])
    assert set(assets.loc[assets["outcome"] == "repaired", "row"]) == mended


@given(ROWS)
@settings(max_examples=30)
def test_what_is_sensitive_is_its_owners(rows: list[dict[str, str]]) -> None:
    assets, _, _ = cleaned(frame(rows), 100)
    assert bool((assets.loc[assets["is_sensitive"], "visibility"] == "owner").all())


@given(ROWS, st.sampled_from([1, 7]))
@settings(max_examples=15)
def test_chunks_of_any_size_give_the_same(rows: list[dict[str, str]], size: int) -> None:
    cells = frame(rows)
    for whole, parts in zip(cleaned(cells, 100), cleaned(cells, size), strict=True):
        pd.testing.assert_frame_equal(whole, parts, check_dtype=False, check_index_type=False)


@given(
    st.lists(st.fixed_dictionaries(CELLS | {"AssetCode": st.just("")}), max_size=8), st.randoms(use_true_random=False)
)
@settings(max_examples=15)
def test_the_order_of_rows_does_not_change_the_ids(rows: list[dict[str, str]], order: Random) -> None:
    numbered = [row | {"AssetCode": f"R{at}"} for at, row in enumerate(rows)]
    shuffled = list(numbered)
    order.shuffle(shuffled)
    assert set(cleaned(frame(numbered), 100)[0].index) == set(cleaned(frame(shuffled), 100)[0].index)


@given(st.integers(100, 1_000_000))
def test_an_area_beside_its_conversion_is_read_as_it_stands_alone(hundredths: int) -> None:
    hectares = hundredths / 100
    acres = f"{hectares / 0.40468564224:,.2f} acres"
    alone = read_area(f"{hectares} ha", "land_ha", "")
    assert read_area(f"{hectares} ha ({acres})", "land_ha", "acres") == alone
    assert read_area(f"{acres} / {hectares:,.2f} ha", "land_ha", "") == alone


@given(ANY | st.text("0123456789.,/-+ ahmcrspqft2()\N{VULGAR FRACTION ONE HALF}\N{SUPERSCRIPT TWO}", max_size=16))
def test_a_cell_is_an_area_that_can_be_or_a_doubt(cell: str) -> None:
    found = read_area(cell, "land_ha", "")
    assert 0 <= float(found.value) <= 20_000 if found.value else found.kind != "repair"
