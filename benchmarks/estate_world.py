"""A made-up estate of any size, drawn from a seed: registers as they come, two partners with known pairs, outlines.

Streets, names and numbers are invented; postcodes and their positions are real ones of London, read from the postcode
package when first wanted (some seconds). The same sizes and seed give the same bytes.

`register_csv` writes a register that is messy in the ways of the real ones; `Mess` says how many rows are so:

- cp1252, CRLF, a title line and an empty one above the header, ``Organisation`` twice in the header, a totals row at
  the end and one empty row in every 5,000;
- 60% easting and northing, 25% longitude and latitude (a tenth of those swapped), 3% grid references in the easting's
  cell, 12% no coordinates, of which nearly all have a postcode; some eastings have a thousands comma;
- tenure and holding in many words (``FH``, ``Freehold ``, ``LLH``, ``Leasehold``, ``Licence``, ``n/a``, empty …);
- UPRNs: 30% missing, 10% padded with a zero, 2% in the form ``1.00021E+11`` that spreadsheets leave;
- postcodes: 8% empty, 5% without their space, 3% in small letters, 10% followed by a line break (in quotes);
- areas as hectares, ``0.27 ha``, ``1,836 sqm``, ``0.6 acres``, ``tbc``; dates in four forms;
- characters beyond ASCII (quotes, dashes, accents, pounds, halves), outer and double spaces, HTML in 1 of
  2,000 names, a leading ``=`` in as many;
- 2% of references repeated on another row; 1% of rows repeated whole.

`two_partners` gives two frames of assets and the pairs that are one place. The places: several in each postcode (most
have few, some have more than a hundred), numbers in a street two apart, a quarter of buildings in units, ranges such as
``12-14``, streets of one name in many sectors, streets of one name but another type in one sector, land behind a house
beside the house, and places that have only a name. Of a true pair the second has one or more of: words abbreviated,
capitals, a letter wrong, left out or swapped, the name left out or in the street's cell, the whole address in one
cell, the street before the number, the number left out (only where there is a name), a postcode with a wrong last
letter or none at all, another position by some metres; no UPRN, unless asked for.

`polygons` gives two sets of turned rectangles and L-shapes about as large as buildings over London's extent.
"""

from __future__ import annotations

from typing import Any, Final

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from atlas.assets import ASSET_COLUMNS, NUMBER_COLUMNS
from atlas.geo.crs import BNG
from benchmarks.estate_places import INWARD, joined, places, told
from benchmarks.estate_register import Mess, register_csv

__all__ = ["LONDON_M", "Mess", "as_assets", "outlined", "places", "polygons", "register_csv", "two_partners"]

LONDON_M: Final = (505_000.0, 157_000.0, 560_000.0, 200_000.0)
"""West, south, east and north of the outlines, EPSG:27700."""

_SHORT: Final = {
    "Road": "Rd", "Street": "St", "Avenue": "Ave", "Lane": "Ln", "Close": "Cl", "Gardens": "Gdns", "Terrace": "Terr",
    "Grove": "Gr", "Place": "Pl", "Crescent": "Cres", "Drive": "Dr", "Centre": "Ctr", "Community": "Comm",
    "Primary": "Pri", "School": "Sch", "House": "Hse", "Recreation": "Rec", "Ground": "Grd", "Station": "Stn",
}  # fmt: skip


def as_assets(frame: pd.DataFrame, partner: str, register: str) -> pd.DataFrame:
    """Make a frame of assets of some of its columns, the others empty; ids follow from the register and the row.

    Parameters
    ----------
    frame : pandas.DataFrame
        Any of `ASSET_COLUMNS`.
    partner, register : str
        Whose it is.
    """
    n = len(frame)
    columns: dict[str, Any] = {}
    for name in ASSET_COLUMNS:
        if name in frame:
            columns[name] = frame[name].to_numpy()
        elif name == "wkb":
            columns[name] = np.full(n, None, dtype=object)
        else:
            columns[name] = np.full(n, np.nan) if name in NUMBER_COLUMNS else ""
    index = pd.Index([f"asset:{register}-{k:07d}" for k in range(n)], name="asset", dtype="str")
    columns |= {"partner": partner, "register": register, "row": np.arange(2, n + 2), "is_sensitive": False}
    columns |= {"visibility": "public", "placed_by": "coordinates", "outcome": "accepted"}
    return pd.DataFrame(columns, index=index)


def two_partners(n: int, seed: int, uprn_share: float = 0.0) -> tuple[pd.DataFrame, pd.DataFrame, pd.DataFrame]:
    """Draw the assets of two partners, of which six in ten are the same places.

    Parameters
    ----------
    n : int
        Assets of each.
    seed : int
        Of the draws.
    uprn_share : float
        How many of the true pairs bear their UPRN on both sides; the others bear it on neither.

    Returns
    -------
    left, right : pandas.DataFrame
        `ASSET_COLUMNS`, in no order that tells.
    truth : pandas.DataFrame
        `left` and `right`: ids of the true pairs.
    """
    rng = np.random.default_rng(seed)
    common = n * 6 // 10
    drawn = places(2 * n - common, rng)
    drawn = drawn.iloc[rng.permutation(len(drawn))].reset_index(drop=True)
    uprn = np.array([str(100_000_000_000 + 7 * k) for k in range(len(drawn))], dtype=object)
    drawn["uprn"] = np.where(rng.random(len(drawn)) < uprn_share, uprn, "")
    one, other = drawn.iloc[:n], drawn.iloc[n - common :]
    order = [rng.permutation(n) for _ in range(2)]
    left = as_assets(told(one, rng).iloc[order[0]], "institution:council", "council-land")
    right = as_assets(_misspelt(told(other, rng), rng).iloc[order[1]], "institution:trust", "trust-estate")
    at = [np.argsort(permuted) for permuted in order]
    truth = {"left": left.index[at[0][n - common :]], "right": right.index[at[1][:common]]}
    return left, right, pd.DataFrame(truth)


def _misspelt(frame: pd.DataFrame, rng: np.random.Generator) -> pd.DataFrame:
    n = len(frame)
    name, number, street, postcode = (
        frame[c].to_numpy(object).copy() for c in ("name", "number", "street", "postcode")
    )
    plain, unit = frame["plain_number"].to_numpy(object), frame["unit"].to_numpy(object)
    is_place = np.array(["rear" not in text and "adjacent" not in text for text in name])
    has_name, has_unit = name != unit, unit != ""
    nameless = has_name & ~has_unit & (plain != "") & is_place & (rng.random(n) < 0.15)
    name[nameless] = ""
    bare = ~nameless & (name != "") & (plain != "") & ~has_unit & is_place & (rng.random(n) < 0.05)
    number[bare] = ""
    street[bare] = frame["street"].str.replace(r"^[\d-]+A? ", "", regex=True).to_numpy(object)[bare]
    for texts in (name, street):
        short = rng.random(n) < 0.5
        texts[short] = [" ".join(_SHORT.get(word, word) for word in text.split(" ")) for text in texts[short]]
        wrong = np.flatnonzero(rng.random(n) < 0.1)
        texts[wrong] = [_wrong(text, rng) for text in texts[wrong]]
    first = ~bare & (number != "") & (rng.random(n) < 0.1)
    street[first], number[first] = joined(street[first], number[first]), ""
    one_cell = rng.random(n) < 0.3
    whole = joined(name, joined(number, street, by=" "), np.full(n, "London", dtype=object), postcode)
    street[one_cell], name[one_cell], number[one_cell] = whole[one_cell], "", ""
    loud = rng.random(n) < 0.2
    for texts in (name, street):
        texts[loud] = [text.upper() for text in texts[loud]]
    drawn = rng.random(n)
    postcode[drawn < 0.02] = ""
    for k in np.flatnonzero((drawn > 0.98) & ~one_cell):
        postcode[k] = postcode[k][:-1] + INWARD[int(rng.integers(0, 20))]
    moved = {axis: (frame[axis] + rng.normal(0, 8, n)).round(1) for axis in ("x_m", "y_m")}
    return frame.assign(name=name, number=number, street=street, postcode=postcode, **moved)


def _wrong(text: str, rng: np.random.Generator) -> str:
    """One letter left out, doubled, swapped with the next or another, within the letters of a text."""
    letters = [k for k in range(1, len(text) - 1) if text[k].isalpha() and text[k + 1].isalpha()]
    if not letters:
        return text
    k = letters[int(rng.integers(0, len(letters)))]
    other = "aeinorst"[int(rng.integers(0, 8))]
    return (
        text[:k] + text[k + 1 :],
        text[:k] + text[k] + text[k:],
        text[:k] + text[k + 1] + text[k] + text[k + 2 :],
        text[:k] + other + text[k + 1 :],
    )[int(rng.integers(0, 4))]


def polygons(n: int, seed: int) -> tuple[gpd.GeoSeries, gpd.GeoSeries]:
    """Draw two sets of outlines: half of the second are those of the first, moved, turned and resized a little.

    Parameters
    ----------
    n : int
        Outlines of each.
    seed : int
        Of the draws.

    Returns
    -------
    left, right : geopandas.GeoSeries
        EPSG:27700, numbered.
    """
    rng = np.random.default_rng(seed)
    west, south, east, north = LONDON_M
    # towns are dense: three quarters stand about 400 centres
    centres = np.column_stack([rng.uniform(west, east, 400), rng.uniform(south, north, 400)])
    near = centres[rng.integers(0, 400, n)] + rng.normal(0, 900, (n, 2))
    anywhere = np.column_stack([rng.uniform(west, east, n), rng.uniform(south, north, n)])
    xy = np.where(rng.random((n, 1)) < 0.75, near, anywhere)
    size = np.column_stack([rng.lognormal(3.0, 0.5, n), rng.lognormal(2.6, 0.5, n)])
    turn, is_l = rng.uniform(0, np.pi, n), rng.random(n) < 0.4
    same = rng.random(n) < 0.5
    other = near[rng.permutation(n)] + rng.normal(0, 60, (n, 2))
    moved = np.where(same[:, None], xy + rng.normal(0, 2.0, (n, 2)), other)
    scale = np.where(same[:, None], rng.uniform(0.9, 1.1, (n, 2)), 1.0)
    turned = turn + np.where(same, rng.normal(0, 0.03, n), 0.7)
    shapes = (_outlines(xy, size, turn, is_l), _outlines(moved, size * scale, turned, is_l))
    order = rng.permutation(n)
    return gpd.GeoSeries(shapes[0], crs=BNG), gpd.GeoSeries(shapes[1][order], crs=BNG)


def _outlines(xy: Any, size: Any, turn: Any, is_l: Any) -> Any:
    half = np.array([[-0.5, -0.5], [0.5, -0.5], [0.5, 0.5], [-0.5, 0.5]])
    bent = np.array([[-0.5, -0.5], [0.5, -0.5], [0.5, 0.0], [0.1, 0.0], [0.1, 0.5], [-0.5, 0.5]])
    made = np.empty(len(xy), dtype=object)
    for form, which in ((half, ~is_l), (bent, is_l)):
        corners = form[None] * size[which][:, None, :]
        cos, sin = np.cos(turn[which])[:, None], np.sin(turn[which])[:, None]
        x, y = corners[..., 0] * cos - corners[..., 1] * sin, corners[..., 0] * sin + corners[..., 1] * cos
        made[which] = shapely.polygons(np.stack([x, y], axis=-1) + xy[which][:, None, :])
    return made


def outlined(shapes: gpd.GeoSeries, partner: str, register: str) -> pd.DataFrame:
    """Assets of which nothing is known but their outlines."""
    inside = shapes.representative_point()
    wkb = np.array(shapely.to_wkb(shapes.to_numpy()), dtype=object)
    return as_assets(pd.DataFrame({"x_m": inside.x, "y_m": inside.y, "wkb": wkb}), partner, register)
