"""What the tables may rightly say, and somebody should look at: warnings, never errors."""

from __future__ import annotations

import re
from collections import defaultdict
from typing import Any, Final

from atlas.errors import Faults
from atlas.graph.consistency.identifiers import shared
from atlas.graph.consistency.kin import Pairs, kin_of
from atlas.graph.consistency.lives import doubt_lives, doubt_repeats, doubt_status, doubt_successions
from atlas.graph.consistency.names import doubt_names
from atlas.graph.consistency.rows import Rows, in_tables
from atlas.graph.tie_columns import TieColumns
from atlas.records import TABLES

ACTORS: Final = ("institutions", "networks", "programmes")
ALIKE_METRICS: Final = 85


def doubts(rows: Rows, *, is_whole: bool = True) -> Faults:
    """Find what is to be looked at, in tables that `check` has passed or not.

    Parameters
    ----------
    rows : mapping of str to sequence of (int, Record)
        Tables by name, each row with its place in the spreadsheet.
    is_whole : bool
        False where some rows have errors and are not among these: then nothing is said that rests on a row's not
        being there (names, home pages and metrics alike, nodes without a tie, sources nobody cites).

    Returns
    -------
    Faults
        Warnings: names much like another's, addresses of two institutions, nodes without a tie, sources nobody cites,
        dates and status that cannot both be, ties outside the lives of what they join, successions whose dates
        disagree, the same tie twice at one time, metrics that are nearly in the words of a commitment.

    Examples
    --------
    >>> len(doubts({}))
    0
    """
    faults = Faults()
    ties = TieColumns.of(rows.get("ties", ()))
    doubt_status(rows, ties, faults)
    doubt_lives(rows, ties, faults)
    doubt_successions(rows, ties, faults)
    doubt_repeats(ties, faults)
    if is_whole:
        kin = kin_of(ties)
        for table in ACTORS:
            doubt_names(f"{table}.csv", rows.get(table, ()), kin, faults)
        _doubt_websites(rows, kin, faults)
        _doubt_lonely(rows, ties, faults)
        _doubt_sources(rows, ties, faults)
        _doubt_metrics(rows, faults)
    return faults


def address(url: str) -> str:
    """What of an address tells two home pages apart.

    Examples
    --------
    >>> address("https://www.gold.ac.uk/"), address("http://gold.ac.uk")
    ('gold.ac.uk', 'gold.ac.uk')
    """
    return re.sub(r"^(https?://)?(www\.)?", "", url.strip().lower()).rstrip("/")


def _doubt_websites(rows: Rows, kin: Pairs, faults: Faults) -> None:
    carriers: dict[str, list[tuple[int, str]]] = defaultdict(list)
    written: dict[int, str] = {}
    for row, record in rows.get("institutions", ()):
        if record.website:
            carriers[address(record.website)].append((row, record.id))
            written[row] = record.website
    for bodies in carriers.values():
        for row, (first, body) in shared(bodies, kin):
            expected = f"one home page each, or a tie of succeeds or part_of (also {body}, row {first})"
            faults.add(
                "institutions.csv",
                "shared home page",
                expected,
                row=row,
                column="website",
                value=written[row],
                severity="warning",
            )


def _doubt_lonely(rows: Rows, ties: TieColumns, faults: Faults) -> None:
    tied = {*ties.columns["subject"].values, *ties.columns["object"].values}
    tied |= {site.institution for _, site in rows.get("sites", ())}
    for file, row, record in in_tables(rows, ACTORS):
        if record.id not in tied:
            expected = "a tie, or a site"
            faults.add(file, "tied to nothing", expected, row=row, column="id", value=record.id, severity="warning")


def _doubt_sources(rows: Rows, ties: TieColumns, faults: Faults) -> None:
    cited, told = set(ties.columns["source"].values), set(ties.columns["evidence"].values)
    for _, _, record in in_tables(rows, [table for table in TABLES if table not in ("sources", "places", "ties")]):
        cited.add(record.source)
        told.add(record.evidence)
    silent = [(row, source) for row, source in rows.get("sources", ()) if source.id not in cited]
    # evidence may name a second source in its words
    mentioned = {word for text in told for word in re.findall(r"[\w.-]*\w", text)} if silent else set()
    for row, source in silent:
        if source.id not in mentioned:
            expected = "a row that rests on it"
            faults.add(
                "sources.csv", "nobody cites it", expected, row=row, column="id", value=source.id, severity="warning"
            )


def _doubt_metrics(rows: Rows, faults: Faults) -> None:
    """Warn of a measurement in nearly the words of a commitment of the same node and unit: it answers it in vain."""
    committed: dict[tuple[str, str], set[str]] = defaultdict(set)
    for _, record in rows.get("commitments", ()):
        committed[record.node, record.unit].add(record.metric)
    for row, record in rows.get("measurements", ()):
        metrics = committed.get((record.node, record.unit), set())
        near = [] if record.metric in metrics else _near(record, metrics)
        if near:
            faults.add(
                "measurements.csv",
                "nearly the words of a commitment",
                f"the same words, {near[0]!r}, or quite others",
                row=row,
                column="metric",
                value=record.metric,
                severity="warning",
            )


def _near(record: Any, metrics: set[str]) -> list[str]:
    from rapidfuzz.fuzz import ratio  # noqa: PLC0415  # only a check needs it

    likeness = {metric: ratio(metric.lower(), record.metric.lower()) for metric in metrics}
    return sorted(
        (metric for metric, percent in likeness.items() if percent >= ALIKE_METRICS),
        key=lambda metric: (-likeness[metric], metric),
    )
