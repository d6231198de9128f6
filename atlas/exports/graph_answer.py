"""An answer of the partnership graph: a sentence, rows, and a document, for pages, programs, files and the terminal."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Final

import networkx as nx

from atlas.exports.text import csv_text, json_text
from atlas.graph.changes import resolve
from atlas.graph.facts import Fact, name_of
from atlas.graph.timeline import span_of, standing
from atlas.graph.wording import date_words, period_words
from atlas.vocabulary import Relation, Standing

Row = dict[str, Any]

FACT: Final = (
    *("subject", "subject_name", "relation", "object", "object_name", "start", "end", "status", "standing"),
    *("confidence", "source", "source_title", "evidence", "checked_on", "note", "sentence"),
)


@dataclass(frozen=True, slots=True)
class Answer:
    """What is said in answer to a question.

    Parameters
    ----------
    sentence : str
        The answer in short.
    columns : tuple of str
        Keys of the rows, in order.
    rows : sequence of mapping
        The answer as a table.
    notes : tuple of str
        What a reader must know of it.
    document : dict
        What was asked, and anything beyond the rows, as JSON values.
    shown : tuple of (str, str)
        Columns and their headings where there is little room.
    found : object
        The answer as it was computed.
    """

    sentence: str
    columns: tuple[str, ...]
    rows: Sequence[Row]
    notes: tuple[str, ...]
    document: dict[str, Any]
    shown: tuple[tuple[str, str], ...]
    found: Any = field(repr=False, default=None)

    def json(self) -> str:
        """The document and its rows as text."""
        whole = {"sentence": self.sentence, "notes": list(self.notes), **self.document, "rows": list(self.rows)}
        return json_text(whole)

    def csv(self) -> str:
        """The rows as a table."""
        return csv_text(self.columns, self.rows)


def fact_row(tie: Fact) -> Row:
    """A tie as a row, with its sentence."""
    return {**picked(tie, *FACT), "relation": tie.relation.value, "standing": tie.standing.value}


def picked(found: Any, *names: str) -> Row:
    """Some fields of an answer, by name."""
    return {name: getattr(found, name) for name in names}


def day_words(day: date) -> str:
    """A day in words."""
    return "any day" if day == date.max else date_words(day.isoformat())


def stand_in(graph: nx.MultiDiGraph[str], node: str, day: date) -> tuple[str, str]:
    """Return who stands on a day for a node that does not, and a sentence that says so; itself where nobody does.

    Examples
    --------
    >>> graph = nx.MultiDiGraph()
    >>> graph.add_node("network:old", kind="network", name="Old", end="2022-03", status="ended")
    >>> graph.add_node("network:new", kind="network", name="New", start="2022-03", status="active")
    >>> _ = graph.add_edge("network:new", "network:old", relation="succeeds", start="2022-03")
    >>> stand_in(graph, "network:old", date(2026, 1, 1))
    ('network:new', 'Old (until March 2022) did not stand on 1 January 2026: New, which succeeded it, is meant.')
    """
    record = graph.nodes[node]
    if standing(span_of(record), day) is not Standing.DOES_NOT:
        return node, ""
    when = period_words(record.get("start"), record.get("end"), str(record.get("status") or ""))
    gone = f"{name_of(graph, node)} ({when}) did not stand on {day_words(day)}"
    heirs = resolve(graph, node, day)
    if len(heirs) == 1:
        how = "which it succeeded" if day < span_of(record).start_from else "which succeeded it"
        return heirs[0], f"{gone}: {name_of(graph, heirs[0])}, {how}, is meant."
    if heirs:
        return node, f"{gone}; in its place stood {', '.join(name_of(graph, heir) for heir in heirs)}."
    return node, f"{gone}, and nobody is recorded in its place."


def plain_rows(rows: Iterable[Mapping[str, Any]], shown: Sequence[tuple[str, str]]) -> list[list[str]]:
    """Rows as words, for where there is little room."""

    def words(value: Any) -> str:
        if value is None or value == "":
            return "-"
        if isinstance(value, bool):
            return "yes" if value else "no"
        if isinstance(value, (list, tuple)):
            return ", ".join(map(str, value))
        return str(value).replace("_", " ") if value in _SPELT else str(value)

    return [[words(row.get(column)) for column, _ in shown] for row in rows]


_SPELT: Final = frozenset({*(member.value for member in Standing), *(relation.value for relation in Relation)})


FACT_SHOWN: Final = (
    *(("subject_name", "who"), ("relation", "does"), ("object_name", "what"), ("start", "from")),
    *(("standing", "stands"), ("confidence", "sure")),
)
