"""The codebook: every attribute of the partnership graph, its type, unit and meaning, from `fields`."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator

from atlas.exports.graph.fields import KEY, NODE_FIELDS, SOURCE_FIELDS, TIE_FIELDS, Field
from atlas.exports.text import guarded

COLUMNS = ("of", "attribute", "type", "list", "json_text", "may_be_unknown", "carried_by", "unit", "values", "meaning")
"""Columns of the codebook."""

_FIRST = (
    ("node", "id", "text", "no", "no", "no", "all", "", "", "the node's id, kind:slug"),
    ("tie", "subject", "text", "no", "no", "no", "all", "", "", "id of the node that the verb starts from"),
    ("tie", "object", "text", "no", "no", "no", "all", "", "", "id of the node that the verb points to"),
    (
        *("tie", KEY, "text", "no", "no", "no", "all", "", ""),
        "tells ties between the same two nodes apart: the relation, or an integer where it is repeated",
    ),
    ("source", "id", "text", "no", "no", "no", "all", "", "", "short name, used by nodes and ties"),
)


def codebook() -> tuple[tuple[str, ...], ...]:
    """Every attribute as a row of `COLUMNS`; parts of a record are written `commitments.metric`.

    Examples
    --------
    >>> next(row for row in codebook() if row[1] == "staff_fte")[2:8]
    ('number', 'no', 'no', 'yes', 'site', 'full-time equivalents')
    """
    rows = [_row("node", field) for field in NODE_FIELDS] + [_row("tie", field) for field in TIE_FIELDS]
    rows += [_row("source", field) for field in SOURCE_FIELDS]
    rows += [_row("node", part, f"{field.name}.", (field.name,)) for field in NODE_FIELDS for part in field.parts]
    return (*_FIRST, *rows)


def codebook_csv() -> bytes:
    """The codebook as CSV."""
    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerows([COLUMNS, *(map(guarded, row) for row in codebook())])
    return out.getvalue().encode()


def codebook_markdown() -> bytes:
    """The codebook as Markdown, with the rules that hold for all formats."""
    return "".join(_markdown()).encode()


_RULES = """\
# Codebook

Attributes of the partnership graph, in every format.

- **Unknown and absent are one.** Where a value is unknown, a format that has no null says nothing.
- **Dates** are as exact as their source: a day, a month or a year. Dates of GEXF are widened to days; the dates as
  recorded are `start_as_recorded` and `end_as_recorded` there.
- **Lists and records** are JSON text (`json_text`) in formats that have neither: GraphML, GEXF, CSV and GeoPackage;
  records in Neo4j and GeoParquet too.
- **Parallel ties** are told apart by `key`.
- Coordinates are EPSG:27700.

"""


def _markdown() -> Iterator[str]:
    yield _RULES
    yield "| " + " | ".join(COLUMNS) + " |\n" + "|---" * len(COLUMNS) + "|\n"
    for row in codebook():
        yield "| " + " | ".join(cell.replace("|", "\\|") for cell in row) + " |\n"


def _row(of: str, field: Field, prefix: str = "", carriers: tuple[str, ...] = ()) -> tuple[str, ...]:
    carried = ", ".join(carriers or field.carriers) or "all"
    return (
        of,
        prefix + field.name,
        field.type.value,
        _yes(field.is_list),
        _yes(field.in_text),
        _yes(field.is_nullable),
        f"some of {carried}" if field.is_optional else carried,
        field.unit,
        "; ".join(field.choices),
        field.description,
    )


def _yes(value: bool) -> str:  # noqa: FBT001 -- a private helper
    return "yes" if value else "no"
