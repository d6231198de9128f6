"""What an import changed, field by field: the versions that it closed beside those that it opened."""

from __future__ import annotations

from collections.abc import Collection
from typing import Final

import pandas as pd
import pyarrow as pa
from sqlalchemy import ColumnElement, Connection, Integer, cast, select

from atlas.assets import NUMBER_COLUMNS
from atlas.geo.estate.differences import differences
from atlas.store import bulk
from atlas.store.schema import CONTENT_TEXTS, asset_versions

_KINDS: Final = {"is_sensitive": pa.int8(), "wkb": pa.large_binary()} | dict.fromkeys(NUMBER_COLUMNS, pa.float64())
_FEW: Final = 1_000
"""So many ids can be named in a question; of more, all are read."""


def read_differences(connection: Connection, import_id: int, assets: Collection[str] | None = None) -> pd.DataFrame:
    """What an import changed, as `Store.differences` gives it."""
    versions = asset_versions.c
    before = _versions(connection, versions.closed_by == import_id, assets)
    after = _versions(connection, versions.opened_by == import_id, before.index if assets is None else assets)
    return differences(before, after)


def _versions(connection: Connection, condition: ColumnElement[bool], assets: Collection[str] | None) -> pd.DataFrame:
    versions = asset_versions.c
    query = select(
        versions.asset,
        *(versions[name] for name in (*CONTENT_TEXTS, *NUMBER_COLUMNS, "wkb")),
        cast(versions.is_sensitive, Integer).label("is_sensitive"),
    ).where(condition)
    if assets is not None and len(assets) <= _FEW:
        query = query.where(versions.asset.in_([*assets]))
    found = bulk.read(connection, query, _KINDS).set_index("asset")
    return found if assets is None else found[found.index.isin([*assets])]
