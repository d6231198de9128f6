"""A made-up register as they come, of any size; `benchmarks.estate_world` says what is messy in it."""

from __future__ import annotations

import csv
import itertools
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np
import pandas as pd

from atlas.geo.crs import points_to_wgs84
from benchmarks.estate_places import KINDS, OPEN, Texts, pick, places, told


@dataclass(frozen=True)
class Mess:
    """How many rows of a written register are messy in each way; `rows` are all under the header."""

    rows: int
    assets: int
    empty: int
    totals: int
    repeated_rows: int
    repeated_references: int
    without_coordinates: int
    nowhere: int
    swapped: int


_HEADER: Final = (
    "Organisation", "OrganisationLabel", "Organisation", "UPRN", "AssetCode", "PropertyName", "PropertyNumber",
    "StreetName", "PostTown", "PostCode", "GeoX", "GeoY", "TenureType", "TenureDetail", "HoldingType", "Purpose",
    "Occupied", "Site Area (Hectares)", "Building Size (sqm)", "ApplicableDate", "Notes",
)  # fmt: skip
_TENURES: Final = (
    "Freehold", "Freehold", "Freehold", "FH", "freehold ", "FREEHOLD", "Leasehold", "Leasehold", "LH", "LLH",
    "Long Leasehold", "Licence", "Freehold/Leasehold", "Ground lease", "Other", "n/a", "",
)  # fmt: skip
_HOLDINGS: Final = ("Land and Building", "Land & buildings ", "Land", "Building", "Buildings", "L&B", "")
_OCCUPIED: Final = ("Yes", "Yes", "Yes", "Y", "No", "Vacant", "Surplus", "Subject to disposal process", "")
_NOTES: Final = (
    "",
    "",
    "",
    "",
    "Council\u2019s own",
    "Leased \u2013 \u00a312,500 pa",
    "\u00bd acre to rear\nsee file",
    "Caf\u00e9 on site",
)
CHUNK: Final = 50_000


def register_csv(path: Path, rows: int, seed: int) -> Mess:
    """Write a messy register; see the module's docstring for its mess.

    Parameters
    ----------
    path : pathlib.Path
        File to write.
    rows : int
        Rows under the header, the empty ones and the totals row included.
    seed : int
        Of the draws.

    Returns
    -------
    Mess
        What is in it.
    """
    counts: dict[str, int] = dict.fromkeys(Mess.__dataclass_fields__, 0)
    with path.open("w", encoding="cp1252", newline="") as out:
        writer = csv.writer(out, lineterminator="\r\n")
        writer.writerows([["Land and property assets, made up for a benchmark"], [], _HEADER])
        for number, begin in enumerate(range(0, rows - 1, CHUNK)):
            n = min(CHUNK, rows - 1 - begin)
            cells, found = _cells(n, begin, np.random.default_rng([seed, number]))
            writer.writerows(cells)
            for key, count in found.items():
                counts[key] += count
        writer.writerow(["Total", "", "", "", f"{rows - 1} assets", *[""] * 12, "12,345.6", "987,654", "", ""])
    return Mess(**counts | {"rows": rows, "totals": 1})


def _cells(n: int, begin: int, rng: np.random.Generator) -> tuple[list[tuple[str, ...]], dict[str, int]]:
    frame = told(places(n, rng), rng)
    uprn = rng.integers(10**8, 10**11, n).astype(str).astype(object)
    drawn = rng.random(n)
    uprn[drawn < 0.3] = ""
    padded, spread = (drawn >= 0.3) & (drawn < 0.4), drawn > 0.98
    uprn[padded] = [text.zfill(12) for text in uprn[padded]]
    uprn[spread] = [f"{int(text):.5E}" for text in uprn[spread]]
    reference = np.array([f"{(begin + k) % 97:02d}/{begin + k:07d}" for k in range(n)], dtype=object)
    repeated = np.flatnonzero(rng.random(n) < 0.02)[1:]
    reference[repeated] = reference[repeated - 1]
    x, y, where = _coordinates(frame, rng)
    postcode, is_bare = _postcodes(frame["postcode"].to_numpy(object), rng)
    name = frame["name"].to_numpy(object).copy()
    name[rng.random(n) < 0.0005] = "<b onclick=alert(1)>Depot</b>"
    name[rng.random(n) < 0.0005] = "=SUM(A1:A9)"
    padded = rng.random(n) < 0.05
    name[padded] = [f" {text.replace(' ', '  ')} " for text in name[padded]]
    tenure, detail = pick(rng, _TENURES, n), pick(rng, ("", "", "Vacant", "Licence", "Lease to third party"), n)
    use, own = pick(rng, (*KINDS, *OPEN, ""), n), np.full(n, "Borough of Example", dtype=object)
    columns = (
        own, np.full(n, "EX1", dtype=object), own, uprn, reference, name, frame["number"], frame["street"],
        frame["town"], postcode, x, y, tenure, detail, pick(rng, _HOLDINGS, n), use, pick(rng, _OCCUPIED, n),
        _areas(rng, n, 0.3, ("{:.2f}", "{:.3f} ha", "{:.2f} acres")),
        _areas(rng, n, 900.0, ("{:.0f}", "{:,.0f} sqm", "{:.1f} m2")),
        _dates(rng, n), pick(rng, _NOTES, n),
    )  # fmt: skip
    cells = list(zip(*columns, strict=True))
    again = np.flatnonzero(rng.random(n) < 0.01)[1:]
    for k in again.tolist():
        cells[k] = cells[k - 1]
    blank = [k for k in range(n) if (begin + k) % 5_000 == 4_999]
    for k in blank:
        cells[k] = ("",) * len(_HEADER)
    written = {"assets": n - len(blank), "empty": len(blank), "repeated_rows": len(again)}
    none = where == "none"
    return cells, written | {
        "repeated_references": len(repeated),
        "without_coordinates": int(none.sum()),
        "nowhere": int((none & is_bare).sum()),
        "swapped": int((where == "swapped").sum()),
    }


def _coordinates(frame: pd.DataFrame, rng: np.random.Generator) -> tuple[Texts, Texts, Texts]:
    n = len(frame)
    where = rng.choice(
        np.array(["bng", "degrees", "swapped", "grid", "none"], dtype=object), n, p=[0.6, 0.225, 0.025, 0.03, 0.12]
    )
    lon, lat = (
        axis.round(6).astype(str).astype(object)
        for axis in points_to_wgs84(frame["x_m"].to_numpy(), frame["y_m"].to_numpy())
    )
    east, north = (frame[axis].round().astype(int) for axis in ("x_m", "y_m"))
    x, y = (axis.astype(str).to_numpy(object).copy() for axis in (east, north))
    commas = rng.random(n) < 0.03
    x[commas] = [f"{value:,}" for value in east[commas]]
    x, y = np.where(where == "degrees", lon, x), np.where(where == "degrees", lat, y)
    x, y = np.where(where == "swapped", lat, x), np.where(where == "swapped", lon, y)
    grid = np.array(
        [f"TQ {e % 100_000 // 10:04d} {m % 100_000 // 10:04d}" for e, m in zip(east, north, strict=True)], dtype=object
    )
    x, y = np.where(where == "grid", grid, x), np.where(where == "grid", "", y)
    return np.where(where == "none", "", x), np.where(where == "none", "", y), where


def _postcodes(postcode: Texts, rng: np.random.Generator) -> tuple[Texts, np.ndarray[Any, np.dtype[np.bool_]]]:
    drawn = rng.random(len(postcode))
    told = postcode.copy()
    for low, high, change in (
        (0.0, 0.08, lambda _: ""),
        (0.08, 0.13, lambda text: text.replace(" ", "")),
        (0.13, 0.16, str.lower),
        (0.16, 0.26, "{}\n".format),
    ):
        which = (drawn >= low) & (drawn < high)
        told[which] = [change(text) for text in told[which]]
    return told, drawn < 0.08


def _areas(rng: np.random.Generator, n: int, middle: float, forms: tuple[str, ...]) -> Texts:
    drawn, values = rng.random(n), rng.lognormal(np.log(middle), 1.0, n)
    told = [forms[0 if d < 0.7 else 1 if d < 0.85 else 2].format(v) for d, v in zip(drawn, values, strict=True)]
    return np.where(drawn > 0.97, "tbc", np.where(drawn < 0.2, "", np.array(told, dtype=object)))


def _dates(rng: np.random.Generator, n: int) -> Texts:
    days = pd.Series(pd.Timestamp("2020-01-01") + pd.to_timedelta(rng.integers(0, 1500, 500), unit="D"))
    known = [
        day.strftime(form) for form, day in zip(itertools.cycle(("%d/%m/%Y", "%Y-%m-%d", "%d %B %Y", "%d-%b-%y")), days)
    ]
    return pick(rng, known, n)
