"""A graph from outside as partnership tables: read, mapped, merged with tables that are there, and checked whole."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from atlas.errors import Fault, Faults, QueryError
from atlas.geo.locate import check_sites
from atlas.graph.consistency import check
from atlas.records import TABLES, Partnerships, Site, slug
from atlas.sources.graph_draft import Cell, Draft, Drafted, told
from atlas.sources.graph_files import GraphFile, Where, read_graph
from atlas.sources.graph_mapped import Known, draft_of
from atlas.sources.graph_mapping import GraphMapping, check_attributes, read_mapping
from atlas.sources.graph_merge import merged
from atlas.sources.graph_native import draft_of_ours
from atlas.sources.partnerships import OPTIONAL, PartnershipFiles, read_partnerships
from atlas.sources.postcodes import read_postcodes

NEAR: Final = 90.0
"""Names as alike as this, of 100, are said to be near."""

_SPREADSHEETS_RUN: Final = ("=", "+", "-", "@", "\t", "\r")


@dataclass(frozen=True, slots=True)
class Imported:
    """What came of an import.

    Parameters
    ----------
    partnerships : Partnerships
        All rows, those that were there before first; not to be used where there are errors.
    faults : tuple of Fault
        Everything wrong or doubtful, each with its place in the file that it comes from.
    form : str
        What the file was.
    added, known : dict of str to int
        By table: rows that are new, and rows that were there before and agree.
    left_out : dict of str to int
        Nodes and ties that the mapping leaves out.
    unused : dict of str to tuple of str
        Attributes of nodes and of ties that no column takes.
    """

    partnerships: Partnerships
    faults: tuple[Fault, ...]
    form: str
    added: Mapping[str, int] = field(default_factory=dict)
    known: Mapping[str, int] = field(default_factory=dict)
    left_out: Mapping[str, int] = field(default_factory=dict)
    unused: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


def import_graph(
    paths: Sequence[Path],
    mapping: Path | None = None,
    into: Path | None = None,
    *,
    places: Mapping[str, str] | None = None,
    codes: frozenset[str] = frozenset(),
) -> Imported:
    """Read a graph and make partnership tables of it.

    Parameters
    ----------
    paths : sequence of Path
        One graph file, two or three CSV tables, or one folder of partnership tables.
    mapping : Path, optional
        TOML or JSON; not needed for what Atlas wrote.
    into : Path, optional
        Folder of partnership tables to which rows are added. Rows of one id, and ties of the same ends, relation and
        start, must agree in what the file itself says.
    places : mapping of str to str, optional
        GSS code to name of boroughs and districts: places of these names are these, and sites may lie in them.
    codes : frozenset of str, optional
        Further GSS codes that footprints may name.

    Returns
    -------
    Imported
        Its faults are returned, not raised.

    Raises
    ------
    DataError
        If a file cannot be read at all, or the tables of `into` have faults of their own.
    QueryError
        If a mapping is needed and there is none, or there is one and the file is our own.
    UnavailableError
        If a file is not there.
    """
    places = places or {}
    before = _before(into, {*places, *codes})
    faults = Faults()
    if len(paths) == 1 and paths[0].is_dir():
        draft, form = _draft_of_tables(paths[0], {*places, *codes}), "partnership tables"
    else:
        graph = read_graph(paths, faults)
        form = graph.form
        draft = _draft(graph, mapping, Known.of(before.partnerships, places), places, faults)
    faults.extend(draft.faults)
    result = merged(draft, before.rows, faults)
    new = {table: [row.record for row in rows] for table, rows in draft.rows.items()}
    written = {table: ids | {row.id for _, row in result.rows.get(table, ())} for table, ids in draft.ids.items()}
    own = {name.partition(":")[2] for name in (row.id for _, row in result.rows["places"])}
    found = check(result.rows, {*places, *codes, *own}, written)
    sites = [(row, site) for row, site in result.rows["sites"] if isinstance(site, Site)]
    found.extend(check_sites(sites, read_postcodes(site.postcode for _, site in sites), dict(places)))
    faults.extend(_as_told(fault, result.origins) for fault in found)
    if not faults.errors:
        _doubt(draft, result.rows, faults)
        _check_whole(result.rows, faults)
    tables: dict[str, Any] = {table: tuple(row for _, row in rows) for table, rows in result.rows.items()}
    counts = {table: len(rows) for table, rows in result.origins.items() if rows}
    agreed = {table: len(rows) - counts.get(table, 0) for table, rows in new.items()}
    return Imported(
        Partnerships.model_construct(**tables),
        tuple(faults),
        form,
        counts,
        {table: count for table, count in agreed.items() if count},
        draft.left_out,
        draft.unused,
    )


def _before(into: Path | None, codes: set[str]) -> PartnershipFiles:
    if into is None:
        return PartnershipFiles(Partnerships(), (), {table: [] for table in TABLES}, "")
    files = read_partnerships(into, codes)
    Faults(list(files.faults)).raise_errors(f"the tables of {into} have faults of their own; mend them first")
    return files


def _draft(graph: GraphFile, mapping: Path | None, known: Known, places: Mapping[str, str], faults: Faults) -> Draft:
    if mapping is None and graph.is_ours:
        return draft_of_ours(graph, places)
    if mapping is None:
        raise QueryError(
            f"{graph.name} was not written by Atlas: say with --mapping FILE what its attributes mean; "
            "--suggest writes a first mapping"
        )
    read: GraphMapping = read_mapping(mapping)
    faults.extend(check_attributes(read, graph, mapping.name))
    return draft_of(graph, read, known)


def _draft_of_tables(folder: Path, codes: set[str]) -> Draft:
    files = read_partnerships(folder, codes)
    Faults(list(files.faults)).raise_errors(f"the tables of {folder} have faults; mend them first")
    draft = Draft()
    for table, rows in files.rows.items():
        cells = {name: Cell("", name) for name in TABLES[table].columns()}
        draft.rows[table] = [Drafted(record, Where(f"{table}.csv", row), cells) for row, record in rows]
    return draft


def _as_told(fault: Fault, origins: Mapping[str, Mapping[int, Any]]) -> Fault:
    """A fault between tables, told of the file that the row comes from."""
    row = origins.get(fault.file.removesuffix(".csv"), {}).get(fault.row or 0)
    return fault if row is None else told(fault, row.where, row.cells)


def _doubt(draft: Draft, rows: Mapping[str, Sequence[tuple[int, Any]]], faults: Faults) -> None:
    """Warn of names that are near those of others, and of texts that a spreadsheet would run."""
    from rapidfuzz import fuzz, process  # noqa: PLC0415  # the import takes longer than most checks

    for table in ("institutions", "networks", "programmes"):
        new = {row.record.id for row in draft.rows[table]}
        there = {record.id: slug(record.name).replace("-", " ") for _, record in rows[table] if record.id not in new}
        for row in draft.rows[table] if there else []:
            words = slug(row.record.name).replace("-", " ")
            for _, _, other in process.extract(words, there, scorer=fuzz.token_sort_ratio, score_cutoff=NEAR, limit=1):
                expected = (
                    f"another body; if it is the same: {row.record.name!r} = {other!r} under [ids] of the mapping"
                )
                problem, value = "a name near one that is there", row.record.name
                faults.add(row.where.file, problem, expected, row=row.where.row, value=value, severity="warning")
    for _, row in draft:
        for column, cell in row.cells.items():
            if cell.attribute and cell.text.startswith(_SPREADSHEETS_RUN):
                problem, expected = "a text that a spreadsheet would run", "columns imported as text"
                fault = Fault("", problem, expected, None, column, cell.text[:80], "warning")
                faults.extend([told(fault, row.where, row.cells)])


def _check_whole(rows: Mapping[str, Sequence[tuple[int, Any]]], faults: Faults) -> None:
    for table in TABLES:
        if not rows[table] and table not in OPTIONAL:
            expected = "at least one; or tables that have some, with --into DIR"
            faults.add(f"{table}.csv", "the table would have no rows", expected)
