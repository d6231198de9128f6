"""The estate in words and rows: the answer, what the choice adds up to, how complete each register is."""

from __future__ import annotations

import math
from typing import Any, Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from atlas.geo.crs import points_to_wgs84
from atlas.geo.estate.completeness import POSITION_COLUMNS, TOLD
from atlas.geo.estate.model import NOBODY, Estate
from atlas.geo.estate.totals import Totals, said
from atlas.graph.estate import names_of
from atlas.graph.wording import date_words, listed, plural
from atlas.maps.estate_style import ColouredBy, colouring
from atlas.snapshot import Atlas
from atlas.vocabulary.estate import AVAILABLE, NOT_IN_USE, AssetStatus, PlacedBy, Tenure, Use
from web.estate_choices import Wanted
from web.estate_found import About, Found

SHORT: Final = {"use_detail": "Use in words", "tenure_detail": "Tenure in words", "organisation": "Organisation"}
"""Headings of the table of completeness where a field's own words are too long."""

KIND_CLASSES: Final = {"+": "other", "?": "unsaid"}
"""How the style sheet calls groups that have no colour of their own."""

MOST_ROWS: Final = 8
"""Rows of a table of totals that stand open."""


def answer(atlas: Atlas, wanted: Wanted, found: Found, about: About) -> dict[str, str]:
    """The sentence at the head of the page, and the one under it."""
    whole, chosen, more = about.totals, found.totals, _registers(about.dates[about.dates.index.isin(found.registers)])
    if not whole.whole.interests:
        return {"sentence": "No partner's land or property is on record here yet.", "more": ""}
    where = _where(atlas, wanted)
    if not chosen.whole.interests:
        return {"sentence": f"No asset on record{where} is as chosen here.", "more": _registers(about.dates)}
    assets = f"{plural(chosen.whole.assets, 'asset')} on record{where}"
    if wanted.fields:
        assets = f"the {plural(chosen.whole.assets, 'asset')} chosen{where}, of {whole.whole.assets:,} on record"
    owners = sum(row.key != NOBODY for row in chosen.by_owner)
    holders = f"{plural(owners, 'partner')} {'holds' if owners == 1 else 'hold'}"
    listed_only = chosen.whole.assets - found.held
    if not listed_only:
        said = f"{holders} {assets}"
    elif not found.held:
        said = f"No partner holds {assets}: {'it is' if listed_only == 1 else 'they are'} only listed"
    else:
        said = (
            f"{holders} {found.held:,} of {assets}; {listed_only:,} {'is' if listed_only == 1 else 'are'} only listed"
        )
    free = f"{chosen.available:,} {'is' if chosen.available == 1 else 'are'} {NOT_IN_USE}"
    return {"sentence": f"{said}; {free}.", "more": more}


def _where(atlas: Atlas, wanted: Wanted) -> str:
    """The places that were chosen, from the smallest to the borough, and what was searched for."""
    fields, areas, lads = dict(wanted.fields), atlas.inputs.areaset, wanted.selection.lads
    places = []
    if "area" in fields:
        places.append("the area drawn")
    if "box" in fields:
        places.append("the box")
    if wanted.gap:
        gap = atlas.gap_area(wanted.gap)
        places += [f"the gap area {gap.name}", "" if lads else gap.lad_name]
    if "ward" in fields:
        ward = areas.areas[areas.areas["ward"] == fields["ward"]].iloc[0]
        places += [f"{ward['ward_name']} ward", "" if lads else areas.borough_names()[ward["lad"]]]
    places += [areas.borough_names()[lad] for lad in lads]
    inside = ", ".join(dict.fromkeys(filter(None, places)))
    found = f" with “{fields['find']}”" if "find" in fields else ""
    return found + (f" in {inside}" if inside else "")


def _registers(dates: pd.Series[str]) -> str:
    days = sorted(day for day in dates if day)
    undated = len(dates) - len(days)
    registers = plural(len(dates), "register")
    if not days:
        return f"{registers}, none with a date."
    spoken = (
        f"from {date_words(days[0])} to {date_words(days[-1])}" if days[0] != days[-1] else f"of {date_words(days[0])}"
    )
    return f"{registers}: {len(days):,} {spoken}, {undated:,} without a date." if undated else f"{registers} {spoken}."


def rows_of(estate: Estate, positions: NDArray[np.intp], by: ColouredBy) -> list[dict[str, Any]]:
    """What lists and tables say of assets, in the order of the positions."""
    rows = estate.assets.iloc[positions].assign(holder=estate.holder.iloc[positions])
    groups = colouring(estate, by)
    kinds = groups.of[positions]
    owners = estate.partner_names
    names = names_of(rows).to_dict()
    longitude, latitude = points_to_wgs84(rows["x_m"], rows["y_m"])
    return [
        {
            "id": str(asset),
            "key": str(asset).removeprefix("asset:"),
            "name": names[asset],
            "owner": owners.get(row["holder"], row["holder"]),
            "partner": row["partner"],
            "where": ", ".join(part for part in (row["street"], row["postcode"]) if part and part != names[asset]),
            "postcode": row["postcode"],
            "lad": row["lad"],
            "use": said(Use(row["use"])),
            "tenure": said(Tenure(row["tenure"])),
            "status": said(AssetStatus(row["status"])),
            "status_key": row["status"],
            "is_available": row["status"] in AVAILABLE,
            "land_ha": _known(row["land_ha"]),
            "floor_m2": _known(row["floor_m2"]),
            "is_on_map": row["placed_by"] != PlacedBy.NOWHERE,
            "is_approximate": row["placed_by"] == PlacedBy.POSTCODE,
            "lon": f"{longitude[at]:.5f}",
            "lat": f"{latitude[at]:.5f}",
            "kind_class": KIND_CLASSES.get(groups.groups[kinds[at]].letter, kinds[at]),
            "group": groups.groups[kinds[at]],
        }
        for at, (asset, row) in enumerate(rows.to_dict("index").items())
    ]


def _known(number: float) -> float | None:
    return None if math.isnan(number) else number


def totals_tables(found: Totals) -> list[list[dict[str, Any]]]:
    """What a choice adds up to by owner, use, status and tenure, in columns: rows with the share of all assets."""
    columns = (
        (("By owner", found.by_owner),),
        (("By use", found.by_use),),
        (("By status", found.by_status), ("By tenure", found.by_tenure)),
    )
    return [
        [
            {
                "title": title,
                "rows": [(row, row.assets / max(found.whole.assets, 1)) for row in rows],
                "open": MOST_ROWS,
                "more": max(0, len(rows) - MOST_ROWS),
            }
            for title, rows in column
        ]
        for column in columns
    ]


def completeness_table(registers: pd.DataFrame, about: About) -> dict[str, Any]:
    """How complete each register is, field by field, with its date."""
    rows = []
    for name, row in registers.sort_values(["partner_name", "title"], kind="stable").to_dict("index").items():
        register = str(name)
        rows.append(
            {
                "register": register,
                "title": row["title"] or row["partner_name"],
                **{field: row[field] for field in ("partner", "partner_name", "imported_at")},
                "as_of": about.dates[register],
                "rows": int(about.counts["rows"][register]),
                "shares": [_cell(share) for share in about.shares[register].tolist()],
                "places": [_cell(about.positions[name][register]) for name in POSITION_COLUMNS],
            }
        )
    return {"fields": [(SHORT.get(field.name, field.label), field.description) for field in TOLD], "rows": rows}


def _cell(share: float) -> tuple[str, str, int]:
    """Per cent, in words, and the class of its colour: 0 none, 4 all."""
    if math.isnan(share):
        return "", "none to see", 0
    percent = round(100 * share)
    shown = "<1" if percent == 0 and share > 0 else ">99" if percent == 100 and share < 1 else str(percent)
    return shown, f"{shown}%", 0 if share == 0 else 4 if share == 1 else 1 + min(2, int(share * 3))


def unknowns(chosen: Found, dates: pd.Series[str]) -> list[str]:
    """What the page cannot say of the assets chosen, in sentences; `dates` are the days that registers speak of."""
    found, registers, outside = chosen.totals, chosen.estate.registers, chosen.outside
    whole, lines = found.whole, []
    off = whole.assets - found.on_map
    if off:
        lines.append(
            f"{plural(off, 'asset')} chosen {'has' if off == 1 else 'have'} no place on the map; the table has all."
        )
    if outside:
        stand = "stands" if outside == 1 else "stand"
        lines.append(f"{plural(outside, 'asset')} {stand} outside London, where the map shows no boundaries.")
    if found.approximate:
        are = "is" if found.approximate == 1 else "are"
        lines.append(
            f"{plural(found.approximate, 'asset')} {are} placed by postcode alone: dashed on the map, and up to a few "
            "hundred metres out."
        )
    if whole.no_land or whole.no_floor:
        lines.append(
            f"{whole.no_land:,} of {whole.assets:,} state no area of land and {whole.no_floor:,} no floor area: sums "
            "are lower bounds."
        )
    undated = registers.loc[(dates == "") & registers.index.isin(chosen.registers), "partner_name"].tolist()
    if undated:
        lines.append(f"No date is known of the register of {listed(sorted(set(map(str, undated))))}.")
    lines.append(
        "Who has no register here may hold land too: absence of record is not absence of land. Partners may also keep "
        "assets to themselves."
    )
    return lines
