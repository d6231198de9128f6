"""The map of a scenario: where access rises and falls, what becomes of gap areas, which sites open and close."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import pandas as pd

from atlas.gaps.scenario.effects import AreaFate
from atlas.geo.crs import points_to_wgs84
from atlas.geo.footprints import covers
from atlas.graph.wording import listed, plural
from atlas.maps import style, text
from atlas.maps.geometry import corners
from atlas.maps.layers import LAYERS, AreaColours, GapAreas, Layer
from atlas.maps.legend import SQUARE, keys, legend, rows, square
from atlas.maps.page import AtlasMap, Urls
from atlas.maps.values import WITH_FOOTPRINTS, shown_sites, values_json
from atlas.vocabulary import AccessMeasure, FootprintKind

if TYPE_CHECKING:
    from atlas.gaps.briefs import GapArea
    from atlas.gaps.scenario.effects import Effects
    from atlas.snapshot import Atlas, Inputs

MUCH: Final = 0.1
"""From this share of what access was, its change has the darker colour."""

START: Final = "changes"
"""What the map starts from: all that differs."""

CLASSES: Final = (
    "down by a tenth or more, or to none",
    "down by less",
    "as before",
    "up by less",
    "up by a tenth or more, or from none",
)
"""Words of each of `style.CHANGES`."""

UNCHANGED: Final = CLASSES.index("as before")

_AROUND_M: Final = 1_500.0


@dataclass(frozen=True)
class Shown:
    """What a map of a scenario shows.

    Parameters
    ----------
    before, after : Atlas
        Without it and with it.
    effects : Effects
        What differs.
    """

    before: Atlas
    after: Atlas
    effects: Effects

    @cached_property
    def classes(self) -> pd.Series[int]:
        """By area, the position in `CLASSES` of what becomes of its access."""
        change = self.effects.lsoas["access_change"]
        is_much = change.abs() >= MUCH * self.effects.lsoas["access_before"].abs()
        found: pd.Series[int] = np.sign(change).fillna(0).astype(int) * (1 + is_much) + 2
        return found

    @cached_property
    def sites(self) -> pd.DataFrame:
        """Sites that open or close, as `Inputs.sites` has them, and `opens`."""
        was, now = shown_sites(self.before.inputs), shown_sites(self.after.inputs)
        opening, closing = now[~now.index.isin(was.index)], was[~was.index.isin(now.index)]
        return pd.concat([opening.assign(opens=True), closing.assign(opens=False)])

    @cached_property
    def reached(self) -> pd.Series[bool]:
        """Which areas a network or programme reaches anew."""
        found = pd.Series(data=False, index=self.effects.lsoas.index)
        for node, record in self.after.inputs.graph.nodes(data=True):
            old = self.before.inputs.graph.nodes.get(node)
            if old and record["kind"] in WITH_FOOTPRINTS and old.get("footprint") != record.get("footprint"):
                found |= _footprint(record, self.after.inputs) & ~_footprint(old, self.before.inputs)
        return found

    @cached_property
    def gone(self) -> tuple[GapArea, ...]:
        """Gap areas of before that do not stay as they were."""
        found = {one.before.id for one in self.effects.areas if one.before and one.fate is not AreaFate.SAME}
        return tuple(area for area in self.before.gap_areas if area.id in found)

    @property
    def moved(self) -> pd.Series[bool]:
        """Which areas enter or leave a gap area."""
        return self.effects.lsoas["in_gap_before"] != self.effects.lsoas["in_gap_after"]

    @cached_property
    def is_anywhere(self) -> bool:
        """Whether anything that differs has a place."""
        return bool(len(self.sites) or ((self.classes != UNCHANGED) | self.moved | self.reached).any())

    def bounds(self) -> list[list[float]] | None:
        """Corners of where access changes, as `corners` gives them; None where nothing does."""
        if not self.is_anywhere:
            return None
        areas = self.after.inputs.areaset.areas
        # a gap area may come or go far off, where a rank or the lowest fifth has shifted: the table leads there
        near = (self.classes != UNCHANGED) | self.reached
        inside = near if near.any() or len(self.sites) else self.moved
        x_m, y_m = (pd.concat([areas.loc[inside, axis], self.sites[axis]]) for axis in ("x_m", "y_m"))
        around = -_AROUND_M, -_AROUND_M, _AROUND_M, _AROUND_M
        return corners(np.add((x_m.min(), y_m.min(), x_m.max(), y_m.max()), around))


def shown_words(shown: Shown) -> str:
    """What the map shows, in a few sentences."""
    number = shown.classes.value_counts().reindex(range(len(CLASSES)), fill_value=0)
    falls, rises = number[0] + number[1], number[3] + number[4]
    moves = [_moves("rises", rises, number[4]), _moves("falls", falls, number[0])]
    both = moves if rises else moves[::-1]
    parts = [f"Access {both[0]}, and {both[1]}." if rises + falls else "Access changes nowhere."]
    opening = int(shown.sites["opens"].sum())
    closing = len(shown.sites) - opening
    marked = [
        *([f"{plural(opening, 'site')} that open{'s' * (opening == 1)} (+)"] if opening else []),
        *([f"{plural(closing, 'site')} that close{'s' * (closing == 1)} (×)"] if closing else []),  # noqa: RUF001
        *([f"{plural(len(shown.gone), 'gap area')} as {'it was' if len(shown.gone) == 1 else 'they were'} (dashed)"]
          if shown.gone else []),
        *([f"{plural(int(shown.reached.sum()), 'neighbourhood')} reached anew (outlined)"]
          if shown.reached.any() else []),
    ]  # fmt: skip
    if marked:
        parts.append(f"Marked: {listed(marked)}.")
    return " ".join(parts)


def _moves(verb: str, number: int, much: int) -> str:
    by_much = "" if not much else f", in {'all' if much == number else f'{much:,}'} of them by a tenth or more"
    if number == 1:
        by_much = ", by a tenth or more" if much else ""
    return f"{verb} in {plural(number, 'neighbourhood')}{by_much}" if number else f"{verb} in none"


def _footprint(record: dict[str, Any], inputs: Inputs) -> pd.Series[bool]:
    areaset, kind = inputs.areaset, FootprintKind(record.get("footprint_kind", FootprintKind.NONE))
    return covers(kind, record.get("footprint", ()), areaset.areas, areaset.boroughs, areaset.icbs)


def what_if_json(shown: Shown, per: int) -> str:
    """The values of the map: those of the atlas with the scenario, and under `change` what differs.

    Parameters
    ----------
    shown : Shown
        Both sides.
    per : int
        Access is given per so many people.

    Returns
    -------
    str
        JSON. Of `change`: `classes`, a digit for each area (`CLASSES`); `at`, the areas whose access changes, as steps
        from one position to the next, and of each `access` and `nearest_m` before and after (`access` is empty where
        the measure gives no amount); `was`, the gap areas of before that do not stay, and `reached`, what is reached
        anew, likewise as steps; `sites`; `bounds`.
    """
    return f'{values_json(shown.after)[:-1]},"change":{text.as_json(_change(shown, per))}}}'


def _change(shown: Shown, per: int) -> dict[str, Any]:
    lsoas = shown.effects.lsoas
    changing = lsoas[shown.classes != UNCHANGED]
    sides = ("before", "after")
    is_amount = shown.before.parameters.measure is not AccessMeasure.NEAREST
    at = {code: position for position, code in enumerate(lsoas.index)}
    return {
        "classes": "".join(map(str, shown.classes)),
        "at": _steps([at[code] for code in changing.index]),
        "per": per,
        "access": [[f"{per * one:.3g}" for one in changing[f"access_{side}"]] for side in sides] if is_amount else [],
        "nearest_m": [changing[f"nearest_anchor_m_{side}"].fillna(-1).round(-1).astype(int).tolist() for side in sides],
        "was": [_steps([at[code] for code in area.lsoas]) for area in shown.gone],
        "reached": _steps(np.flatnonzero(shown.reached).tolist()),
        "sites": _sites(shown.sites),
        "bounds": shown.bounds(),
    }


def _steps(positions: list[int]) -> list[int]:
    steps: list[int] = np.diff(sorted(positions), prepend=0).tolist()
    return steps


def _sites(sites: pd.DataFrame) -> list[dict[str, Any]]:
    longitudes, latitudes = points_to_wgs84(sites["x_m"], sites["y_m"])
    columns = sites["name"], sites["institution_name"], sites["opens"], latitudes.round(5), longitudes.round(5)
    return [
        {"name": name, "owner": owner, "opens": bool(opens), "at": [float(latitude), float(longitude)]}
        for name, owner, opens, latitude, longitude in zip(*columns, strict=True)
    ]


class ScenarioChanges(Layer):
    """Gap areas as they were, what is reached anew, and the sites that open or close."""

    function = "scenarioChanges"

    def __init__(self) -> None:
        super().__init__(colour=style.BAND)


class WhatIfMap(AtlasMap):
    """A map of what a scenario changes, over the map of London with it.

    Parameters
    ----------
    shown : Shown
        Both sides.
    urls : Urls
        Where the page finds things; the values are `what_if_json`.
    """

    first_colouring = "change"

    def __init__(self, shown: Shown, urls: Urls) -> None:
        super().__init__(shown.after, urls, focus=START)
        self.words = "Map of what the scenario changes: access to anchors, gap areas and sites"
        self.legend = legend(shown.after, first={"change": ("Change of access", _scale())})
        self.keys = keys(shown.after, _marks(shown))

    def layers(self) -> tuple[Layer, ...]:
        """Those of every map, the change of access before other colours, and what differs under the gap areas."""
        colours = AreaColours({"change": ("Change of access", style.CHANGES)})
        own = {AreaColours: (colours,), GapAreas: (ScenarioChanges(), GapAreas())}
        return tuple(layer for kind in LAYERS for layer in own.get(kind, (kind(),)))


def _scale() -> str:
    pictures = [(square(colour), words) for colour, words in zip(style.CHANGES, CLASSES, strict=True)]
    return f'<p>Access to anchors, with the scenario</p><ul class="atlas-scale">{rows(pictures[::-1])}</ul>'


def _marks(shown: Shown) -> str:
    marks = {True: ("M13 4v12M7 10h12", "Site that opens"), False: ("M8 5l10 10M18 5 8 15", "Site that closes")}
    found = [
        (
            f'<circle class="atlas-outline" cx="13" cy="10" r="9" fill="#fff"/><path class="atlas-change" d="{path}"/>',
            words,
        )
        for opens, (path, words) in marks.items()
        if (shown.sites["opens"] == opens).any()
    ]
    if shown.gone:
        found.append(
            (f'<path d="{SQUARE}" class="atlas-outline is-was" fill="none"/>', "Gap area as it was, where it differs")
        )
    if shown.reached.any():
        found.append((f'<path d="{SQUARE}" class="atlas-outline is-reached" fill="none"/>', "Reached anew"))
    return rows(found)
