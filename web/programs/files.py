"""Rows of what can be fetched whole: every download, with its form and its address."""

from __future__ import annotations

from typing import Final

import pandas as pd
from flask import url_for

from atlas.exports.graph.fields import Field, FieldType
from atlas.exports.graph.formats import FORMATS
from atlas.snapshot import Atlas
from web.export import bundle_of, file_of
from web.programs.measured import names_of
from web.programs.rows import Rows
from web.visit import visit

FILES: Final = (
    Field("id", FieldType.TEXT, "short name"),
    Field("title", FieldType.TEXT, "what it is"),
    Field("about", FieldType.TEXT, "what it is about", choices=("gaps", "graph", "estate")),
    Field("media_type", FieldType.TEXT, "form of the file"),
    Field("opens", FieldType.TEXT, "what opens it"),
    Field("address", FieldType.TEXT, "where it is, from the root of this server"),
)

_SHEET, _GIS = "spreadsheets, R, pandas", "QGIS, ArcGIS, ogrinfo"
_PACKAGE: Final = "application/geopackage+sqlite3"


def files(atlas: Atlas) -> Rows:
    """Every download under the choices in the address."""
    link, revision = visit().link, atlas.revision
    rows = [
        ("gaps.csv", "Gap areas", "gaps", "text/csv", _SHEET, link("api.gaps", format="csv")),
        ("gaps.geojson", "Gap areas", "gaps", "application/geo+json", _GIS, link("api.gaps", format="geojson")),
        *(
            (f"graph.{one.name}", f"The partnership graph: {one.title}", "graph", one.mimetype, one.opens, address)
            for one in FORMATS
            for address in [link("export.download", file=file_of(one, revision))]
        ),
        (
            "graph.bundle",
            "The partnership graph: research bundle",
            "graph",
            "application/zip",
            "RO-Crate readers; every format with its code book",
            link("export.download", file=bundle_of(revision)),
        ),
        (
            "graph.measures.csv",
            "Measures of the graph",
            "graph",
            "text/csv",
            _SHEET,
            url_for("graph_measures.measures", format="csv"),
        ),
        (
            "commitments.csv",
            "What bodies promised and reported",
            "graph",
            "text/csv",
            _SHEET,
            url_for("progress.commitments", format="csv"),
        ),
        *(
            (f"estate.{form}", "Land and property that everybody may see", "estate", kind, opens, address)
            for form, kind, opens in (
                ("csv", "text/csv", _SHEET),
                ("geojson", "application/geo+json", _GIS),
                ("gpkg", _PACKAGE, _GIS),
            )
            for address in [link("estate_api.download", form=form)]
        ),
    ]
    frame = pd.DataFrame(rows, columns=list(names_of(FILES)), dtype=object).set_index("id")
    return Rows(frame, names_of(FILES))
