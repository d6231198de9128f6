"""What a reader chose of the estate, to and from the address: every bad choice is reported at once, in words."""

from __future__ import annotations

import difflib
import math
import re
from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Final, TypeVar

import numpy as np
import shapely

from atlas.errors import NotFoundError
from atlas.geo.crs import points_to_bng
from atlas.geo.estate.select import Selection
from atlas.geo.estate.totals import said
from atlas.maps.estate_style import ColouredBy
from atlas.records import slug
from atlas.snapshot import Atlas
from atlas.vocabulary.estate import AssetStatus, PlacedBy, Tenure, Use
from web.choices import Reader, spelled
from web.estate_order import SORTS
from web.visit import visit

Member = TypeVar("Member", bound=StrEnum)
Area = shapely.Polygon | shapely.MultiPolygon

CHOSEN: Final = (
    "owner", "use", "tenure", "status", "available", "placed", "min_ha", "max_ha", "find", "gap", "ward", "area", "box",
)  # fmt: skip
"""Fields of an address that say which assets are meant, besides `in`, the borough."""

TYPED: Final = ("min_ha", "max_ha", "box")
"""Fields of it that are numbers which the reader types."""

SHOWN: Final = ("by", "sort", "page", "view")
"""Fields that say how they are shown."""

MOST_CORNERS: Final = 200
LONGEST_TEXT: Final = 100
BRITAIN: Final = (-9.5, 49.0, 2.5, 61.5)
"""Degrees within which areas may be drawn."""

GRID: Final = (0.0, 0.0, 700_000.0, 1_300_000.0)
"""Metres within which a box may be typed."""

_VIEW: Final = re.compile(r"(\d{1,2}(?:\.\d{1,2})?)/(-?\d{1,2}(?:\.\d{1,6})?)/(-?\d{1,3}(?:\.\d{1,6})?)")
_HECTARES: Final = 1_000_000.0
_LISTS: Final = {"use": Use, "tenure": Tenure, "status": AssetStatus, "placed": PlacedBy}


@dataclass(frozen=True, slots=True)
class Wanted:
    """What the address asks for.

    Parameters
    ----------
    selection : Selection
        Which assets.
    fields : tuple of (str, str)
        That which was chosen, as the address has it; without `in` and without how it is shown.
    gap : str
        Id of the gap area looked at; empty for none.
    by : ColouredBy
        What assets are told apart by on the map.
    sort : str
        Column that the table is in the order of, with a minus where the greatest comes first; empty for those not in
        use first, then the largest.
    page : int
        Of the table, from 1.
    view : tuple of float, optional
        Zoom, latitude and longitude of the map.
    """

    selection: Selection
    fields: tuple[tuple[str, str], ...] = ()
    gap: str = ""
    by: ColouredBy = ColouredBy.OWNER
    sort: str = ""
    page: int = 1
    view: tuple[float, float, float] | None = None

    def address(self, *, shown: bool = True, borough: bool = True) -> dict[str, str]:
        """As fields of an address, the defaults left out."""
        inside = {"in": self.selection.lads[0]} if borough and self.selection.lads else {}
        found = {**inside, **dict(self.fields)}
        if shown and self.by is not ColouredBy.OWNER:
            found["by"] = self.by.value
        if shown and self.sort:
            found["sort"] = self.sort
        if shown and self.page > 1:
            found["page"] = str(self.page)
        if shown and self.view:
            found["view"] = "/".join(spelled(number) for number in self.view)
        return found


def read_wanted(atlas: Atlas, told: Collection[str] = ()) -> Wanted:
    """What the address of the request at work asks for.

    Parameters
    ----------
    atlas : Atlas
        Where it is looked for.
    told : collection of str, optional
        Fields that are left out where they cannot be used, and whose faults stay in the reader for the page to tell.

    Raises
    ------
    ChoiceError
        Naming every field that cannot be used, where any is not in `told`.
    """
    here = visit()
    reader = here.reader
    found = _Reading(reader, atlas)
    owners = found.owners()
    uses, tenures, statuses, placed = (found.members(name, members) for name, members in _LISTS.items())
    available = reader.last("available").lower()
    if available not in {"", "0", "1"}:
        reader.refuse("available", available, "1, or nothing")
    low, high = found.hectares("min_ha"), found.hectares("max_ha")
    if low is not None and high is not None and low > high:
        reader.refuse("max_ha", spelled(high), f"no less than the smallest size, {spelled(low)} hectares")
        high = None
    text = reader.last("find")[:LONGEST_TEXT]
    gap, ward, area, box = found.gap(), found.ward(here.choices.borough), found.area(), found.box()
    selection = Selection(
        partners=owners,
        uses=tuple(map(Use, uses)),
        tenures=tuple(map(Tenure, tenures)),
        statuses=tuple(map(AssetStatus, statuses)),
        placed_by=tuple(map(PlacedBy, placed)),
        min_ha=low,
        max_ha=high,
        text=text,
        lads=(here.choices.borough,) if here.choices.borough else (),
        area=_common([one for one in (gap[1], ward[1], area[1], box[1]) if one is not None]),
        only_available=available == "1",
    )
    written = {
        "owner": ",".join(owner.removeprefix("institution:") for owner in owners),
        **{name: ",".join(members) for name, members in zip(_LISTS, (uses, tenures, statuses, placed), strict=True)},
        "available": "1" if available == "1" else "",
        "min_ha": spelled(low) if low is not None else "",
        "max_ha": spelled(high) if high is not None else "",
        "find": text,
        "gap": gap[0],
        "ward": ward[0],
        "area": area[0],
        "box": box[0],
    }
    by = reader.member("by", ColouredBy, ColouredBy.OWNER)
    wanted = Wanted(selection, tuple((name, written[name]) for name in CHOSEN if written[name]), gap[0], by)
    wanted = replace(wanted, sort=found.sort(), page=found.page(), view=found.view())
    if any(refusal.field not in told for refusal in reader.refusals):
        reader.done()
    return wanted


def borough_of_ward(atlas: Atlas, ward: str) -> str:
    """GSS code of the borough that a ward lies in; empty where no ward has this code."""
    areas = atlas.inputs.areaset.areas
    boroughs = areas.loc[areas["ward"] == ward.upper(), "lad"].tolist() if ward and "ward" in areas else []
    return str(boroughs[0]) if boroughs else ""


def _common(areas: list[Area]) -> Area | None:
    """The part that areas have in common; None of none."""
    if not areas:
        return None
    common = areas[0]
    for other in areas[1:]:
        common = polygons(shapely.intersection(common, other))
    return common


def polygons(shape: shapely.Geometry) -> Area:
    """The parts of a shape that have an area; a line that crosses itself bounds what it goes round.

    Examples
    --------
    >>> polygons(shapely.Polygon([(0, 0), (2, 2), (2, 0), (0, 2)])).area
    2.0
    """
    parts = [part for part in shapely.get_parts(shapely.make_valid(shape)) if part.geom_type.endswith("Polygon")]
    return parts[0] if len(parts) == 1 else shapely.MultiPolygon([p for one in parts for p in shapely.get_parts(one)])


@dataclass(frozen=True, slots=True)
class _Reading:
    reader: Reader
    atlas: Atlas

    def _given(self, field: str) -> list[str]:
        given = [part.strip() for text in self.reader.query.getlist(field) for part in text.split(",")]
        return [*dict.fromkeys(part for part in given if part)]

    def owners(self) -> tuple[str, ...]:
        names = self.atlas.inputs.estate.partner_names
        ids = {key.removeprefix("institution:"): key for key in names} | {
            slug(name): key for key, name in names.items()
        }
        found = []
        for value in self._given("owner"):
            key = value.removeprefix("institution:").lower()
            owner = ids.get(key) or ids.get(slug(value))
            if owner is None:
                near = difflib.get_close_matches(key, ids, n=3)
                meant = f"; did you mean {' or '.join(near)}?" if near else ""
                self.reader.refuse("owner", value, f"the id or name of a partner whose register is here{meant}")
            else:
                found.append(owner)
        return tuple(sorted(set(found)))

    def members(self, field: str, members: Iterable[Member]) -> tuple[str, ...]:
        listed = tuple(members)
        given = {value.lower() for value in self._given(field)}
        for value in sorted(given - set(map(str, listed))):
            self.reader.refuse(field, value, "any of " + ", ".join(f"{one} ({said(one)})" for one in listed))
        return tuple(one.value for one in listed if one in given)

    def hectares(self, field: str) -> float | None:
        value = self.reader.last(field)
        if not value:
            return None
        number = _number(value)
        if not 0 <= number <= _HECTARES:
            self.reader.refuse(field, value, "a number of hectares from 0")
            return None
        return number

    def sort(self) -> str:
        value = self.reader.last("sort").lower()
        if value and value.removeprefix("-") not in SORTS:
            self.reader.refuse("sort", value[:20], f"one of {', '.join(SORTS)}, with - before it for descending")
            return ""
        return value

    def page(self) -> int:
        return self.reader.number("page") or 1

    def gap(self) -> tuple[str, Area | None]:
        wanted = self.reader.last("gap")
        try:
            area = self.atlas.gap_area(wanted) if wanted else None
        except NotFoundError as error:
            meant = f"; did you mean {' or '.join(error.suggestions)}?" if error.suggestions else ""
            self.reader.refuse("gap", wanted, f"the id of a gap area under these choices{meant}")
            area = None
        if area is None:
            return "", None
        shapes = self.atlas.inputs.areaset.areas.geometry.loc[list(area.lsoas)]
        return area.id, polygons(shapely.union_all(np.asarray(shapes)))

    def ward(self, borough: str) -> tuple[str, Area | None]:
        wanted = self.reader.last("ward").upper()
        if not wanted:
            return "", None
        areas = self.atlas.inputs.areaset.areas
        among = areas[areas["ward"] == wanted] if "ward" in areas else areas.iloc[:0]
        if among.empty:
            way_out = "" if "ward" in areas else "; wards come with official areas: `atlas data pull`"
            self.reader.refuse("ward", wanted[:LONGEST_TEXT], f"the GSS code of a ward in London{way_out}")
            return "", None
        if borough and borough not in set(among["lad"]):
            name = self.atlas.inputs.areaset.borough_names()[borough]
            self.reader.refuse("ward", wanted, f"a ward of {name}, which is chosen beside it")
            return "", None
        return wanted, polygons(shapely.union_all(np.asarray(among.geometry)))

    def area(self) -> tuple[str, Area | None]:
        value = self.reader.last("area")
        if not value:
            return "", None
        numbers = [_number(part) for part in value.split(",")[: 2 * MOST_CORNERS + 1]]
        corners = [*zip(numbers[::2], numbers[1::2], strict=False)]
        is_right = len(numbers) % 2 == 0 and 3 <= len(corners) <= MOST_CORNERS
        if not is_right or not all(_within(corner, BRITAIN) for corner in corners):
            allowed = f"longitude,latitude of 3 to {MOST_CORNERS} corners in Britain, separated by commas"
            self.reader.refuse("area", value[:LONGEST_TEXT], allowed)
            return "", None
        shape = polygons(shapely.Polygon(np.column_stack(points_to_bng(*zip(*corners, strict=True)))))
        return ",".join(f"{number:.5f}" for corner in corners for number in corner), shape

    def box(self) -> tuple[str, Area | None]:
        value = self.reader.last("box")
        if not value:
            return "", None
        numbers = [_number(part) for part in re.split(r"[,;\s]+", value.strip())]
        west, south, east, north = numbers if len(numbers) == 4 else [math.nan] * 4
        for limits in (BRITAIN, GRID):
            if _within((west, south), limits) and _within((east, north), limits) and west < east and south < north:
                return ",".join(map(spelled, numbers)), _box(west, south, east, north, in_degrees=limits is BRITAIN)
        allowed = "four numbers in Britain, degrees or metres of the National Grid: west, south, east, north"
        if west >= east or south >= north:
            allowed = (
                f"west, south, east, north in this order: {'west' if west >= east else 'south'} is the smaller number"
            )
        self.reader.refuse("box", value[:LONGEST_TEXT], allowed)
        return "", None

    def view(self) -> tuple[float, float, float] | None:
        value = self.reader.last("view")
        found = _VIEW.fullmatch(value)
        if value and not found:
            self.reader.refuse("view", value, "zoom/latitude/longitude, such as 12.5/51.46/-0.02")
        if not found:
            return None
        zoom, latitude, longitude = map(float, found.groups())
        return zoom, latitude, longitude


def _box(west: float, south: float, east: float, north: float, *, in_degrees: bool) -> Area:
    if not in_degrees:
        return shapely.box(west, south, east, north)
    return shapely.Polygon(np.column_stack(points_to_bng([west, east, east, west], [south, south, north, north])))


def _number(text: str) -> float:
    try:
        return float(text)
    except ValueError:
        return math.nan


def _within(corner: tuple[float, float], limits: tuple[float, float, float, float]) -> bool:
    west, south, east, north = limits
    return west <= corner[0] <= east and south <= corner[1] <= north
