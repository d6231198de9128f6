"""The research bundle: the partnership graph in every format, with all that a reader needs to cite and rerun it."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from typing import Any, Final

import networkx as nx

from atlas import __version__
from atlas.exports.graph.codebook import codebook_csv, codebook_markdown
from atlas.exports.graph.deposit import about, citation, crate, datacite, licence
from atlas.exports.graph.formats import FORMATS
from atlas.exports.graph.tables import PACKAGE
from atlas.exports.text import json_text
from atlas.parameters import Parameters
from atlas.snapshot import Inputs, revision_of

SUMS: Final = "SHA256SUMS"
"""The file by which a bundle is known: the checksum of every other file, as `sha256sum --check` reads them."""


def bundle(graph: nx.MultiDiGraph[str], inputs: Inputs, parameters: Parameters) -> dict[str, bytes]:
    """Make the files of a research bundle; the same bytes for the same graph, inputs and parameters.

    Parameters
    ----------
    graph : networkx.MultiDiGraph
        The graph of `inputs`, or a part of it.
    inputs : Inputs
        What was read: its provenance and revision are stated.
    parameters : Parameters
        How gaps are measured under this revision, seeds included.

    Returns
    -------
    dict of str to bytes
        By path: each format, `codebook.csv` and `.md`, `datapackage.json`, `parameters.json`, `LICENCE.md`,
        `CITATION.cff`, `datacite.json`, `README.md`, `ro-crate-metadata.json` and `SHA256SUMS`.

    Raises
    ------
    DataError
        If something in the graph cannot be given back by one of the formats.
    """
    facts = about(graph, inputs, revision_of(inputs, parameters))
    files: dict[str, bytes] = {}
    for one in FORMATS:
        folder = f"{one.name}/" if one.is_many else ""
        for name, pieces in one.files(graph, inputs).items():
            files[f"{folder}{name}"] = b"".join(pieces)
    files["codebook.csv"], files["codebook.md"] = codebook_csv(), codebook_markdown()
    files["parameters.json"] = json_text(_parameters(inputs, parameters, facts)).encode()
    files["LICENCE.md"], files["CITATION.cff"] = licence(inputs).encode(), citation(facts).encode()
    files["datacite.json"] = json_text(datacite(facts)).encode()
    files["README.md"] = _readme(facts).encode()
    files[PACKAGE] = json_text(_package(files, facts)).encode()
    files["ro-crate-metadata.json"] = json_text(crate(files, facts)).encode()
    files[SUMS] = "".join(
        f"{hashlib.sha256(data).hexdigest()}  {name}\n" for name, data in sorted(files.items())
    ).encode()
    return files


def _parameters(inputs: Inputs, parameters: Parameters, facts: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "atlas": __version__,
        "revision": facts["revision"],
        "as_at": facts["as_at"],
        "release": inputs.release.value,
        "parameters": parameters.model_dump(mode="json"),
        "seeds": {"draws": parameters.seed},
        "inputs": [
            {"name": one.name, "title": one.title, "vintage": one.vintage, "sha256": one.sha256}
            for one in inputs.provenance
        ],
    }


def _package(files: Mapping[str, bytes], facts: Mapping[str, Any]) -> dict[str, Any]:
    package: dict[str, Any] = json.loads(files[f"csv/{PACKAGE}"])
    for resource in package["resources"]:
        resource["path"] = f"csv/{resource['path']}"
    known = {resource["path"] for resource in package["resources"]}
    for name, data in files.items():
        if name not in known and name != f"csv/{PACKAGE}":
            slug = name.lower().replace("/", "-").replace("_", "-")
            sha256 = f"sha256:{hashlib.sha256(data).hexdigest()}"
            package["resources"].append(
                {"name": slug, "type": "file", "path": name, "bytes": len(data), "hash": sha256}
            )
    # the tables are tabular, the other files are not
    return {**package, "profile": "data-package", "version": facts["revision"], "licenses": [facts["licence"]]}


def _readme(facts: Mapping[str, Any]) -> str:
    rows = "".join(
        f"| {one.title} | `{f'{one.name}/' if one.is_many else f'graph.{one.ending}'}` | {one.opens} |\n"
        for one in FORMATS
    )
    return f"""# {facts["title"]}

{facts["description"]} Revision `{facts["revision"]}`.

| format | file | opens in |
|---|---|---|
{rows}
`codebook.md` says what every attribute means; `parameters.json` what the revision follows from; `LICENCE.md` and
`CITATION.cff` how it may be used and cited. `sha256sum --check SHA256SUMS` proves that nothing has changed.
`datacite.json` is ready for a repository, which gives the DOI.
"""
