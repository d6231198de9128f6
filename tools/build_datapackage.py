"""Write data/partnerships/datapackage.json: the partnership tables as a Frictionless data package.

The classes of `atlas.records` are the one place where columns are declared; this restates them for other tools.
Run from the checkout: ``python -m tools.build_datapackage``.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, Final

from atlas.exports.partnerships import resource
from atlas.records import TABLES

DESCRIPTOR: Final = Path(__file__).resolve().parents[1] / "data" / "partnerships" / "datapackage.json"


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
