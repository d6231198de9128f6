"""What a repository of research data asks for: citation, DataCite, RO-Crate and licence."""

from __future__ import annotations

import hashlib
import mimetypes
from collections.abc import Mapping
from datetime import date
from typing import Any, Final

import networkx as nx

from atlas import __version__
from atlas.exports.graph.formats import FORMATS
from atlas.graph.timeline import last_checked
from atlas.snapshot import Inputs

AUTHORS: Final = "The Atlas authors"
"""As the project's own CITATION.cff has it: no person is named."""

LICENCE: Final = {
    "name": "OGL-UK-3.0",
    "title": "Open Government Licence v3.0",
    "path": "https://www.nationalarchives.gov.uk/doc/open-government-licence/version/3/",
}
KEYWORDS: Final = ("anchor institutions", "partnership", "network data", "London")

_CRATE: Final = "ro-crate-metadata.json"
_MIMETYPES: Final = {
    ".cff": "application/yaml",
    ".clu": "text/plain",
    ".csv": "text/csv",
    ".json": "application/json",
    ".md": "text/markdown",
    ".net": "text/plain",
    ".parquet": "application/vnd.apache.parquet",
    ".txt": "text/plain",
}


def about(graph: nx.MultiDiGraph[str], inputs: Inputs, revision: str) -> dict[str, Any]:
    """What is said of a graph wherever it is described.

    Returns
    -------
    dict
        `title`, `description`, `revision`, `version`, `as_at` (ISO day or None), `date` (ISO day on which something in
        it was last checked), `licence`, `nodes` and `ties` (counts).
    """
    as_at = graph.graph.get("as_at")
    nodes, ties = graph.number_of_nodes(), graph.number_of_edges()
    words = (
        f"Who works with whom on community benefit in London: {nodes:,} nodes and {ties:,} ties, each with its source"
    )
    return {
        "title": "The partnership graph of anchor institutions in London",
        "description": f"{words}{f', as at {as_at}' if as_at else ''}.",
        "revision": revision,
        "version": __version__,
        "as_at": as_at,
        "date": date_of(graph),
        "licence": LICENCE,
        "nodes": nodes,
        "ties": ties,
        "sources": [one.title for one in inputs.provenance],
    }


def date_of(graph: nx.MultiDiGraph[str]) -> str:
    """The day on which something in a graph was last checked, ISO: what a file that must bear a date is dated by.

    Examples
    --------
    >>> graph = nx.MultiDiGraph()
    >>> _ = graph.add_edge("institution:a", "network:b", checked_on="2026-11-21")
    >>> date_of(graph), date_of(nx.MultiDiGraph())
    ('2026-11-21', '1970-01-01')
    """
    found = last_checked(graph)
    return "1970-01-01" if found == date.max else found.isoformat()


def citation(facts: Mapping[str, Any]) -> str:
    """CITATION.cff of the data set."""
    keywords = "".join(f"  - {word}\n" for word in KEYWORDS)
    return f"""\
cff-version: 1.2.0
message: "If you use these data, please cite them as below, with the revision."
type: dataset
title: "{facts["title"]}"
authors:
  - name: "{AUTHORS}"
version: "{facts["revision"]}"
date-released: {facts["date"]}
license: {LICENCE["name"]}
keywords:
{keywords}"""


def datacite(facts: Mapping[str, Any]) -> dict[str, Any]:
    """Metadata of DataCite 4.5; the repository adds the DOI."""
    return {
        "schemaVersion": "http://datacite.org/schema/kernel-4",
        "types": {"resourceTypeGeneral": "Dataset", "resourceType": "Network data"},
        "creators": [{"name": AUTHORS, "nameType": "Organizational"}],
        "titles": [{"title": facts["title"], "lang": "en"}],
        "publisher": {"name": AUTHORS},
        "publicationYear": facts["date"][:4],
        "version": facts["revision"],
        "language": "en",
        "subjects": [{"subject": word} for word in KEYWORDS],
        "dates": [{"date": facts["date"], "dateType": "Updated"}],
        "descriptions": [{"description": facts["description"], "descriptionType": "Abstract", "lang": "en"}],
        "rightsList": [
            {
                "rights": LICENCE["title"],
                "rightsUri": LICENCE["path"],
                "rightsIdentifier": LICENCE["name"],
                "rightsIdentifierScheme": "SPDX",
                "schemeUri": "https://spdx.org/licenses/",
            }
        ],
        "alternateIdentifiers": [
            {"alternateIdentifier": facts["revision"], "alternateIdentifierType": "Atlas revision"}
        ],
        "geoLocations": [{"geoLocationPlace": "London, United Kingdom"}],
        "formats": [one.title for one in FORMATS],
    }


def licence(inputs: Inputs) -> str:
    """The terms of the data, and of each file that they rest on."""
    rows = "".join(f"| {one.title} | {one.licence} | {one.attribution} |\n" for one in inputs.provenance)
    return f"""# Licence

These data are under the [{LICENCE["title"]}]({LICENCE["path"]}).
Facts are restated in our own words; pages of others are cited as evidence.

| what they rest on | licence | attribution |
|---|---|---|
{rows}"""


def crate(files: Mapping[str, bytes], facts: Mapping[str, Any]) -> dict[str, Any]:
    """RO-Crate 1.1 metadata of the bundle's files."""
    entities = [
        {
            "@id": name,
            "@type": "File",
            "name": name,
            "contentSize": str(len(data)),
            "encodingFormat": _mimetype(name),
            "sha256": hashlib.sha256(data).hexdigest(),
        }
        for name, data in files.items()
    ]
    root = {
        "@id": "./",
        "@type": "Dataset",
        "name": facts["title"],
        "description": facts["description"],
        "datePublished": facts["date"],
        "version": facts["revision"],
        "keywords": ", ".join(KEYWORDS),
        "license": {"@id": LICENCE["path"]},
        "creator": {"@id": "#authors"},
        "publisher": {"@id": "#authors"},
        "hasPart": [{"@id": name} for name in files],
    }
    descriptor = {
        "@id": _CRATE,
        "@type": "CreativeWork",
        "conformsTo": {"@id": "https://w3id.org/ro/crate/1.1"},
        "about": {"@id": "./"},
    }
    authors = {"@id": "#authors", "@type": "Organization", "name": AUTHORS}
    terms = {"@id": LICENCE["path"], "@type": "CreativeWork", "name": LICENCE["title"], "identifier": LICENCE["name"]}
    return {
        "@context": "https://w3id.org/ro/crate/1.1/context",
        "@graph": [descriptor, root, authors, terms, *entities],
    }


def _mimetype(name: str) -> str:
    known = {f".{one.ending}": one.mimetype.partition(";")[0] for one in FORMATS if not one.is_many}
    ending = next((ending for ending in [*known, *_MIMETYPES] if name.endswith(ending)), "")
    return {**_MIMETYPES, **known}.get(ending) or mimetypes.guess_type(name)[0] or "application/octet-stream"
