"""Whether the tables of the partnership data agree with each other."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import Any, TypeAlias

from atlas.errors import Faults
from atlas.records import NODE_TABLES, Record
from atlas.vocabulary import RELATIONS, FootprintKind, Kind

Rows: TypeAlias = Mapping[str, Sequence[tuple[int, Any]]]
"""Tables by name: pairs of spreadsheet row and record."""


@dataclass(frozen=True, slots=True)
class _Ids:
    """Every id with its kind, and the kinds of which some ids may be unknown."""

    kinds: dict[str, Kind]
    unread: frozenset[Kind]


def _all(rows: Rows, tables: Collection[str]) -> Iterator[tuple[str, int, Any]]:
    return chain.from_iterable(
        ((f"{table}.csv", row, record) for row, record in rows.get(table, ())) for table in tables
    )


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
        them, repeated ties, and unknown GSS codes.
    """
    faults = Faults()
    written = written or {}
    ids = _Ids(_check_ids(rows, faults), frozenset(NODE_TABLES[table] for table in unread if table in NODE_TABLES))
    for table, kind in NODE_TABLES.items():
        ids.kinds.update((name, kind) for name in written.get(table, ()) if name not in ids.kinds)
    _check_sources(rows, written.get("sources", ()), faults, is_read="sources" not in unread)
    _check_sites(rows, ids, known_codes, faults)
    _check_ties(rows, ids, faults)
    _check_footprints(rows, known_codes, faults)
    _check_hanging(rows, ids, faults)
    _check_surveys(rows, known_codes, faults)
    return faults


def _check_ids(rows: Rows, faults: Faults) -> dict[str, Kind]:
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


def _check_sources(rows: Rows, written: Collection[str], faults: Faults, *, is_read: bool) -> None:
    known: set[str] = set()
    for row, source in rows.get("sources", ()):
        if source.id in known:
            faults.add("sources.csv", "duplicate id", "each id once", row=row, column="id", value=source.id)
        known.add(source.id)
    known.update(written)
    if not is_read:
        return
    for file, row, record in _all(rows, set(rows) - {"sources", "places"}):
        if record.source not in known:
            faults.add(file, "no such source", "an id of sources.csv", row=row, column="source", value=record.source)


def _resolve(faults: Faults, ids: _Ids, allowed: Collection[Kind], place: tuple[str, int, str], wanted: str) -> None:
    file, row, column = place
    kinds = " or ".join(sorted(allowed))
    found = ids.kinds.get(wanted)
    if found is None and wanted.partition(":")[0] in ids.unread:
        return
    if found is None:
        faults.add(file, "no such node", f"the id of a row: {kinds}", row=row, column=column, value=wanted)
    elif found not in allowed:
        faults.add(file, "node of the wrong kind", kinds, row=row, column=column, value=wanted)


def _check_sites(rows: Rows, ids: _Ids, codes: Collection[str], faults: Faults) -> None:
    for file, row, site in _all(rows, ("sites",)):
        _resolve(faults, ids, {Kind.INSTITUTION}, (file, row, "institution"), site.institution)
        if site.borough not in codes:
            expected = "the GSS code of a London borough or a district around it"
            faults.add(file, "unknown borough", expected, row=row, column="borough", value=site.borough)


def _check_ties(rows: Rows, ids: _Ids, faults: Faults) -> None:
    seen: dict[tuple[str, str, str, str | None], int] = {}
    for file, row, tie in _all(rows, ("ties",)):
        rule = RELATIONS[tie.relation]
        _resolve(faults, ids, rule.sources, (file, row, "subject"), tie.subject)
        _resolve(faults, ids, rule.targets, (file, row, "object"), tie.object)
        if tie.subject == tie.object:
            faults.add(file, "tie to itself", "two different nodes", row=row, column="object", value=tie.object)
        ends = sorted((tie.subject, tie.object)) if rule.symmetric else (tie.subject, tie.object)
        key = (ends[0], tie.relation.value, ends[1], tie.start)
        if key in seen:
            expected = f"each tie once (first in row {seen[key]})"
            faults.add(file, "repeated tie", expected, row=row, column="subject", value=tie.subject)
        seen.setdefault(key, row)


def _check_footprints(rows: Rows, codes: Collection[str], faults: Faults) -> None:
    for file, row, record in _all(rows, ("networks", "programmes")):
        if record.footprint_kind is FootprintKind.PLACES:
            for code in record.footprint:
                if code not in codes:
                    faults.add(
                        file, "unknown place", "a GSS code of places.csv", row=row, column="footprint", value=code
                    )


def _check_hanging(rows: Rows, ids: _Ids, faults: Faults) -> None:
    actors = {Kind.INSTITUTION, Kind.NETWORK, Kind.PROGRAMME}
    for file, row, record in _all(rows, ("commitments", "measurements", "profiles")):
        _resolve(faults, ids, actors, (file, row, "node"), record.node)


def _check_surveys(rows: Rows, codes: Collection[str], faults: Faults) -> None:
    seen: set[tuple[str, Record]] = set()
    for file, row, survey in _all(rows, ("surveys",)):
        if survey.borough not in codes:
            faults.add(
                file, "unknown borough", "the GSS code of a borough", row=row, column="borough", value=survey.borough
            )
        if (survey.borough, survey.sector) in seen:
            expected = "each borough and sector once"
            faults.add(file, "repeated survey", expected, row=row, column="sector", value=survey.sector.value)
        seen.add((survey.borough, survey.sector))
