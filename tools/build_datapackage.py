"""Write data/partnerships/datapackage.json: the partnership tables as a Frictionless data package.

The classes of `atlas.records` are the one place where columns are declared; this restates them for other tools.
Run from the checkout: ``python -m tools.build_datapackage``.
"""

from __future__ import annotations

import inspect
import json
import re
from pathlib import Path
from typing import Any, Final

from atlas.records import TABLES, Record

DESCRIPTOR: Final = Path(__file__).resolve().parents[1] / "data" / "partnerships" / "datapackage.json"
KEYS: Final = {"ties": ["subject", "relation", "object", "start"], "surveys": ["borough", "sector"]}
"""What makes a row unique where it is not its id; commitments and measurements may repeat."""
REFERENCES: Final = {"source": "sources", "institution": "institutions"}
"""Columns that always point to one table; the others may point to a node of any kind."""


def field(name: str, described: dict[str, Any], enums: dict[str, Any], *, required: bool) -> dict[str, Any]:
    """One column, from its JSON Schema.

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

    Returns
    -------
    dict
        A Frictionless field.

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
    """One table, its columns as the class orders them."""
    described = record.model_json_schema()
    enums, required = described.get("$defs", {}), described.get("required", ())
    columns = described["properties"]
    fields = [field(name, columns[name], enums, required=name in required) for name in record.columns()]
    schema: dict[str, Any] = {"fields": fields, "missingValues": [""]}
    key = KEYS.get(table, ["id"] if "id" in columns else [])
    if key:
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


def descriptor() -> dict[str, Any]:
    """The whole data package, tables in the order in which they are read.

    Examples
    --------
    >>> [table["name"] for table in descriptor()["resources"]][:2]
    ['sources', 'institutions']
    """
    return {
        "name": "london-anchor-partnerships",
        "title": "Anchor institutions, networks and programmes of London",
        "description": "Who works with whom on community benefit in London, each row with its source and its date.",
        "profile": "tabular-data-package",
        "licenses": [
            {
                "name": "OGL-UK-3.0",
                "title": "Open Government Licence v3.0",
                "path": "https://www.nationalarchives.gov.uk/doc/open-government-licence/version/3/",
            }
        ],
        "resources": [resource(table, record) for table, record in TABLES.items()],
    }


def text() -> str:
    """The descriptor as it is committed."""
    return json.dumps(descriptor(), ensure_ascii=False, indent=2) + "\n"


if __name__ == "__main__":
    DESCRIPTOR.write_text(text(), encoding="utf-8", newline="\n")
    print(f"wrote {DESCRIPTOR.name}: {len(TABLES)} tables")
