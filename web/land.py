"""Land and property on the pages of institutions, networks, gap areas and boroughs: totals, and the first rows."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import pandas as pd
from flask import current_app

from atlas.geo.estate.model import Estate
from atlas.graph.estate import names_of
from atlas.snapshot import Atlas
from atlas.vocabulary import Kind, Relation, label
from atlas.vocabulary.estate import AVAILABLE, AssetStatus, Tenure, Use
from web.visit import visit

SHOWN: Final = 50
"""Rows of a table; the rest are on the map of the estate."""

_HOLDS: Final = frozenset({Relation.OWNS.value, Relation.OCCUPIES.value})
_COLUMNS: Final = ("partner", "use", "tenure", "status", "postcode", "lad", "land_ha", "floor_m2")


@dataclass(frozen=True, slots=True)
class Holder:
    """What one partner holds, of what a page speaks of.

    Parameters
    ----------
    node, name : str
        Id and name of the institution.
    is_known : bool
        Whether it has a page.
    assets, available : int
        How many pieces of land and buildings, and how many of them are not in use.
    land_ha, floor_m2 : float or None
        Sums over those whose areas are known; None where none is.
    """

    node: str
    name: str
    is_known: bool
    assets: int
    available: int
    land_ha: float | None
    floor_m2: float | None


@dataclass(frozen=True, slots=True)
class Land:
    """Some land and property, as a page shows it.

    Parameters
    ----------
    assets, available : int
        How many, and how many of them are vacant, surplus or subject to disposal.
    land_ha, floor_m2 : float or None
        Sums over those whose areas are known; None where none is.
    with_land, with_floor : int
        How many those are.
    uses : tuple of (str, int)
        How many of each use, in words, the most first.
    holders : tuple of Holder
        By partner, the one with most first.
    rows : tuple of dict
        The first of them: what is not in use first, then by name.
    dates : tuple of (str, str, bool)
        Registers that they are in: what each is called, the day that it speaks of, or on which it came, ISO; and
        whether it is the latter.
    """

    assets: int
    available: int
    land_ha: float | None
    floor_m2: float | None
    with_land: int
    with_floor: int
    uses: tuple[tuple[str, int], ...]
    holders: tuple[Holder, ...]
    rows: tuple[dict[str, Any], ...]
    dates: tuple[tuple[str, str, bool], ...]


def is_here(atlas: Atlas) -> bool:
    """Whether any register is here; where none is, pages say nothing of land."""
    return len(atlas.inputs.estate.registers) > 0


def land_of(atlas: Atlas, assets: pd.DataFrame) -> Land:
    """What a page shows of some assets of the atlas."""
    free = assets["status"].isin(AVAILABLE)
    land, floor = assets["land_ha"], assets["floor_m2"]
    uses = assets["use"].value_counts()
    return Land(
        assets=len(assets),
        available=int(free.sum()),
        land_ha=_sum(land),
        floor_m2=_sum(floor),
        with_land=int(land.notna().sum()),
        with_floor=int(floor.notna().sum()),
        uses=tuple((label(Use(str(use) or Use.UNKNOWN)), int(count)) for use, count in uses.items()),
        holders=_holders(atlas, assets),
        rows=_rows(assets),
        dates=_dates(atlas.inputs.estate, assets["register"].unique()),
    )


def held_by(atlas: Atlas, node: str) -> pd.DataFrame:
    """The assets of an institution's register, and those that it is said to occupy in others'."""
    assets = atlas.inputs.estate.assets
    used = [other for _, other, tie in atlas.graph.out_edges(node, data=True) if tie["relation"] in _HOLDS]
    return assets[(atlas.inputs.estate.holder == node) | assets.index.isin(used)]


def institution_land(atlas: Atlas, node: str) -> dict[str, Any]:
    """What the page of an institution shows: its land, and whether a register of its own is here."""
    if not is_here(atlas):
        return {"land": None}
    estate = atlas.inputs.estate
    return {"land": land_of(atlas, held_by(atlas, node)), "has_register": node in set(estate.registers["partner"])}


def members_land(atlas: Atlas, members: Sequence[str]) -> dict[str, Any]:
    """What the page of a network shows: its members' land by member, and how many members have a register here."""
    if not is_here(atlas):
        return {"land": None}
    estate = atlas.inputs.estate
    land = land_of(atlas, estate.assets[estate.holder.isin(members)])
    return {"land": land, "members": len(members), "registered": len({*members} & {*estate.registers["partner"]})}


def area_land(atlas: Atlas, lsoas: Iterable[str]) -> dict[str, Any]:
    """What the page of a gap area shows: the land inside it."""
    if not is_here(atlas):
        return {"land": None}
    inside = atlas.inputs.asset_areas.isin(list(lsoas)).to_numpy(bool)
    return {"land": land_of(atlas, atlas.inputs.estate.assets[inside])}


def borough_land(atlas: Atlas, code: str) -> dict[str, Any]:
    """What the page of a borough shows: the land in it, by owner."""
    if not is_here(atlas):
        return {"land": None}
    assets = atlas.inputs.estate.assets
    return {"land": land_of(atlas, assets[assets["lad"] == code])}


def _sum(values: pd.Series[float]) -> float | None:
    return float(values.sum()) if values.notna().any() else None


def _holders(atlas: Atlas, assets: pd.DataFrame) -> tuple[Holder, ...]:
    names = partner_names(atlas)
    free = assets["status"].isin(AVAILABLE)
    found = []
    holder = atlas.inputs.estate.holder.reindex(assets.index)
    for partner, rows in assets.assign(is_free=free).groupby(holder):
        node = str(partner)
        totals = _sum(rows["land_ha"]), _sum(rows["floor_m2"])
        is_known = node in atlas.graph
        found.append(Holder(node, names.get(node, node), is_known, len(rows), int(rows["is_free"].sum()), *totals))
    return tuple(sorted(found, key=lambda one: (-one.assets, one.name.casefold())))


def partner_names(atlas: Atlas) -> dict[str, str]:
    """Names of everybody whose register is here, as the graph has them, else as the register does."""
    names = atlas.inputs.estate.partner_names
    return {node: str(atlas.graph.nodes[node]["name"]) if node in atlas.graph else name for node, name in names.items()}


def _rows(assets: pd.DataFrame) -> tuple[dict[str, Any], ...]:
    named = assets[[*_COLUMNS]].assign(name=names_of(assets), free=assets["status"].isin(AVAILABLE))
    named["folded"] = named["name"].str.casefold()
    first = (
        named.rename_axis("asset").reset_index().sort_values(["free", "folded", "asset"], ascending=[False, True, True])
    )
    return tuple(_row(row) for row in first.head(SHOWN).to_dict("records"))


def _row(row: Mapping[Any, Any]) -> dict[str, Any]:
    said = {
        "use_words": label(Use(row["use"] or Use.UNKNOWN)),
        "tenure_words": label(Tenure(row["tenure"] or Tenure.UNKNOWN)),
        "status_words": label(AssetStatus(row["status"] or AssetStatus.UNKNOWN)),
        "address": asset_address(row["asset"]),
    }
    sizes = {name: None if np.isnan(row[name]) else float(row[name]) for name in ("land_ha", "floor_m2")}
    return {str(name): value for name, value in row.items()} | said | sizes


def _dates(estate: Estate, registers: Iterable[str]) -> tuple[tuple[str, str, bool], ...]:
    rows = estate.registers[estate.registers.index.isin(list(registers))]
    return tuple(
        (str(row["title"] or row["partner_name"]), str(row["as_of"] or row["imported_at"])[:10], not row["as_of"])
        for _, row in rows.iterrows()
    )


def asset_address(asset: str) -> str:
    """Address of the page that shows an asset; empty where there is none."""
    if "estate.asset" in current_app.view_functions:
        return visit().link("estate.asset", wanted=asset.removeprefix(f"{Kind.ASSET}:"))
    return ""


def estate_address(**fields: str) -> str:
    """Address of the map of the estate under some filters; empty where there is none."""
    if "estate.index" not in current_app.view_functions:
        return ""
    return visit().link("estate.index", **fields)
