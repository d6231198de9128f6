"""What an import changed, field by field: the versions that it closed beside those that it opened."""

from __future__ import annotations

from collections.abc import Collection
from typing import Final

import pandas as pd
import pyarrow as pa
from sqlalchemy import ColumnElement, Connection, and_

from atlas.geo.estate.differences import differences
from atlas.store.frames import to_pandas
from atlas.store.reads import versions_where
from atlas.store.schema import asset_versions
from atlas.vocabulary.estate import SENSITIVE_USES

_FEW: Final = 1_000
"""So many ids can be named in a question; of more, all are read."""


def read_differences(connection: Connection, import_id: int, assets: Collection[str] | None = None) -> pd.DataFrame:
    """What an import changed, as `Store.differences` gives it."""
    versions = asset_versions.c
    before = _versions(connection, versions.closed_by == import_id, assets)
    after = _versions(connection, versions.opened_by == import_id, before.index if assets is None else assets)
    return differences(before, after)


def read_names(connection: Connection, assets: Collection[str]) -> pd.DataFrame:
    """What assets that stand are called, as `Store.names` gives it."""
    found = _versions(connection, asset_versions.c.closed_by.is_(None), assets)
    names = found["name"].where(found["name"] != "", found["street"])
    is_sensitive = found["is_sensitive"].astype(bool) | found["use"].isin(SENSITIVE_USES)
    return pd.DataFrame({"name": names, "is_sensitive": is_sensitive}, index=found.index)


def _versions(connection: Connection, condition: ColumnElement[bool], assets: Collection[str] | None) -> pd.DataFrame:
    if assets is not None and len(assets) <= _FEW:
        condition = and_(condition, asset_versions.c.asset.in_([*assets]))
    found = to_pandas(pa.table(versions_where(connection, condition))).set_index("asset")
    return found if assets is None else found[found.index.isin([*assets])]
