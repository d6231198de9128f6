"""The single map: registers, imports, versions of assets, what was found and what was decided."""

from __future__ import annotations

from typing import Any, Final
from uuid import uuid4

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

_REGISTER: Final = ("partner", "partner_name", "title", "visibility", "as_of")
_COUNTS: Final = (
    *("rows", "accepted", "repaired", "set_aside", "unchanged"),
    *("added", "changed", "gone", "on_map", "doubts"),
)
_SAID: Final = (
    *("organisation", "reference", "uprn", "name", "number", "street", "town", "postcode", "borough", "ward"),
    *("tenure", "tenure_detail", "holding", "use", "use_detail", "status", "title_number", "occupier", "as_of"),
    "notes",
)
_TEXTS: Final = ("partner", "register", *_SAID, "visibility", "placed_by", "lad", "extra")
_NUMBERS: Final = ("land_ha", "floor_m2", "x_m", "y_m")

_GEOMETRY: Final = """
ALTER TABLE asset_versions ADD COLUMN geometry geometry(Geometry, 27700) GENERATED ALWAYS AS (
    CASE
        WHEN wkb IS NOT NULL THEN ST_Force2D(ST_GeomFromWKB(wkb, 27700))
        WHEN x_m IS NOT NULL AND y_m IS NOT NULL THEN ST_SetSRID(ST_MakePoint(x_m, y_m), 27700)
    END
) STORED
"""

# An asset's own setting first; then the register's in place of its default. A row that says otherwise keeps its
# word where that guards it more. What is sensitive is its owner's, whatever was set.
_EFFECTIVE: Final = """
CASE
    WHEN v.is_sensitive OR v."use" = 'refuge' THEN 'owner'
    WHEN own.visibility IS NOT NULL THEN own.visibility
    WHEN whole.visibility IS NULL THEN v.visibility
    WHEN v.visibility = r.visibility THEN whole.visibility
    WHEN v.visibility NOT IN ('public', 'partners') OR whole.visibility = 'owner' THEN 'owner'
    WHEN 'partners' IN (v.visibility, whole.visibility) THEN 'partners'
    ELSE 'public'
END
"""


def upgrade() -> None:
    """Make the tables, and the views for other programs."""
    _registers()
    _versions()
    _rows()
    _decisions()
    _views()
    state = sa.table("state", sa.column("id"), sa.column("store"), sa.column("revision"), sa.column("last_version"))
    op.bulk_insert(state, [{"id": 1, "store": uuid4().hex, "revision": 0, "last_version": 0}])


def _text(name: str, *, nullable: bool = False, primary_key: bool = False) -> sa.Column[Any]:
    return sa.Column(name, sa.Text, nullable=nullable and not primary_key, primary_key=primary_key)


def _import(name: str = "import", *, primary_key: bool = False) -> sa.Column[Any]:
    return sa.Column(name, sa.Integer, nullable=False, primary_key=primary_key, autoincrement=False)


def _number(name: str, kind: Any, *, nullable: bool = False, primary_key: bool = False) -> sa.Column[Any]:
    return sa.Column(name, kind, nullable=nullable, primary_key=primary_key, autoincrement=False)


def _registers() -> None:
    op.create_table(
        "state",
        _number("id", sa.Integer, primary_key=True),
        _text("store"),
        _number("revision", sa.BigInteger),
        _number("last_version", sa.BigInteger),
    )
    op.create_table(
        "imports",
        sa.Column("id", sa.Integer, primary_key=True),
        *(_text(name) for name in ("register", *_REGISTER, "file", "sha256")),
        _number("size_bytes", sa.BigInteger),
        *(_text(name) for name in ("form", "kept", "who", "at", "columns", "notes")),
        *(_number(name, sa.Integer) for name in _COUNTS),
        _text("state"),
        sa.Column("supersedes", sa.Integer, sa.ForeignKey("imports.id")),
    )
    op.create_index("imports_register", "imports", ["register"])
    op.create_table(
        "registers",
        _text("id", primary_key=True),
        *(_text(name) for name in _REGISTER),
        sa.Column("latest", sa.Integer, sa.ForeignKey("imports.id"), nullable=False),
    )


def _versions() -> None:
    op.create_table(
        "asset_versions",
        _number("id", sa.BigInteger, primary_key=True),
        _text("asset"),
        sa.Column("content_hash", sa.LargeBinary, nullable=False),
        _import("opened_by"),
        _number("closed_by", sa.Integer, nullable=True),
        *(_text(name) for name in _TEXTS),
        sa.Column("is_sensitive", sa.Boolean, nullable=False),
        *(sa.Column(name, sa.Double) for name in _NUMBERS),
        sa.Column("wkb", sa.LargeBinary),
    )
    _index("standing", "asset", "closed_by IS NULL", unique=True)
    _index("register", "register", "closed_by IS NULL")
    _index("opened_by", "opened_by")
    _index("closed_by", "closed_by", "closed_by IS NOT NULL")
    if _is_postgresql():
        op.execute(_GEOMETRY)
        op.execute("CREATE INDEX asset_versions_geometry ON asset_versions USING gist (geometry)")


def _index(name: str, column: str, where: str = "", *, unique: bool = False) -> None:
    clause = sa.text(where) if where else None
    op.create_index(
        f"asset_versions_{name}",
        "asset_versions",
        [column],
        unique=unique,
        sqlite_where=clause,
        postgresql_where=clause,
    )


def _rows() -> None:
    op.create_table(
        "import_rows",
        _import(primary_key=True),
        _number("row", sa.Integer, primary_key=True),
        _number("version", sa.BigInteger),
        *(_text(name) for name in ("asset", "outcome", "change")),
        sqlite_with_rowid=False,
    )
    op.create_table("gone_assets", _import(primary_key=True), _text("asset", primary_key=True), _text("name"))
    op.create_table(
        "findings",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer, "sqlite"), primary_key=True),
        _import(),
        _number("row", sa.Integer),
        *(_text(name) for name in ("column", "field", "kind", "code", "before", "after", "why")),
    )
    op.create_index("findings_import", "findings", ["import"])
    op.create_table(
        "set_aside",
        _import(primary_key=True),
        _number("row", sa.Integer, primary_key=True),
        *(_text(name) for name in ("why", "raw")),
    )


def _decisions() -> None:
    op.create_table(
        "matches",
        _text("left", primary_key=True),
        _text("right", primary_key=True),
        _text("rule"),
        sa.Column("score", sa.Double, nullable=False),
        *(_text(name) for name in ("reasons", "decision", "decided_by", "decided_at", "why")),
    )
    op.create_index("matches_right", "matches", ["right"])
    op.create_table(
        "remembered_columns",
        _text("partner", primary_key=True),
        _text("header", primary_key=True),
        _text("field", nullable=True),
    )
    op.create_table("visibility", _text("target", primary_key=True), _text("visibility"))
    op.create_table(
        "audit",
        sa.Column("id", sa.Integer, primary_key=True),
        *(_text(name) for name in ("at", "who", "action", "register")),
        _number("import", sa.Integer, nullable=True),
        *(_text(name) for name in ("file", "sha256", "details")),
    )
    op.create_index("audit_register", "audit", ["register"])


def _views() -> None:
    """Views for QGIS and the like: all that stands, and what everybody may see of it."""
    is_postgresql = _is_postgresql()
    said = ", ".join(f'v."{name}"' for name in _SAID)
    public = said.replace("v.", "")
    shape = ", geometry" if is_postgresql else ""
    guarded = "WITH (security_barrier)" if is_postgresql else ""
    standing = f"""
CREATE VIEW standing_assets AS
SELECT v.id AS fid, v.asset, v.register, r.title, v.partner, r.partner_name, {said},
    v.is_sensitive, {_EFFECTIVE} AS visibility, v.placed_by, v.lad, v.land_ha, v.floor_m2, v.x_m, v.y_m{shape}
FROM asset_versions v
JOIN registers r ON r.id = v.register
LEFT JOIN visibility own ON own.target = v.asset
LEFT JOIN visibility whole ON whole.target = v.register
WHERE v.closed_by IS NULL
"""  # noqa: S608 -- names of ours
    everybodys = f"""
CREATE VIEW public_assets {guarded} AS
SELECT fid, asset, register, title, partner, partner_name, {public}, placed_by, lad, land_ha, floor_m2, x_m, y_m{shape}
FROM standing_assets
WHERE visibility = 'public'
"""  # noqa: S608 -- names of ours
    op.execute(standing)
    op.execute(everybodys)


def _is_postgresql() -> bool:
    return bool(op.get_bind().dialect.name == "postgresql")
