"""A made-up estate as the map shows it: twelve partners' assets over London, three in ten with an outline."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, Final

import numpy as np
import pandas as pd
import shapely

from atlas.geo.estate.model import MATCH_COLUMNS, REGISTER_COLUMNS, Estate
from atlas.sources import embedded
from atlas.vocabulary.estate import AssetStatus, Tenure, Use
from benchmarks.estate_places import places
from benchmarks.estate_world import as_assets, polygons

PARTNERS: Final = tuple(f"institution:partner-{number}" for number in range(12))


def shown_estate(size: int, seed: int = 1) -> Estate:
    """Draw an estate of so many assets; a twentieth are a second interest in another's place.

    Parameters
    ----------
    size : int
        Assets.
    seed : int
        Of the draws.
    """
    rng = np.random.default_rng(seed)
    frame = places(size, rng).iloc[:size].reset_index(drop=True)
    areas = embedded.read_areas().areas
    around = areas.iloc[rng.integers(0, len(areas), size)]
    for axis in ("x_m", "y_m"):
        frame[axis] = (around[axis].to_numpy() + rng.normal(0, 250, size)).round(1)
    frame["lad"] = around["lad"].to_numpy()
    shapes = polygons(max(1, size * 3 // 10), seed)[0].to_numpy()
    at = rng.permutation(size)[: len(shapes)]
    frame["wkb"] = np.full(size, None, dtype=object)
    frame.loc[at, "wkb"] = np.asarray(shapely.to_wkb(shapes), dtype=object)
    points = shapely.point_on_surface(shapes)
    frame.loc[at, "x_m"], frame.loc[at, "y_m"] = shapely.get_x(points), shapely.get_y(points)
    for name, members in (("use", Use), ("tenure", Tenure), ("status", AssetStatus)):
        listed = [member.value for member in members if member is not Use.REFUGE]
        shares = rng.dirichlet(np.full(len(listed), 0.8))
        frame[name] = rng.choice(listed, size, p=shares)
    frame["land_ha"] = np.where(rng.random(size) < 0.6, rng.lognormal(-1.5, 1.2, size).round(3), np.nan)
    frame["floor_m2"] = np.where(rng.random(size) < 0.4, rng.lognormal(6, 1, size).round(), np.nan)
    frame["uprn"] = [str(100_000_000 + number) if number % 3 else "" for number in range(size)]
    assets = as_assets(frame, PARTNERS[0], "partner")
    of = rng.choice(len(PARTNERS), size, p=rng.dirichlet(np.full(len(PARTNERS), 1.2)))
    assets["partner"] = np.asarray(PARTNERS, dtype=object)[of]
    assets["register"] = [f"partner-{number}" for number in of]
    how = np.where(assets["wkb"].notna(), "shape", rng.choice(["coordinates", "postcode"], size, p=[0.85, 0.15]))
    assets["placed_by"] = how
    for name in assets.columns:
        if assets[name].dtype == object and name != "wkb":
            assets[name] = assets[name].astype("str")
    return replace(
        Estate.empty(), assets=assets, registers=_registers(assets), matches=_matches(assets, rng), revision="1"
    )


def _registers(assets: pd.DataFrame) -> pd.DataFrame:
    ids = sorted(assets["register"].unique())
    rows: list[dict[str, Any]] = [
        {
            **dict.fromkeys(REGISTER_COLUMNS, ""),
            "partner": f"institution:{one}",
            "partner_name": one.replace("-", " ").capitalize(),
            "title": "",
            "visibility": "public",
            "as_of": "2026-03-31",
            "imported_at": "2026-11-28T10:00:00+00:00",
            "rows": int((assets["register"] == one).sum()),
            "assets": int((assets["register"] == one).sum()),
            "set_aside": 0,
        }
        for one in ids
    ]
    return pd.DataFrame(rows, index=pd.Index(ids, name="register", dtype="str"))


def _matches(assets: pd.DataFrame, rng: np.random.Generator) -> pd.DataFrame:
    count = len(assets) // 20
    pairs = np.sort(rng.permutation(len(assets))[: 2 * count].reshape(count, 2), axis=1)
    ids = assets.index.to_numpy(object)
    found = {"left": ids[pairs[:, 0]], "right": ids[pairs[:, 1]], "rule": "uprn", "score": 1.0, "reasons": "same UPRN"}
    return pd.DataFrame({**found, "decision": "accepted"}, columns=list(MATCH_COLUMNS))
