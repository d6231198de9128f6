"""A register's cells, read field by field."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from atlas.assets import FIELDS
from atlas.geo.estate.cleaning.cells import Flags, Texts, joined, mapped, matching
from atlas.geo.estate.cleaning.days import is_far_after, read_date
from atlas.geo.estate.cleaning.either_area import floors_by, land_without_floors, told_apart
from atlas.geo.estate.cleaning.headers import fold
from atlas.geo.estate.cleaning.layout import Layout
from atlas.geo.estate.cleaning.lexicon import DISUSED, STATUS_ORDER, YES
from atlas.geo.estate.cleaning.sections import take_from_headings
from atlas.geo.estate.cleaning.synonyms import KINDS
from atlas.geo.estate.cleaning.unit_columns import with_units
from atlas.geo.estate.cleaning.values import (
    PLAIN_AREAS,
    PLAIN_POSTCODE,
    PLAIN_UPRN,
    Reading,
    postcodes_in,
    read_area,
    read_column,
    read_postcode,
    read_texts,
    read_uprn,
)
from atlas.geo.estate.cleaning.withheld import guard, kept_of, unheld_of, without_persons
from atlas.geo.estate.cleaning.words import (
    flag_status_of,
    holding_of,
    is_disused,
    status_of,
    status_of_class,
    tenure_of,
    use_of,
    use_of_class,
    use_of_name,
)
from atlas.geo.estate.noted import Notes
from atlas.vocabulary.estate import AssetStatus, Holding, Tenure, Use, Visibility

_PLAIN: Final = (
    "organisation",
    "reference",
    "name",
    "number",
    "street",
    "town",
    "borough",
    "ward",
    "title_number",
    "occupier",
)
_GIVEN: Final = ("notes", "crs", "x", "y", "grid_reference", "use_detail", "tenure_detail")
_A_POSTCODE: Final = r"(?i)\b[A-Z]{1,2}[0-9][0-9A-Z]?\s?[0-9][A-Z]{2}\b"
_SOLD: Final = r"(?i)\b(?:sold|disposed(?: of)?|sale completed|disposal complete[d]?)\b"
_NOT_SOLD: Final = r"(?i)\b(?:not|never|un|to be|being|leased back|part(?:ly)?)\b"
_SOLD_LISTS: Final = {"property sold", "asset sold", "property disposed", "asset disposed"}
_SALE: Final = {"sold", "sale", "disposed", "disposal"}
_COMPLETION: Final = {"completion"}
_BUYERS: Final = {"purchaser", "purchasers", "buyer", "buyers"}
_ADDED: Final = {"added", "entered"}
_CLASS: Final = "use class"
_RIGHT: Final = re.compile(r"^\W*(?:(?:ground|sub|long)[ -]?)?(?:leasehold|licence)\b(?! (?:out|in)\b)", re.IGNORECASE)
_HELD: Final = re.compile(
    r"\b(?:(?:ground|sub|long|short)[ -]?)?(?:lease(?:d|hold)?|licen[cs]ed?)(?: in)?\b", re.IGNORECASE
)
_FEW_WORDS: Final = 2
_MAY_BE_DISUSED: Final = rf"\b(?:{'|'.join(DISUSED[AssetStatus.VACANT])})\b"


@dataclass(frozen=True, eq=False)
class Read:
    """Rows of a register, field by field.

    Parameters
    ----------
    texts : mapping of str to numpy.ndarray of object, shape (n,)
        Every field of `atlas.assets.FIELDS` but the areas and the flag, as text; choices as their values.
    land_ha, floor_m2 : numpy.ndarray of float, shape (n,)
        Areas; NaN where none is known.
    is_sensitive : numpy.ndarray of bool, shape (n,)
        Whether only its owner may know of the asset.
    extra : mapping of str to numpy.ndarray of object, shape (n,)
        By header: cells that no field keeps.
    """

    texts: dict[str, Texts]
    land_ha: NDArray[np.float64]
    floor_m2: NDArray[np.float64]
    is_sensitive: Flags
    extra: dict[str, Texts]


def read_fields(
    cells: Mapping[str, Texts], layout: Layout, above: Texts, as_of: str, default: Visibility, notes: Notes
) -> Read:
    """Read rows field by field.

    Parameters
    ----------
    cells : mapping of str to numpy.ndarray of object, shape (n,)
        Tidied cells by header.
    layout : Layout
        Which field each header has.
    above : numpy.ndarray of object, shape (n,)
        Headings of the sections that the rows stand in, as `Sections.under` gives them.
    as_of : str
        Day that the register speaks of; empty where unknown.
    default : Visibility
        Of rows that do not say otherwise.
    notes : Notes
        Takes what was mended and what is in doubt.
    """
    rows = len(next(iter(cells.values()), ()))
    as_given = cells
    measured = {header for field in PLAIN_AREAS for header in layout.of.get(field, ())}
    cells = {**cells, **with_units(cells, measured, layout.of.get("area_unit", ()))}
    read = partial(_read, cells, layout, rows, notes)
    texts: dict[str, Texts] = {field.name: np.full(rows, "", dtype=object) for field in FIELDS}
    for field in (*_PLAIN, *_GIVEN):
        columns = {header: read_texts(cells[header]) for header in layout.of.get(field, ()) if header in cells}
        texts[field] = layout.texts(columns, field, rows)
    texts["uprn"] = read("uprn", read_uprn, PLAIN_UPRN)
    texts["postcode"] = read("postcode", read_postcode, PLAIN_POSTCODE)
    _postcodes_from_addresses(texts, notes)
    texts["as_of"] = _days(read("as_of", read_date), as_of, layout, cells, notes)
    spoken = _spoken(texts["as_of"], as_of)
    without_persons(texts, notes)
    unread = {header: cells[header] for header in layout.left if header in cells}
    extra = kept_of(unread)
    texts["visibility"] = layout.texts(cells, "visibility", rows)
    use_words, notes_words = layout.texts(cells, "use", rows), texts["notes"]
    is_class = any(_CLASS in fold(header) for header in layout.of.get("use", ()))
    _uses(texts, use_words, _kind_of(layout), use_of_class if is_class else use_of)
    _choices(texts, cells, layout, extra)
    take_from_headings(texts, above, notes)
    statuses = (layout.texts(cells, "status", rows), above)
    _note_sold(texts, statuses, _sales(layout, cells, texts, spoken), notes)
    is_sensitive = guard(
        texts, (use_words, notes_words, above, *unread.values()), layout.texts(cells, "sensitive", rows), default, notes
    )
    areas = _areas(cells, layout, texts, notes)
    extra |= unheld_of(as_given, layout.of, texts | areas, notes)
    return Read(texts, areas["land_ha"], areas["floor_m2"], is_sensitive, extra)


def _areas(
    cells: Mapping[str, Texts], layout: Layout, texts: Mapping[str, Texts], notes: Notes
) -> dict[str, NDArray[np.float64]]:
    """Land and floors, each from its own column, or both from one that does not say which."""
    columns = {field: layout.first(cells, field, len(texts["use"])) for field in PLAIN_AREAS}
    if not layout.either:
        return _measured(columns, layout, notes)
    has_floors, has_none = floors_by(texts["use"], texts["holding"])
    areas = _measured(told_apart(columns[layout.either], layout.either, has_floors), layout, notes)
    land_without_floors(has_none, areas, notes)
    return areas


def _measured(columns: Mapping[str, Texts], layout: Layout, notes: Notes) -> dict[str, NDArray[np.float64]]:
    areas = {}
    for field, column in columns.items():
        unit = layout.units.get(field, "")
        read = partial(read_area, field=field, unit=unit)
        areas[field] = _numbers(read_column(column, read, field, notes, PLAIN_AREAS[field].get(unit, "")))
    return areas


def _read(
    cells: Mapping[str, Texts],
    layout: Layout,
    rows: int,
    notes: Notes,
    field: str,
    read: Callable[[str], Reading],
    plain: str = "",
) -> Texts:
    """A field that one column holds, cell by cell."""
    return read_column(layout.first(cells, field, rows), read, field, notes, plain)


def _numbers(texts: Texts) -> NDArray[np.float64]:
    return np.where(texts == "", "nan", texts).astype(float)


def _postcodes_from_addresses(texts: dict[str, Texts], notes: Notes) -> None:
    """Take the postcode out of the address or the name where it has none of its own, and there is just one."""
    postcodes = texts["postcode"].copy()
    for field in ("street", "name"):
        may_have = (postcodes == "") & matching(texts[field], _A_POSTCODE)
        found = {at: postcodes_in(texts[field][at]) for at in np.flatnonzero(may_have).tolist()}
        at = np.array([at for at, within in found.items() if len(within) == 1], dtype=np.int64)
        postcodes[at] = [found[one][0] for one in at.tolist()]
        notes.repair(
            at,
            "postcode",
            "postcode_from_address",
            texts[field][at].tolist(),
            postcodes[at].tolist(),
            f"stood in the {field}",
        )
    texts["postcode"] = postcodes


def _days(days: Texts, as_of: str, layout: Layout, cells: Mapping[str, Texts], notes: Notes) -> Texts:
    """Days that rows have of their own, unless far after the register's; that is the register's to say, not theirs."""
    late = mapped(days, lambda day: "late" if is_far_after(day, as_of) else "", "", "") == "late"
    notes.doubt(
        np.flatnonzero(late), "as_of", "date_in_future", days[late].tolist(), f"long after {as_of}, the register's date"
    )
    days = np.where(late, "", days).astype(object)
    spoken = _spoken(days, as_of)
    for header, added in _dated(layout, cells, _ADDED):
        pairs = zip(added.tolist(), spoken.tolist(), strict=True)
        at = np.flatnonzero(np.array([is_far_after(day, than) for day, than in pairs], dtype=bool))
        why = [f"{header} is long after {day}, the day that the row speaks of" for day in spoken[at]]
        notes.doubt(at, "as_of", "date_in_future", cells[header][at].tolist(), why)
    return days


def _spoken(days: Texts, as_of: str) -> Texts:
    """Days that rows speak of: the register's where they have none of their own."""
    return np.where(days == "", as_of, days).astype(object)


def _dated(layout: Layout, cells: Mapping[str, Texts], words: set[str]) -> Iterator[tuple[str, Texts]]:
    """Columns that no field takes, headed as the date of one of these words, each with its days."""
    for header in layout.left:
        named = set(fold(header).split())
        if header in cells and named & {"date", "completed"} and named & words:
            yield header, mapped(cells[header], lambda text: read_date(text).value, "", "")


def _choices(texts: dict[str, Texts], cells: Mapping[str, Texts], layout: Layout, extra: dict[str, Texts]) -> None:
    """Tenure, holding and status, with the words that no field keeps in `extra`."""
    rows = len(texts["name"])
    tenures = layout.texts(cells, "tenure", rows)
    said = read_texts(tenures)
    texts["tenure"] = mapped(said, tenure_of, Tenure.UNKNOWN, Tenure.OTHER)
    detail = texts["tenure_detail"]
    if "tenure" not in layout.of:
        texts["tenure"] = mapped(detail, _tenure_of_detail, Tenure.UNKNOWN, Tenure.UNKNOWN)
        ticked = _ticked(layout, cells, texts["tenure"])
        texts["tenure"] = np.where(detail == "", ticked, texts["tenure"]).astype(object)
    is_plain = mapped(said, str.lower, "", "") == texts["tenure"]
    is_known = mapped(said, lambda text: "yes" if tenure_of(text) else "", "yes", "no") == "yes"
    both = joined([said, detail], "; ")
    spoken = np.where(detail == "", np.where(is_plain, "", said), np.where(is_known, detail, both))
    texts["tenure_detail"] = spoken.astype(object)
    holdings = layout.texts(cells, "holding", rows)
    texts["holding"] = mapped(holdings, holding_of, Holding.UNKNOWN, Holding.UNKNOWN)
    unread = np.where((texts["holding"] == Holding.UNKNOWN.value) & (holdings != ""), holdings, "").astype(object)
    if (unread != "").any():
        extra[layout.header("holding")] = unread
    texts["status"] = _statuses(texts, cells, layout, extra)


def _ticked(layout: Layout, cells: Mapping[str, Texts], tenures: Texts) -> Texts:
    """Tenures by columns headed ``Freehold`` and ``Leasehold`` that say yes or no."""
    for right in (Tenure.FREEHOLD, Tenure.LEASEHOLD):
        header = next((header for header in layout.left if fold(header) == right.value and header in cells), None)
        if header is not None:
            is_held = mapped(cells[header], lambda text: "yes" if text.lower() in YES else "", "", "") == "yes"
            both = is_held & (tenures == Tenure.FREEHOLD.value)
            tenures = np.where(is_held, right.value, tenures).astype(object)
            tenures[both] = Tenure.FREEHOLD_AND_LEASEHOLD.value
    return tenures


def _note_sold(texts: Mapping[str, Texts], statuses: Sequence[Texts], sales: Texts, notes: Notes) -> None:
    """Doubt assets that their register calls sold, and nothing else, or has a day of sale for."""
    is_open = texts["status"] == AssetStatus.UNKNOWN.value
    words = (texts["tenure_detail"], *statuses)
    told = [(said, matching(said, _SOLD) & ~matching(said, _NOT_SOLD)) for said in words]
    for said, is_sold in (*told, (sales, sales != "")):
        at = np.flatnonzero(is_open & is_sold)
        is_open[at] = False
        notes.doubt(at, "status", "sold", said[at].tolist(), "the register says that it was sold: is it still held?")


def _sales(layout: Layout, cells: Mapping[str, Texts], texts: Mapping[str, Texts], spoken: Texts) -> Texts:
    """What tells of a sale besides words: its day, unless that is still to come, or a name under ``Property sold``."""
    told = [(_SALE, np.ones(len(texts["name"]), dtype=bool))]
    buyers = [header for header in layout.left if header in cells and set(fold(header).split()) & _BUYERS]
    told += [(_COMPLETION, cells[buyer] != "") for buyer in buyers[:1]]
    for words, may_be in told:
        for header, days in _dated(layout, cells, words):
            is_past = (spoken == "") | (days <= spoken)
            return np.where((days != "") & is_past & may_be, cells[header], "").astype(object)
    is_list = any(fold(header) in _SOLD_LISTS for header in layout.of.get("name", ()))
    return texts["name"] if is_list else np.full(len(texts["name"]), "", dtype=object)


def _tenure_of_detail(text: str) -> Tenure | None:
    """What the detail alone tells: what is let out or occupied may be held by any right."""
    found = tenure_of(text)
    return None if found is Tenure.FREEHOLD and "freehold" not in text.lower() else found


def _statuses(texts: dict[str, Texts], cells: Mapping[str, Texts], layout: Layout, extra: dict[str, Texts]) -> Texts:
    """The status that weighs most of those that columns, the tenure's detail, the use and the name tell."""
    rank = {status.value: place for place, status in enumerate(STATUS_ORDER)}
    unknown = AssetStatus.UNKNOWN.value
    weightiest = np.full(len(texts["name"]), rank[unknown])
    for header in layout.of.get("status", ()):
        if header in cells:
            codes, distinct = pd.factorize(cells[header])
            found = [rank[flag_status_of(text, header) or unknown] if text else rank[unknown] for text in distinct]
            weightiest = np.minimum(weightiest, np.array(found or [0], dtype=int)[codes])
    statuses = np.array([status.value for status in STATUS_ORDER], dtype=object)[weightiest]
    is_nobodys = mapped(texts["occupier"], _vacancy_by_occupier, "", "") != ""
    if is_nobodys.any():
        extra[layout.header("occupier")] = np.where(is_nobodys, texts["occupier"], "").astype(object)
        texts["occupier"] = np.where(is_nobodys, "", texts["occupier"]).astype(object)
        statuses = np.where((statuses == unknown) & is_nobodys, AssetStatus.VACANT.value, statuses).astype(object)
    is_own = texts["tenure"] == Tenure.FREEHOLD.value
    let, held = (mapped(texts["tenure_detail"], of, unknown, unknown) for of in (_status_of_detail, _status_of_right))
    by_detail = np.where(is_own, let, held)
    statuses = np.where(statuses == unknown, by_detail, statuses).astype(object)
    by_class = mapped(texts["use_detail"], status_of_class, unknown, unknown)
    statuses = np.where(statuses == unknown, by_class, statuses).astype(object)
    # a full cemetery is closed, and kept
    is_closed = (statuses == AssetStatus.VACANT.value) & (texts["use"] == Use.CEMETERY.value)
    statuses[is_closed & matching(layout.texts(cells, "status", len(statuses)), r"(?i)^closed")] = unknown
    for field in ("use_detail", "name"):
        open_rows = np.flatnonzero(statuses == unknown)
        may = open_rows[matching(texts[field][open_rows], _MAY_BE_DISUSED, any_case=True)]
        statuses[may] = mapped(texts[field][may], _vacancy_of, unknown, unknown)
    for header in layout.of.get("status", ()):
        if header in cells:
            # a cell of no more than the status's own word is in its field already
            said = mapped(cells[header], lambda text: text.lower().replace(" ", "_"), "", "")
            extra[header] = np.where(said == statuses, "", cells[header]).astype(object)
    return statuses


def _status_of_detail(text: str) -> AssetStatus | None:
    """Status that the detail of a freehold tells; a right with its terms tells none: ``Leasehold (125 years)``."""
    found = status_of(text)
    is_of_right = found is AssetStatus.IN_USE and len(text.split()) > _FEW_WORDS
    return status_of(_RIGHT.sub(" ", text)) if is_of_right else found


def _status_of_right(text: str) -> AssetStatus | None:
    """Status that the words of any other right tell: that something is leased to its holder tells none."""
    return status_of(_HELD.sub(" ", text)) if tenure_of(text) in {Tenure.LEASEHOLD, Tenure.LICENCE} else status_of(text)


def _vacancy_by_occupier(text: str) -> str | None:
    """Something, where the name of an occupier is no more than ``Vacant`` or the like."""
    return "vacant" if len(text.split()) == 1 and status_of(text) is AssetStatus.VACANT else None


def _vacancy_of(text: str) -> AssetStatus | None:
    """Vacant, where the words of a use or a name say so."""
    return AssetStatus.VACANT if is_disused(text) else None


def _kind_of(layout: Layout) -> Use | None:
    """Use of what a register lists, where the column of names is headed by it: ``Car park``."""
    headers = [fold(header) for header in layout.of.get("name", ())]
    return use_of(headers[0]) if headers and headers[0] in KINDS else None


def _uses(texts: dict[str, Texts], words: Texts, kind: Use | None, meaning: Callable[[str], Use | None]) -> None:
    """The use by the register's words for it, else by the name or an address without one, else by what is listed."""
    detail = texts["use_detail"]
    words = read_texts(words)
    uses = mapped(words, meaning, "", Use.OTHER)
    by_detail = mapped(detail, use_of, "", "")
    uses = np.where(((uses == "") | (uses == Use.OTHER.value)) & (by_detail != ""), by_detail, uses).astype(object)
    named = np.where(texts["name"] != "", texts["name"], texts["street"])
    open_rows = np.flatnonzero((uses == "") | (uses == Use.OTHER.value))
    by_name = mapped(named[open_rows], use_of_name, "", "")
    uses[open_rows] = np.where(by_name != "", by_name, uses[open_rows])
    if kind is not None:
        uses[(uses == "") | (uses == Use.OTHER.value)] = kind.value
    texts["use"] = np.where(uses == "", Use.UNKNOWN.value, uses).astype(object)
    texts["use_detail"] = joined([words, detail], "; ")
