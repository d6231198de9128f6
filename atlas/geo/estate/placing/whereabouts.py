"""What else a row says of its place: its postcode, its UPRN and its borough."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray

from atlas.geo.estate.placing.borders import Borders

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]
Positions = NDArray[np.int64]

NEAR_POSTCODE_M: Final = 2_000.0
"""Farther from its postcode a place is in doubt; rural postcodes are wide."""

BOROUGH_EDGE_M: Final = 50.0
"""How far outside its borough a place may be before it is in doubt: outlines of boroughs are rounded off."""

_TITLES: Final = re.compile(r"\b(?:london borough|royal borough|city|borough|council|corporation|lb|rb|of|the)\b")
_NOT_WORDS: Final = re.compile(r"[^a-z ]+")
_SHORT: Final = {"rbkc": "kensington chelsea", "lbbd": "barking dagenham", "lbhf": "hammersmith fulham"}


@dataclass(frozen=True, eq=False)
class PlacingContext:
    """What places are looked up in.

    Parameters
    ----------
    postcodes : pandas.DataFrame
        Indexed by unit postcode with one space, each once: `lad` (GSS code), `easting_m`, `northing_m` (EPSG:27700).
    uprns : pandas.DataFrame, optional
        Indexed by UPRN as text, each once: `easting_m`, `northing_m`; None where no look-up is loaded.
    boroughs : geopandas.GeoDataFrame
        London's boroughs by GSS code: `name`, outlines in EPSG:27700.
    home : str
        GSS code of the partner's own borough, where the partner is a council; empty otherwise.
    borders : Borders, optional
        What tells on which side of a border a place lies.
    """

    postcodes: pd.DataFrame
    uprns: pd.DataFrame | None
    boroughs: gpd.GeoDataFrame
    home: str = ""
    borders: Borders | None = None


@dataclass(frozen=True, eq=False)
class Whereabouts:
    """What the rows of a register say of their place besides coordinates; each array of shape (n,).

    Parameters
    ----------
    postcode_x_m, postcode_y_m : numpy.ndarray of float
        Of the postcode; NaN where none is known.
    postcode_lad : numpy.ndarray of object
        GSS code of the borough or district of the postcode; empty where none is known.
    uprn_x_m, uprn_y_m : numpy.ndarray of float
        Of the UPRN; NaN where none is known.
    stated : numpy.ndarray of int
        Position in `PlacingContext.boroughs` of the borough that the row states; -1 where it states no London one.
    home : int
        Position of the borough that all rows should lie in since none states any; -1 for none.
    """

    postcode_x_m: Floats
    postcode_y_m: Floats
    postcode_lad: NDArray[np.object_]
    uprn_x_m: Floats
    uprn_y_m: Floats
    stated: Positions
    home: int

    @property
    def expected(self) -> Positions:
        """Position of the borough that each row should lie in; -1 for none."""
        return self.stated if self.home < 0 else np.full_like(self.stated, self.home)

    @property
    def has_postcode(self) -> Flags:
        """Whether the place of each row's postcode is known."""
        return np.isfinite(self.postcode_x_m)

    def from_postcode_m(self, x_m: Floats, y_m: Floats) -> Floats:
        """Distance of places from their rows' postcodes; NaN where one of the two is unknown."""
        return np.asarray(np.hypot(x_m - self.postcode_x_m, y_m - self.postcode_y_m))


def read_whereabouts(fields: pd.DataFrame, context: PlacingContext) -> Whereabouts:
    """Look up the postcodes, UPRNs and boroughs of a register's rows.

    Parameters
    ----------
    fields : pandas.DataFrame
        Text columns `postcode`, `uprn`, `borough`.
    context : PlacingContext

    Returns
    -------
    Whereabouts
    """
    post_x_m, post_y_m, found = _looked_up(fields["postcode"], context.postcodes)
    lads = context.postcodes["lad"].to_numpy(object)
    lad = np.full(len(fields), "", dtype=object)
    lad[found >= 0] = lads[found[found >= 0]]
    uprn_x_m, uprn_y_m, _ = _looked_up(fields["uprn"], context.uprns)
    is_stated = bool((fields["borough"] != "").any())
    codes = list(context.boroughs.index)
    home = codes.index(context.home) if context.home in codes and not is_stated else -1
    stated = stated_boroughs(fields["borough"], context.boroughs)
    return Whereabouts(post_x_m, post_y_m, lad, uprn_x_m, uprn_y_m, stated, home)


def _looked_up(keys: pd.Series, table: pd.DataFrame | None) -> tuple[Floats, Floats, Positions]:
    """Places of keys in a table and where in it they are: NaN and -1 where they are not."""
    x_m, y_m = np.full(len(keys), np.nan), np.full(len(keys), np.nan)
    if table is None or not len(table):
        return x_m, y_m, np.full(len(keys), -1, dtype=np.int64)
    found = table.index.get_indexer(pd.Index(keys))
    known = found >= 0
    for values, side in ((x_m, "easting_m"), (y_m, "northing_m")):
        values[known] = table[side].to_numpy(float)[found[known]]
    return x_m, y_m, found.astype(np.int64)


def stated_boroughs(names: pd.Series, boroughs: gpd.GeoDataFrame) -> Positions:
    """Position of the London borough that each text names; -1 where it names none.

    Parameters
    ----------
    names : pandas.Series of str
        Names as registers write them, or GSS codes.
    boroughs : geopandas.GeoDataFrame
        Indexed by GSS code: `name`.

    Examples
    --------
    >>> boroughs = gpd.GeoDataFrame({"name": ["Ealing", "City of London"]}, index=["E09000009", "E09000001"])
    >>> stated_boroughs(pd.Series(["London Borough of Ealing", "E09000001", "London", ""]), boroughs).tolist()
    [0, 1, -1, -1]
    """
    known = {str(code).lower(): at for at, code in enumerate(boroughs.index)}
    for at, name in enumerate(boroughs["name"]):
        known[_plain(name)] = at
        if bare := _bare(name):
            known.setdefault(bare, at)
    of_name = {}
    for name in pd.unique(names):
        plain = _plain(str(name))
        bare = _SHORT.get(plain, _bare(plain))
        of_name[name] = known.get(str(name).strip().lower(), known.get(plain, known.get(bare, -1)))
    return names.map(of_name).to_numpy(np.int64)


def _plain(name: str) -> str:
    return " ".join(_NOT_WORDS.sub(" ", name.lower().replace("&", " and ")).split())


def _bare(name: str) -> str:
    """A name without its titles; empty where nothing that tells boroughs apart is left."""
    words = [word for word in _TITLES.sub(" ", _plain(name)).split() if word != "and"]
    words = words[: words.index("upon")] if "upon" in words[1:] else words
    return "" if words == ["london"] else " ".join(words)


def boroughs_at(x_m: Floats, y_m: Floats, boroughs: gpd.GeoDataFrame) -> Positions:
    """Position of the borough that each place lies in; -1 outside all of them.

    Parameters
    ----------
    x_m, y_m : numpy.ndarray of float, shape (n,)
        Metres, EPSG:27700; NaN lies nowhere.
    boroughs : geopandas.GeoDataFrame
        Outlines in EPSG:27700.
    """
    found = np.full(len(x_m), -1, dtype=np.int64)
    at = np.flatnonzero(np.isfinite(x_m) & np.isfinite(y_m))
    tree = shapely.STRtree(np.asarray(shapely.points(x_m[at], y_m[at]), dtype=object))
    borough, point = tree.query(boroughs.geometry.to_numpy(), predicate="intersects")
    found[at[point[::-1]]] = borough[::-1]
    return found


def outside_m(x_m: Floats, y_m: Floats, borough: Positions, boroughs: gpd.GeoDataFrame) -> Floats:
    """Distance of each place from a borough, metres: 0 inside, NaN where either is unknown."""
    away_m = np.full(len(x_m), np.nan)
    at = np.flatnonzero((borough >= 0) & np.isfinite(x_m))
    shapes = boroughs.geometry.to_numpy()
    away_m[at] = shapely.distance(shapely.points(x_m[at], y_m[at]), shapes[borough[at]])
    return away_m
