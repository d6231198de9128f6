from __future__ import annotations

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
from shapely import box

from atlas.geo.crs import BNG, points_to_bng
from tools.inputs import _to_whole_metres, areas_of


def test_a_point_is_in_one_area_at_most() -> None:
    areas = gpd.GeoDataFrame(geometry=[box(1, 0, 2, 1), box(0, 0, 1, 1)], index=["E2", "E1"], crs=BNG)
    points = pd.DataFrame({"x_m": [1.5, 0.5, 1.0, 9.0], "y_m": 0.5}, index=["east", "west", "border", "outside"])
    assert areas_of(points, areas).to_dict() == {"east": "E2", "west": "E1", "border": "E1"}


def test_coordinates_become_whole_metres_on_the_grid() -> None:
    lonlat = np.array([[-0.1, 51.5], [0.2, 51.6]])
    metres = _to_whole_metres(lonlat)
    assert (metres == metres.round()).all()
    assert metres[:, 0] == pytest.approx(points_to_bng(lonlat[:, 0], lonlat[:, 1])[0], abs=3)
