"""The tables. What a migration makes is held to these by a test."""

from __future__ import annotations

from typing import Final

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Double,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    Table,
    Text,
    text,
)

from atlas.assets import ASSET_COLUMNS, NUMBER_COLUMNS

CONTENT_COLUMNS: Final = tuple(name for name in ASSET_COLUMNS if name not in {"row", "outcome"})
"""What an asset is; the others say where the last file had it, and are kept by import."""

CONTENT_TEXTS: Final = tuple(name for name in CONTENT_COLUMNS if name not in {*NUMBER_COLUMNS, "is_sensitive", "wkb"})
"""Those of them that are text."""

REGISTER_FACTS: Final = ("partner", "partner_name", "title", "visibility", "as_of")
"""What is said of a register with each import, so that an undone import gives back what was said before."""

COUNTS: Final = (
    "rows",
    "accepted",
    "repaired",
    "set_aside",
    "unchanged",
    "added",
    "changed",
    "gone",
    "on_map",
    "doubts",
)
"""What is counted of an import."""

metadata: Final = MetaData()


def _text(name: str, *, is_nullable: bool = False) -> Column[str]:
    return Column(name, Text, nullable=is_nullable)


def _import(name: str = "import", *, is_key: bool = False) -> Column[int]:
    # no foreign key: checked row by row it is a third of PostgreSQL's work, and imports are never deleted
    return Column(name, Integer, primary_key=is_key, autoincrement=False, nullable=False)


state: Final = Table(
    "state",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=False),
    _text("store"),
    Column("revision", BigInteger, nullable=False),
    Column("last_version", BigInteger, nullable=False),
)
"""One row: which store this is, how often it has changed, and the last number given to a version."""

imports: Final = Table(
    "imports",
    metadata,
    Column("id", Integer, primary_key=True),
    _text("register"),
    *(_text(name) for name in REGISTER_FACTS),
    *(_text(name) for name in ("file", "sha256")),
    Column("size_bytes", BigInteger, nullable=False),
    *(_text(name) for name in ("form", "kept", "who", "at", "columns", "notes")),
    *(Column(name, Integer, nullable=False) for name in COUNTS),
    _text("state"),
    Column("supersedes", Integer, ForeignKey("imports.id"), nullable=True),
    Index("imports_register", "register"),
)
"""Every import ever made; `columns` and `notes` are JSON, `supersedes` is the one that stood before."""

registers: Final = Table(
    "registers",
    metadata,
    Column("id", Text, primary_key=True),
    *(_text(name) for name in REGISTER_FACTS),
    Column("latest", Integer, ForeignKey("imports.id"), nullable=False),
)
"""What stands: one row a register, as its latest standing import says."""

asset_versions: Final = Table(
    "asset_versions",
    metadata,
    Column("id", BigInteger, primary_key=True, autoincrement=False),
    _text("asset"),
    Column("content_hash", LargeBinary, nullable=False),
    _import("opened_by"),
    Column("closed_by", Integer, nullable=True),
    *(_text(name) for name in CONTENT_TEXTS),
    Column("is_sensitive", Boolean, nullable=False),
    *(Column(name, Double, nullable=True) for name in NUMBER_COLUMNS),
    Column("wkb", LargeBinary, nullable=True),
    Index(
        "asset_versions_standing",
        "asset",
        unique=True,
        sqlite_where=text("closed_by IS NULL"),
        postgresql_where=text("closed_by IS NULL"),
    ),
    Index(
        "asset_versions_register",
        "register",
        sqlite_where=text("closed_by IS NULL"),
        postgresql_where=text("closed_by IS NULL"),
    ),
    Index("asset_versions_opened_by", "opened_by"),
    Index(
        "asset_versions_closed_by",
        "closed_by",
        sqlite_where=text("closed_by IS NOT NULL"),
        postgresql_where=text("closed_by IS NOT NULL"),
    ),
)
"""What an asset was from one import to another; it stands while nothing has closed it."""

import_rows: Final = Table(
    "import_rows",
    metadata,
    _import(is_key=True),
    Column("row", Integer, primary_key=True, autoincrement=False),
    Column("version", BigInteger, nullable=False),
    *(_text(name) for name in ("asset", "outcome", "change")),
    sqlite_with_rowid=False,
)
"""Which version of an asset each row of a file is: `outcome` of cleaning, `change` empty where nothing changed."""

gone_assets: Final = Table(
    "gone_assets",
    metadata,
    _import(is_key=True),
    Column("asset", Text, primary_key=True),
    _text("name"),
)
"""Assets that stood before an import and were not in its file."""

findings: Final = Table(
    "findings",
    metadata,
    Column("id", BigInteger().with_variant(Integer, "sqlite"), primary_key=True),
    _import(),
    Column("row", Integer, nullable=False),
    *(_text(name) for name in ("column", "field", "kind", "code", "before", "after", "why")),
    Index("findings_import", "import"),
)
"""What was found in each row; row 0 is the whole file."""

set_aside: Final = Table(
    "set_aside",
    metadata,
    _import(is_key=True),
    Column("row", Integer, primary_key=True, autoincrement=False),
    *(_text(name) for name in ("why", "raw")),
)
"""Rows that became no asset."""

matches: Final = Table(
    "matches",
    metadata,
    Column("left", Text, primary_key=True),
    Column("right", Text, primary_key=True),
    _text("rule"),
    Column("score", Double, nullable=False),
    *(_text(name) for name in ("reasons", "decision", "decided_by", "decided_at", "why")),
    Index("matches_right", "right"),
)
"""Pairs that may be one place, left < right; a decision outlives the assets, which may come back."""

remembered_columns: Final = Table(
    "remembered_columns",
    metadata,
    Column("partner", Text, primary_key=True),
    Column("header", Text, primary_key=True),
    _text("field", is_nullable=True),
)
"""What a partner's columns were said to be, by header without case and outer spaces; null for no field."""

visibility: Final = Table(
    "visibility",
    metadata,
    Column("target", Text, primary_key=True),
    _text("visibility"),
)
"""Who may see a register or an asset, whatever the next file says."""

audit: Final = Table(
    "audit",
    metadata,
    Column("id", Integer, primary_key=True),
    *(_text(name) for name in ("at", "who", "action", "register")),
    Column("import", Integer, nullable=True),
    *(_text(name) for name in ("file", "sha256", "details")),
    Index("audit_register", "register"),
)
"""Who changed what, when, and from which file; `details` is a JSON object."""
