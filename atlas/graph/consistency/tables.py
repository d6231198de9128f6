"""Whether the tables agree with each other; what is wrong here makes them unusable."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Final

from atlas.errors import Faults
from atlas.graph.consistency.circles import check_circles
from atlas.graph.consistency.identifiers import check_identifiers
from atlas.graph.consistency.kin import kin_of
from atlas.graph.consistency.rows import Ids, Rows, in_tables, resolve
from atlas.graph.consistency.ties import check_sources_of_ties, check_ties
from atlas.graph.tie_columns import TieColumns
from atlas.records import NODE_TABLES, TABLES, Record
from atlas.vocabulary import FootprintKind, Kind

_UNSOURCED: Final = ("sources", "places", "ties")
"""Tables whose sources are not checked row by row: two have none, ties are checked as columns."""

_EAST_M, _NORTH_M = 700_000, 1_300_000
"""Where the National Grid ends."""


def check(
    rows: Rows,
    known_codes: Collection[str],
    written: Mapping[str, Collection[str]] | None = None,
    unread: Collection[str] = (),
) -> Faults:
    """Find every disagreement between tables.

    Parameters
    ----------
    rows : mapping of str to sequence of (int, Record)
        Tables by name, each row with its place in the spreadsheet.
    known_codes : collection of str
        GSS codes that sites, surveys and footprints may name.
    written : mapping of str to collection of str, optional
        By table, the ids as they stand in the file: a row with a fault of its own is there all the same, and what
        names it is not at fault.
    unread : collection of str
        Tables that could not be read whole: whether they have an id cannot be told, so nothing is said of it.

    Returns
    -------
    Faults
        Duplicate ids, ids that resolve to nothing or to the wrong kind, relations between kinds that may not have
        them, repeated ties, circles of `part_of` and `succeeds`, registers' numbers of the wrong form or shared by
        unrelated institutions, circles outside Britain, and unknown GSS codes. All of them make the data unusable;
        `doubts` finds what is only to be looked at.

    Examples
    --------
    >>> len(check({}, ()))
    0
    """
    faults = Faults()
    written = written or {}
    ids = Ids(_check_ids(rows, faults), frozenset(NODE_TABLES[table] for table in unread if table in NODE_TABLES))
    for table, kind in NODE_TABLES.items():
        ids.kinds.update((name, kind) for name in written.get(table, ()) if name not in ids.kinds)
    ties = TieColumns.of(rows.get("ties", ()))
    if "sources" not in unread:
        _check_sources(rows, ties, written.get("sources", ()), faults)
    _check_sites(rows, ids, known_codes, faults)
    check_ties(ties, ids, faults)
    check_circles(ties, faults)
    check_identifiers(rows.get("institutions", ()), kin_of(ties), faults)
    _check_footprints(rows, known_codes, faults)
    _check_hanging(rows, ids, faults)
    _check_surveys(rows, known_codes, faults)
    return faults


def _check_ids(rows: Rows, faults: Faults) -> dict[str, Kind]:
    sources: set[str] = set()
    for row, source in rows.get("sources", ()):
        if source.id in sources:
            faults.add("sources.csv", "duplicate id", "each id once", row=row, column="id", value=source.id)
        sources.add(source.id)
    ids: dict[str, Kind] = {}
    first: dict[str, str] = {}
    for table, kind in NODE_TABLES.items():
        for row, record in rows.get(table, ()):
            file = f"{table}.csv"
            if not record.id.startswith(f"{kind}:"):
                faults.add(file, "id of another kind", f"{kind}:slug", row=row, column="id", value=record.id)
            if record.id in first:
                expected = f"each id once (first in {first[record.id]})"
                faults.add(file, "duplicate id", expected, row=row, column="id", value=record.id)
            else:
                first[record.id] = f"{file} row {row}"
                ids[record.id] = kind
    return ids


def _check_sources(rows: Rows, ties: TieColumns, written: Collection[str], faults: Faults) -> None:
    known = {source.id for _, source in rows.get("sources", ())} | set(written)
    for file, row, record in in_tables(rows, [table for table in TABLES if table not in _UNSOURCED]):
        if record.source not in known:
            faults.add(file, "no such source", "an id of sources.csv", row=row, column="source", value=record.source)
    check_sources_of_ties(ties, known, faults)


def _check_sites(rows: Rows, ids: Ids, codes: Collection[str], faults: Faults) -> None:
    for file, row, site in in_tables(rows, ("sites",)):
        resolve(faults, ids, {Kind.INSTITUTION}, (file, row, "institution"), site.institution)
        if site.borough not in codes:
            expected = "the GSS code of a London borough or a district around it"
            faults.add(file, "unknown borough", expected, row=row, column="borough", value=site.borough)


def _check_footprints(rows: Rows, codes: Collection[str], faults: Faults) -> None:
    for file, row, record in in_tables(rows, ("networks", "programmes")):
        if record.footprint_kind is FootprintKind.PLACES:
            for code in record.footprint:
                if code not in codes:
                    faults.add(
                        file, "unknown place", "a GSS code of places.csv", row=row, column="footprint", value=code
                    )
        if record.footprint_kind is FootprintKind.RADIUS:
            x_m, y_m, radius_m = map(int, record.footprint)
            if x_m > _EAST_M or y_m > _NORTH_M or not 0 < radius_m <= _EAST_M:
                expected = f"easting up to {_EAST_M}, northing up to {_NORTH_M} and a radius above 0, all in metres"
                value = "; ".join(record.footprint)
                faults.add(file, "circle outside Britain", expected, row=row, column="footprint", value=value)


def _check_hanging(rows: Rows, ids: Ids, faults: Faults) -> None:
    actors = {Kind.INSTITUTION, Kind.NETWORK, Kind.PROGRAMME}
    for file, row, record in in_tables(rows, ("commitments", "measurements", "profiles")):
        resolve(faults, ids, actors, (file, row, "node"), record.node)


def _check_surveys(rows: Rows, codes: Collection[str], faults: Faults) -> None:
    seen: set[tuple[str, Record]] = set()
    for file, row, survey in in_tables(rows, ("surveys",)):
        if survey.borough not in codes:
            faults.add(
                file, "unknown borough", "the GSS code of a borough", row=row, column="borough", value=survey.borough
            )
        if (survey.borough, survey.sector) in seen:
            expected = "each borough and sector once"
            faults.add(file, "repeated survey", expected, row=row, column="sector", value=survey.sector.value)
        seen.add((survey.borough, survey.sector))
