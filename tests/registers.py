"""Rows of small registers, and what cleaning makes of them."""

from __future__ import annotations

from typing import Any

import geopandas as gpd
import pandas as pd
import shapely

from atlas.geo.estate.cleaning.clean import Cleaner, CleaningContext
from atlas.geo.estate.cleaning.columns import match_columns
from atlas.geo.estate.model import Cleaned, RawChunk
from atlas.vocabulary.estate import Visibility

LEWISHAM = shapely.box(534_000, 170_000, 542_000, 179_000)
BOROUGHS = gpd.GeoDataFrame({"name": ["Lewisham"]}, index=["E09000023"], geometry=[LEWISHAM], crs="EPSG:27700")
POSTCODES = pd.DataFrame({"lad": ["E09000023"], "easting_m": [537_690.0], "northing_m": [173_620.0]}, index=["SE6 4RU"])


def context(**changes: Any) -> CleaningContext:
    """A council's register, with one borough and one postcode to look places up in."""
    given: dict[str, Any] = {
        "partner": "institution:lewisham-council",
        "register": "lewisham-council",
        "visibility": Visibility.PUBLIC,
        "as_of": "",
        "postcodes": lambda wanted: POSTCODES[POSTCODES.index.isin(wanted)],
        "uprns": None,
        "boroughs": BOROUGHS,
    }
    return CleaningContext(**{**given, **changes})


def chunk_of(rows: list[dict[str, str]], **more: Any) -> RawChunk:
    """Rows as they stand in a file under one line of headers."""
    columns = list(dict.fromkeys(name for row in rows for name in row))
    cells = pd.DataFrame([[row.get(name, "") for name in columns] for row in rows], columns=columns, dtype="str")
    cells.index = pd.RangeIndex(2, 2 + len(rows), name="row")
    return RawChunk(cells, **more)


def cleaned(rows: list[dict[str, str]], **changes: Any) -> Cleaned:
    """What a whole register of these rows comes to."""
    chunk = chunk_of(rows)
    return Cleaner(context(**changes), match_columns(list(chunk.cells.columns), chunk.cells)).clean(chunk)


ROW = {"Asset Code": "A/1", "Property Name": "Catford Library", "Easting": "537690", "Northing": "173620"}
WIDE = ("Asset Code", "Property Name", "Address", "Post Code", "Longitude", "Area (ha)")
ASSET = dict(zip(WIDE, ("A/1", "Catford Library", "1 Catford Road", "SE6 4RU", "", "0.2"), strict=True))
