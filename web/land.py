"""Land and property on the pages of institutions, networks, gap areas and boroughs: totals, and the first rows."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import pandas as pd
from flask import current_app
from numpy.typing import NDArray

from atlas.geo.estate.model import Estate
from atlas.geo.estate.totals import Row, Totals, said, totals
from atlas.graph.estate import names_of
from atlas.snapshot import Atlas
from atlas.vocabulary import Kind, Relation
from atlas.vocabulary.estate import AVAILABLE, AssetStatus, Tenure, Use
from web.visit import visit

Chosen = NDArray[np.bool_]
"""Whether a page speaks of each asset of the estate."""

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
        How many places, and how many of them are not in use.
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
    assets, interests, available : int
        How many places, rows of registers, and places that are vacant, surplus or subject to disposal.
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
    interests: int
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


def land_of(atlas: Atlas, chosen: Chosen) -> Land:
    """What a page shows of some assets of the atlas, each place once, as the map of the estate counts them."""
    estate, positions = atlas.inputs.estate, np.flatnonzero(chosen)
    assets, found = estate.assets.iloc[positions], totals(estate, positions)
    whole = found.whole
    return Land(
        assets=whole.assets,
        interests=whole.interests,
        available=found.available,
        land_ha=_known(whole.land_ha, whole.no_land, whole),
        floor_m2=_known(whole.floor_m2, whole.no_floor, whole),
        with_land=whole.assets - whole.no_land,
        with_floor=whole.assets - whole.no_floor,
        uses=tuple((row.label, row.assets) for row in found.by_use),
        holders=_holders(atlas, positions, found),
        rows=_rows(assets),
        dates=_dates(estate, assets["register"].unique()),
    )


def held_by(atlas: Atlas, node: str) -> Chosen:
    """Which assets are on an institution's register, or are said to be occupied by it in others'."""
    assets = atlas.inputs.estate.assets
    used = [other for _, other, tie in atlas.graph.out_edges(node, data=True) if tie["relation"] in _HOLDS]
    return np.asarray((atlas.inputs.estate.holder == node) | assets.index.isin(used))


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
    land = land_of(atlas, estate.holder.isin(members).to_numpy(bool))
    return {"land": land, "members": len(members), "registered": len({*members} & {*estate.registers["partner"]})}


def area_land(atlas: Atlas, lsoas: Iterable[str]) -> dict[str, Any]:
    """What the page of a gap area shows: the land inside it."""
    if not is_here(atlas):
        return {"land": None}
    inside = atlas.inputs.asset_areas.isin(list(lsoas)).to_numpy(bool)
    return {"land": land_of(atlas, inside)}


def borough_land(atlas: Atlas, code: str) -> dict[str, Any]:
    """What the page of a borough shows: the land in it, by owner."""
    if not is_here(atlas):
        return {"land": None}
    assets = atlas.inputs.estate.assets
    return {"land": land_of(atlas, (assets["lad"] == code).to_numpy(bool))}


def _known(amount: float, unsaid: int, row: Row) -> float | None:
    return amount if unsaid < row.assets else None


def _holders(atlas: Atlas, positions: NDArray[np.intp], found: Totals) -> tuple[Holder, ...]:
    estate, names = atlas.inputs.estate, partner_names(atlas)
    unused = positions[estate.assets["status"].isin(AVAILABLE).to_numpy(bool)[positions]]
    available = {row.key: row.assets for row in totals(estate, unused).by_owner}
    holders = [
        Holder(
            row.key,
            names.get(row.key, row.key),
            row.key in atlas.graph,
            row.assets,
            available.get(row.key, 0),
            _known(row.land_ha, row.no_land, row),
            _known(row.floor_m2, row.no_floor, row),
        )
        for row in found.by_owner
    ]
    return tuple(sorted(holders, key=lambda one: (-one.assets, one.name.casefold())))


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
    words = {
        "use_words": said(Use(row["use"] or Use.UNKNOWN)),
        "tenure_words": said(Tenure(row["tenure"] or Tenure.UNKNOWN)),
        "status_words": said(AssetStatus(row["status"] or AssetStatus.UNKNOWN)),
        "address": asset_address(row["asset"]),
    }
    sizes = {name: None if np.isnan(row[name]) else float(row[name]) for name in ("land_ha", "floor_m2")}
    return {str(name): value for name, value in row.items()} | words | sizes


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
