"""`atlas export`: the partnership graph in the formats of other tools, and the research bundle."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Final

import typer

from atlas.cli.options import Choices, with_choices
from atlas.cli.output import complain
from atlas.errors import QueryError

BUNDLE: Final = "bundle"


@with_choices()
def export(
    *,
    name: Annotated[
        str, typer.Argument(metavar="FORMAT", help="A format, or bundle: all of them with codebook and citation.")
    ],
    out: Annotated[Path, typer.Option(help="File to write; for bundle a folder.")],
    choices: Choices,
    at: Annotated[str | None, typer.Option(help="As at a day, month or year.", metavar="DATE")] = None,
    network: Annotated[
        str | None, typer.Option(help="Only this network and what is tied to it, by id or name.", metavar="ID")
    ] = None,
    assets: Annotated[
        bool, typer.Option("--assets", help="With the land and buildings that partners own and occupy.")
    ] = False,
) -> None:
    """Write the partnership graph: graphml, gexf, node-link, jgf, csv, turtle, json-ld, neo4j, cypher, pajek,
    geopackage, geoparquet or bundle.
    """  # noqa: D205 -- the help's first paragraph
    from atlas import pipeline
    from atlas.exports.files import write_folder, write_whole
    from atlas.exports.graph.bundle import SUMS, bundle
    from atlas.exports.graph.formats import graph_format
    from atlas.exports.graph.part import part
    from atlas.graph.bare import without_assets
    from atlas.graph.timeline import as_day

    # a word that is no format is said before anything is read
    wanted = None if name == BUNDLE else graph_format(name)
    if wanted is not None and wanted.is_many and out.suffix.lower() != ".zip":
        raise QueryError(f"{wanted.title} is several files in a ZIP archive: name one ending in .zip, not {out.name!r}")
    day = None if at is None else as_day(at)
    inputs = pipeline.load_inputs(choices.settings(), choices.release)
    complain(inputs.warnings)
    graph = part(inputs.graph if assets else without_assets(inputs.graph), day, network)
    if wanted is None:
        made = bundle(graph, inputs, choices.parameters)
        write_folder(out, {path: [data] for path, data in made.items()}, SUMS)
        size = sum(map(len, made.values()))
    else:
        write_whole(out, wanted.pieces(graph, inputs))
        size = out.stat().st_size
    counts = f"{graph.number_of_nodes():,} nodes, {graph.number_of_edges():,} ties"
    typer.echo(f"wrote {out} ({counts}, {size / 1e6:.1f} MB)")
