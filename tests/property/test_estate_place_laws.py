"""Laws of placing: a place written in any supported form comes back, and nothing that came in is changed."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
from hypothesis import assume, given
from hypothesis import strategies as st

from atlas.geo.crs import BNG, points_to_wgs84
from atlas.geo.estate.placing.britain import in_britain
from atlas.geo.estate.placing.notation import LETTERS
from atlas.geo.estate.placing.place import PLACED_COLUMNS, Placed, PlacingContext, place

BOROUGHS = gpd.GeoDataFrame(
    {"name": ["Lewisham"]}, index=["E09000023"], geometry=[shapely.box(530e3, 170e3, 540e3, 180e3)], crs=BNG
)
places = st.tuples(st.integers(80_000, 655_000), st.integers(5_000, 1_220_000))
cells = st.one_of(
    st.text(max_size=12),
    st.sampled_from(
        ["", "0", "1", "530000", "180000", "-0.1", "51.5", "TQ 377 758", "530,000", "51.5, -0.1", "53000000"]
    ),
    st.floats(allow_nan=True, allow_infinity=True).map(str),
)


def dms(value: float, positive: str, negative: str) -> str:
    seconds = round(abs(value) * 3600, 2)
    minutes, seconds = divmod(seconds, 60)
    whole, minutes = divmod(minutes, 60)
    return f"{whole:.0f}° {minutes:.0f}' {seconds:.2f}\" {positive if value >= 0 else negative}"


def grid(x_m: int, y_m: int, digits: int) -> str:
    letters = LETTERS[y_m // 100_000].split()[x_m // 100_000]
    side = 10 ** (5 - digits)
    return f"{letters} {x_m % 100_000 // side:0{digits}d} {y_m % 100_000 // side:0{digits}d}"


def written(x_m: int, y_m: int) -> dict[str, tuple[dict[str, str], float]]:
    """Each form of a place, and how far off it may come back."""
    (lon,), (lat,) = points_to_wgs84([x_m], [y_m])
    mercator = gpd.GeoSeries.from_xy([x_m], [y_m], crs=BNG).to_crs(3857)
    return {
        "metres": ({"x": str(x_m), "y": str(y_m)}, 0.1),
        "thousands": ({"x": f"{x_m:,}", "y": f"{y_m:,}"}, 0.1),
        "one cell": ({"x": f"{x_m}, {y_m}"}, 0.1),
        "kilometres": ({"x": f"{x_m / 1000:.3f}", "y": f"{y_m / 1000:.3f}"}, 1),
        "degrees": ({"x": f"{lon:.7f}", "y": f"{lat:.7f}"}, 2),
        "degrees in one cell": ({"x": f"{lat:.7f}, {lon:.7f}"}, 2),
        "mislabelled": ({"x": f"{lon:.7f}", "y": f"{lat:.7f}", "crs": "OSGB36"}, 2),
        "minutes and seconds": ({"x": dms(lon, "E", "W"), "y": dms(lat, "N", "S")}, 2),
        "mercator": ({"x": f"{mercator.x[0]:.1f}", "y": f"{mercator.y[0]:.1f}"}, 2),
        "grid, 1 m": ({"grid_reference": grid(x_m, y_m, 5)}, 1.5),
        "grid, 100 m": ({"grid_reference": grid(x_m, y_m, 3)}, 71),
        "grid, 1 km": ({"x": grid(x_m, y_m, 2)}, 708),
    }


FORMS = list(written(537_700, 175_800))


def run(rows: list[dict[str, str]], postcode_at: tuple[int, int] | None = None) -> Placed:
    x_m, y_m = postcode_at or (0, 0)
    table = pd.DataFrame({"lad": [""], "easting_m": [float(x_m)], "northing_m": [float(y_m)]}, index=["AA1 1AA"])
    fields = pd.DataFrame(rows).fillna("").assign(postcode="AA1 1AA" if postcode_at else "")
    return place(fields, None, PlacingContext(table, None, BOROUGHS))


@given(places, st.sampled_from(FORMS))
def test_a_place_comes_back_from_every_form_within_its_precision(at: tuple[int, int], form: str) -> None:
    x_m, y_m = at
    # the middle of a coarse square beside the margin may lie beyond it
    assume(in_britain([x_m, x_m - 1_000, x_m + 1_000, x_m, x_m], [y_m, y_m, y_m, y_m - 1_000, y_m + 1_000]).all())
    row, precision_m = written(x_m, y_m)[form]
    frame = run([row]).frame
    assert np.hypot(frame["x_m"].iloc[0] - x_m, frame["y_m"].iloc[0] - y_m) <= precision_m


@given(places, st.sampled_from(["metres", "degrees", "mercator", "kilometres"]))
def test_swapped_axes_come_back_where_the_postcode_is_known(at: tuple[int, int], form: str) -> None:
    x_m, y_m = at
    assume(in_britain([x_m], [y_m])[0])
    assume(abs(x_m - y_m) > 5_000)
    row, precision_m = written(x_m, y_m)[form]
    result = run([{"x": row["y"], "y": row["x"]}], (x_m, y_m))
    assert result.frame["x_m"].iloc[0] == pytest.approx(x_m, abs=precision_m)
    assert result.frame["y_m"].iloc[0] == pytest.approx(y_m, abs=precision_m)
    assert "swapped" in set(result.findings["code"])


@given(st.lists(st.fixed_dictionaries({"x": cells, "y": cells, "grid_reference": cells, "crs": cells}), max_size=8))
def test_whatever_is_written_index_and_order_stay_and_nothing_that_came_in_is_changed(
    rows: list[dict[str, str]],
) -> None:
    columns = ["x", "y", "grid_reference", "crs"]
    fields = pd.DataFrame(rows, columns=columns, index=range(9, 9 + 3 * len(rows), 3), dtype="str")
    before = fields.copy(deep=True)
    result = place(
        fields, None, PlacingContext(pd.DataFrame({"lad": [], "easting_m": [], "northing_m": []}), None, BOROUGHS)
    )
    pd.testing.assert_frame_equal(fields, before)
    assert result.frame.index.equals(fields.index)
    assert tuple(result.frame.columns) == PLACED_COLUMNS
    nowhere = result.frame["placed_by"] == "nowhere"
    assert (result.frame["x_m"].isna() == nowhere).all()
    assert set(result.findings.loc[result.findings["code"] == "no_place", "row"]) == set(fields.index[nowhere])
    placed = result.frame[~nowhere]
    assert in_britain(placed["x_m"], placed["y_m"]).all()
