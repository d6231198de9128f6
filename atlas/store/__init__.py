"""The database of what users add: registers, what was made of each row, and what was decided since.

SQLite by default and PostgreSQL with PostGIS by address; `open_store` opens either and brings it up to date.
"""

from __future__ import annotations

from atlas.geo.estate.imports import ImportRecord, RegisterInfo, Report, SourceFile
from atlas.store.store import Store, open_store

__all__ = ["ImportRecord", "RegisterInfo", "Report", "SourceFile", "Store", "open_store"]
