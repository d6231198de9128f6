"""Partnership tables as the files that `atlas check` reads: CSV and a Frictionless data package."""

from __future__ import annotations

import csv
import inspect
import io
import json
import re
from collections.abc import Sequence
from datetime import date
from enum import Enum
from typing import Any, Final

from atlas.records import TABLES, Partnerships, Record

PACKAGE: Final = "datapackage.json"
"""The file by which a folder of partnership tables is known."""

KEYS: Final = {"ties": ["subject", "relation", "object", "start"], "surveys": ["borough", "sector"]}
"""What makes a row unique where it is not its id; commitments and measurements may repeat."""

REFERENCES: Final = {"source": "sources", "institution": "institutions"}
"""Columns that always point to one table; the others may point to a node of any kind."""

_WHOLE: Final = 1e15
"""Below this a whole number is written without a point."""


def package_files(partnerships: Partnerships, title: str, description: str) -> dict[str, bytes]:
    """Write partnership tables.

    Parameters
    ----------
    partnerships : Partnerships
        Checked tables, in the order in which they are to be written.
    title, description : str
        What the descriptor says of them.

    Returns
    -------
    dict of str to bytes
        `datapackage.json` and a CSV file for each table that has rows, by name.

    Examples
    --------
    >>> list(package_files(Partnerships(), "Nothing", "No rows."))
    ['datapackage.json']
    """
    tables = [table for table in TABLES if getattr(partnerships, table)]
    package = {
        "name": "partnerships",
        "title": title,
        "description": description,
        "profile": "tabular-data-package",
        "resources": [resource(table, TABLES[table]) for table in tables],
    }
    text = json.dumps(package, ensure_ascii=False, indent=2) + "\n"
    return {
        PACKAGE: text.encode(),
        **{f"{table}.csv": table_csv(TABLES[table], getattr(partnerships, table)) for table in tables},
    }


def table_csv(record: type[Record], rows: Sequence[Record]) -> bytes:
    r"""Write one table: UTF-8, comma, a header row; what is unknown is an empty cell.

    Examples
    --------
    >>> from atlas.records import Place
    >>> table_csv(Place, [Place(id="place:E09000007", name="Camden", kind="London borough")])
    b'id,name,kind\nplace:E09000007,Camden,London borough\n'
    """
    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator="\n")
    columns = record.columns()
    writer.writerow(columns)
    writer.writerows([_cell(getattr(row, column)) for column in columns] for row in rows)
    return out.getvalue().encode()


def _cell(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, tuple):
        return ";".join(map(_cell, value))
    if isinstance(value, Enum):
        return str(value.value)
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() and abs(value) < _WHOLE else repr(value)
    return value.isoformat() if isinstance(value, date) else str(value)


def field(name: str, described: dict[str, Any], enums: dict[str, Any], *, required: bool) -> dict[str, Any]:
    """One column of a table, as Frictionless describes it.

    Parameters
    ----------
    name : str
        Header of the column.
    described : dict
        Its JSON Schema property.
    enums : dict
        The closed lists, ``$defs`` of the same schema.
    required : bool
        True where no row may leave it empty.

    Examples
    --------
    >>> field("value", {"type": "number", "description": "how many"}, {}, required=True)
    {'name': 'value', 'type': 'number', 'description': 'how many', 'constraints': {'required': True}}
    """
    kind = next((one for one in described.get("anyOf", ()) if one.get("type") != "null"), described)
    kind = kind | enums.get(kind.get("$ref", "").rpartition("/")[2], {})
    constraints: dict[str, Any] = {"required": True} if required else {}
    constraints |= {key: kind[key] for key in ("enum", "pattern", "minimum", "maximum") if key in kind}
    if kind["type"] == "array":
        words = enums.get(kind["items"].get("$ref", "").rpartition("/")[2], {}).get("enum")
        one = f"(?:{'|'.join(map(re.escape, words))})" if words else r"[^;\s]+"
        kind = {"type": "string"}
        constraints["pattern"] = rf"^{one}(?:\s*;\s*{one})*$"
    out = {"name": name, "type": "date" if kind.get("format") == "date" else kind["type"]}
    out["description"] = described["description"]
    return out | ({"constraints": constraints} if constraints else {})


def resource(table: str, record: type[Record]) -> dict[str, Any]:
    """One table as Frictionless describes it, its columns as the class orders them.

    Examples
    --------
    >>> from atlas.records import Tie
    >>> resource("ties", Tie)["schema"]["primaryKey"]
    ['subject', 'relation', 'object', 'start']
    """
    described = record.model_json_schema()
    enums, required = described.get("$defs", {}), described.get("required", ())
    columns = described["properties"]
    fields = [field(name, columns[name], enums, required=name in required) for name in record.columns()]
    schema: dict[str, Any] = {"fields": fields, "missingValues": [""]}
    if key := KEYS.get(table, ["id"] if "id" in columns else []):
        schema["primaryKey"] = key
    links = [
        {"fields": [column], "reference": {"resource": target, "fields": ["id"]}}
        for column, target in REFERENCES.items()
        if column in columns
    ]
    if links:
        schema["foreignKeys"] = links
    return {
        "name": table,
        "path": f"{table}.csv",
        "profile": "tabular-data-resource",
        "description": inspect.cleandoc(record.__doc__ or ""),
        "format": "csv",
        "mediatype": "text/csv",
        "encoding": "utf-8",
        "schema": schema,
    }
