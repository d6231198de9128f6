"""Made-up places of London: several in each real postcode, no two of them one."""

from __future__ import annotations

import itertools
from functools import cache
from typing import Any, Final

import numpy as np
import pandas as pd

from atlas.sources.postcodes import read_postcodes

Texts = np.ndarray[Any, np.dtype[np.object_]]

_DISTRICTS: Final = (*(f"SE{k}" for k in range(1, 29)), *(f"E{k}" for k in range(1, 19)))
INWARD: Final = "ABDEFGHJLNPQRSTUWXYZ"
_HEADS: Final = (
    "Ash", "Bram", "Cal", "Dun", "Ever", "Farn", "Gold", "Hazel", "Iver", "Kings", "Lang", "Mere",
    "Nor", "Oak", "Pem", "Quarr", "Rush", "Stan", "Thorn", "Wels",
)  # fmt: skip
_TAILS: Final = (
    "bourne", "brook", "bury", "combe", "dale", "den", "field", "ford", "gate", "ham", "hurst", "leigh",
    "ley", "mead", "more", "ridge", "stead", "ton", "wick", "wood",
)  # fmt: skip
_TYPES: Final = (
    "Road", "Road", "Road", "Street", "Street", "Avenue", "Lane", "Close", "Gardens", "Terrace", "Grove", "Hill",
    "Place", "Crescent", "Way", "Drive",
)  # fmt: skip
KINDS: Final = (
    "Library", "Community Centre", "Children's Centre", "Health Centre", "Clinic", "Day Centre", "Depot", "House",
    "Hall", "Primary School", "Nursery", "Leisure Centre", "Offices", "Car Park", "Youth Club", "Fire Station",
)  # fmt: skip
OPEN: Final = ("Park", "Recreation Ground", "Allotments", "Playing Fields", "Cemetery", "Open Space", "Nature Reserve")
_UNITS: Final = ("Flat", "Unit", "Flat", "Studio", "Shop")


@cache
def london_postcodes() -> pd.DataFrame:
    """Live postcodes of inner south-east and east London, sorted: `postcode`, `lad`, `easting_m`, `northing_m`."""
    inward = [f"{k}{a}{b}" for k, a, b in itertools.product(range(10), INWARD, INWARD)]
    found = read_postcodes(f"{district} {end}" for district in _DISTRICTS for end in inward)
    return found[found["lad"].str.startswith("E09")].rename_axis("postcode").reset_index()


def _words() -> Texts:
    return np.array([head + tail for head in _HEADS for tail in _TAILS], dtype=object)


def pick(rng: np.random.Generator, among: Any, n: int) -> Texts:
    return np.array(among, dtype=object)[rng.integers(0, len(among), n)]


def places(n: int, rng: np.random.Generator, per_postcode: float = 6.0) -> pd.DataFrame:
    """Draw places of which no two are one: `name`, `unit`, `number`, `street`, `postcode`, `lad`, `x_m`, `y_m`.

    Parameters
    ----------
    n : int
        How many.
    rng : numpy.random.Generator
        The stream of draws.
    per_postcode : float
        How many share a postcode, on average; the spread is wide.
    """
    streets = _streets(int(n * 1.1 / per_postcode) + 8, rng)
    wide = rng.pareto(1.6, len(streets)) + 0.3
    sizes = np.minimum(np.ceil(wide * n * 1.12 / wide.sum()), 250).astype(int)
    sizes[: max(0, n // 50)] += 1
    frame = streets.loc[np.repeat(streets.index.to_numpy(), sizes)].reset_index(drop=True)
    while len(frame) < n * 1.1:
        frame = pd.concat([frame, frame.assign(street=frame["street"] + " East")], ignore_index=True)
    frame = _addressed(frame, rng)
    frame = frame.drop_duplicates(["postcode", "street", "name", "unit", "number"]).drop_duplicates(
        ["sector", "street", "unit", "number", "plain"]
    )
    kept = np.sort(rng.permutation(len(frame))[:n])
    return frame.iloc[kept].drop(columns=["sector", "plain", "base"]).reset_index(drop=True)


def _streets(n: int, rng: np.random.Generator) -> pd.DataFrame:
    """So many postcodes of a few whole sectors, each with its street: three postcodes in a row share one."""
    known = london_postcodes().assign(sector=lambda frame: frame["postcode"].str[:-2])
    sectors = known["sector"].unique()
    rank = pd.Series(rng.permutation(len(sectors)), index=sectors)
    chosen = known.iloc[np.argsort(known["sector"].map(rank).to_numpy(), kind="stable")[:n]].reset_index(drop=True)
    word, kind = pick(rng, _words(), len(chosen)), pick(rng, _TYPES, len(chosen))
    first = np.arange(len(chosen)) // 3 * 3
    before = np.maximum(first - 3, 0)
    twin = (rng.random(len(chosen)) < 0.1)[first]
    chosen["street"] = np.where(twin, word[before], word[first]) + np.array([" "], dtype=object) + kind[first]
    chosen["base"] = (np.arange(len(chosen)) - first) * 120 + rng.integers(1, 40, len(chosen))
    return chosen


def _addressed(frame: pd.DataFrame, rng: np.random.Generator) -> pd.DataFrame:
    """Numbers, units and names of the places of each postcode, which stand in a row."""
    n = len(frame)
    same = (frame["postcode"] == frame["postcode"].shift()).to_numpy()
    new = ~same | (rng.random(n) < 0.75)
    building = np.cumsum(new) - 1
    width = np.where(rng.random(building[-1] + 1) < 0.06, 2, 0)
    at = np.flatnonzero(new)
    steps = np.cumsum(width + 2)
    first = at[np.searchsorted(at, np.flatnonzero(~same), "left")]
    start = np.repeat(steps[building[first]], np.diff(np.append(building[first], len(at))))
    low = frame["base"].to_numpy()[at] + steps - width - start
    number = np.array([f"{a}-{a + w}" if w else str(a) for a, w in zip(low, width, strict=True)], dtype=object)
    letter = rng.random(len(at)) < 0.04
    number[letter] = [f"{text}A" if "-" not in text else text for text in number[letter]]
    count = np.bincount(building)[building]
    unit_no = np.arange(n) - at[building] + 1
    unit_kind = pick(rng, _UNITS, len(at))[building]
    unit = np.array(
        [f"{k} {u}" if c > 1 else "" for k, u, c in zip(unit_kind, unit_no, count, strict=True)], dtype=object
    )
    word = np.where(
        rng.random(len(at)) < 0.4,
        frame["street"].str.split(" ").str[0].to_numpy(object)[at],
        pick(rng, _words(), len(at)),
    )
    space = np.array([" "], dtype=object)
    named = (word + space + pick(rng, KINDS, len(at)))[building]
    frame = frame.assign(
        name=np.where((rng.random(len(at)) < 0.45)[building], named, ""), unit=unit, number=number[building]
    )
    drawn = rng.random(n)
    alone = (drawn < 0.06) & (count == 1)
    behind = (drawn > 0.97) & (count == 1)
    frame.loc[alone, "name"] = (pick(rng, _words(), n) + space + pick(rng, OPEN, n))[alone]
    frame.loc[alone, "number"] = ""
    frame.loc[behind, "name"] = pick(rng, ("Land rear of", "Garages rear of", "Land adjacent to"), int(behind.sum()))
    # no two of a postcode's numbered places share number and unit; behind stands beside its house
    twin = frame[behind].assign(name="", unit="")
    frame = pd.concat([frame, twin], ignore_index=True)
    frame["plain"] = np.where(
        frame["number"] == "", frame["name"], np.where(frame["name"].str.contains(" rear | adj"), "b", "")
    )
    for axis in ("easting_m", "northing_m"):
        frame[axis] = (frame[axis] + rng.normal(0, 25, len(frame))).round(1)
    return frame.rename(columns={"easting_m": "x_m", "northing_m": "y_m"})


def told(frame: pd.DataFrame, rng: np.random.Generator) -> pd.DataFrame:
    """Places as a tidy register tells them: units in the name or before the number, numbers apart or in the street."""
    n = len(frame)
    unit, name, number, street = (frame[column].to_numpy(object) for column in ("unit", "name", "number", "street"))
    with_name = (rng.random(n) < 0.5) & (name != "")
    name = np.where(with_name, joined(unit, name), name)
    number = np.where(with_name, number, joined(unit, number))
    in_street = rng.random(n) < 0.5
    street = np.where(in_street, joined(number, street, by=" "), street)
    number = np.where(in_street, "", number)
    return frame.assign(name=name, number=number, street=street, town="London", plain_number=frame["number"])


def joined(*parts: Texts, by: str = ", ") -> Texts:
    return np.array([by.join(filter(None, texts)) for texts in zip(*parts, strict=True)], dtype=object)
