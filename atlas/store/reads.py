"""What the store shows: assets, registers, matches, doubts and reports, as frames."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, Final

import numpy as np
import pandas as pd
import pyarrow as pa
from numpy.typing import NDArray
from sqlalchemy import ColumnElement, Connection, Integer, and_, cast, func, select, true

from atlas.assets import ASSET_COLUMNS, NUMBER_COLUMNS
from atlas.errors import NotFoundError
from atlas.geo.estate.imports import GONE_COLUMNS, ROW_COLUMNS, ImportRecord, Report, columns_of, record_of
from atlas.geo.estate.match.propose import COMPARED
from atlas.geo.estate.model import FINDING_COLUMNS, MATCH_COLUMNS, REGISTER_COLUMNS, SET_ASIDE_COLUMNS
from atlas.store import bulk
from atlas.store.frames import PARTED_BY, parted, schema_of, sort_columns, to_pandas
from atlas.store.schema import (
    CONTENT_TEXTS,
    asset_versions,
    findings,
    gone_assets,
    import_rows,
    imports,
    matches,
    registers,
    set_aside,
    visibility,
)
from atlas.vocabulary.estate import SENSITIVE_USES, FindingKind, Outcome, Visibility

_ROW: Final = {"row": pa.int64()}


def read_assets(connection: Connection) -> pd.DataFrame:
    """Every asset that stands, as `Store.assets` gives it."""
    columns = versions_where(connection, asset_versions.c.closed_by.is_(None))
    sort_columns(columns, "asset")
    index = pd.Index(to_pandas(pa.table({"asset": columns.pop("asset")}))["asset"])
    versions = columns.pop("id").to_numpy()
    is_sensitive = columns.pop("is_sensitive").to_numpy().astype(np.bool_)
    names = list(columns)
    series = {name: to_pandas(pa.table({name: columns.pop(name)}))[name] for name in names}
    series |= {str(name): one for name, one in _latest_rows(connection, versions).items()}
    series["is_sensitive"] = pd.Series(is_sensitive)
    series["visibility"] = _effective(connection, pd.DataFrame({"asset": index} | series, copy=False))
    for one in series.values():
        one.index = index
    return pd.DataFrame({name: series[name] for name in ASSET_COLUMNS}, copy=False)


def read_compared(connection: Connection, without: str) -> Iterator[pd.DataFrame]:
    """What matching reads of the assets that stand, as `Store.compared` gives it."""
    versions = asset_versions.c
    elsewhere = and_(versions.closed_by.is_(None), versions.register != without)
    texts, numbers = ([name for name in COMPARED if name in names] for names in (CONTENT_TEXTS, NUMBER_COLUMNS))
    for part in _versions(connection, elsewhere, texts, numbers):
        yield to_pandas(part.select(["asset", *COMPARED])).set_index("asset")


def versions_where(
    connection: Connection,
    condition: ColumnElement[bool],
    texts: Sequence[str] = CONTENT_TEXTS,
    numbers: Sequence[str] = NUMBER_COLUMNS,
) -> dict[str, pa.ChunkedArray]:
    """Columns of the versions of assets that meet a condition, in no stated order.

    Parameters
    ----------
    connection : sqlalchemy.Connection
        Within a transaction.
    condition : sqlalchemy.ColumnElement
        On `asset_versions`.
    texts, numbers : sequence of str
        Which of `CONTENT_TEXTS` and `NUMBER_COLUMNS` are wanted.

    Returns
    -------
    dict of str to pyarrow.ChunkedArray
        `id`, `is_sensitive` (0 or 1), the numbers, `wkb`, `asset` and the texts.
    """
    parts = [*_versions(connection, condition, texts, numbers)]
    whole = pa.concat_tables(parts)
    return {name: whole[name] for name in whole.column_names}


def _versions(
    connection: Connection, condition: ColumnElement[bool], texts: Sequence[str], numbers: Sequence[str]
) -> Iterator[pa.Table]:
    """The same, some rows at a time; the first have none."""
    versions = asset_versions.c
    texts = ("asset", *texts)
    query = select(
        versions.id,
        cast(versions.is_sensitive, Integer).label("is_sensitive"),
        *(versions[name] for name in numbers),
        versions.wkb,
        _said(connection, texts),
    ).where(condition)
    kinds = {"id": pa.int64(), "is_sensitive": pa.int8(), "wkb": pa.large_binary()}
    kinds |= dict.fromkeys(numbers, pa.float64())
    *plain, _ = (column.name for column in query.selected_columns)
    yield schema_of([*plain, *texts], kinds).empty_table()
    for batch in bulk.read_batches(connection, query, kinds):
        said = parted(batch["said"], texts)
        yield pa.table([*(batch[name] for name in plain), *said.columns], [*plain, *texts])


def _said(connection: Connection, texts: Sequence[str]) -> ColumnElement[str]:
    """Texts of a version as one long one, which costs drivers half of what thirty short ones do."""
    columns = [asset_versions.c[name] for name in texts]
    if connection.dialect.name == "postgresql":
        return func.concat_ws(PARTED_BY, *columns).label("said")
    return func.printf(PARTED_BY.join(["%s"] * len(columns)), *columns).label("said")


def _latest_rows(connection: Connection, versions: NDArray[np.int64]) -> pd.DataFrame:
    """Where the last file has each version: a row that moved makes no new one."""
    rows = import_rows.join(registers, registers.c.latest == import_rows.c["import"])
    query = select(import_rows.c.version, import_rows.c.row, import_rows.c.outcome).select_from(rows)
    found = bulk.read(connection, query, _ROW | {"version": pa.int64()})
    order = np.argsort(found["version"].to_numpy())
    at = order[np.searchsorted(found["version"].to_numpy()[order], versions)]
    return found[["row", "outcome"]].iloc[at].reset_index(drop=True)


def _effective(connection: Connection, assets: pd.DataFrame) -> pd.Series:
    """Who may see each asset, after what was set since.

    An asset's own setting first; then its register's in place of the register's default. A row that says otherwise
    keeps its word where that guards it more. What is sensitive is its owner's, whatever was set.
    """
    said = assets["visibility"].copy()
    set_to = dict(connection.execute(select(visibility.c.target, visibility.c.visibility)).all())
    defaults = dict(connection.execute(select(registers.c.id, registers.c.visibility)).all())
    for register, default in defaults.items():
        if register in set_to:
            here = (assets["register"] == register).to_numpy(bool)
            said[here] = said[here].map(
                lambda one, default=default, to=set_to[register]: _by_register(one, default, to)
            )
    own = assets["asset"].map({target: level for target, level in set_to.items() if target not in defaults})
    said = own.where(own.notna(), said).astype("str")
    is_sensitive = assets["is_sensitive"] | assets["use"].isin(SENSITIVE_USES)
    return said.mask(is_sensitive, Visibility.OWNER.value)


def _by_register(said: str, default: str, to: str) -> str:
    """Visibility of a row whose register was set to something.

    Examples
    --------
    >>> _by_register("public", "public", "partners"), _by_register("owner", "public", "partners")
    ('partners', 'owner')
    """
    if said == default:
        return to
    order = [level.value for level in Visibility]
    return max(said, to, key=order.index) if said in order else Visibility.OWNER.value


def read_registers(connection: Connection) -> pd.DataFrame:
    """Every register that stands, as `Store.registers` gives it."""
    last = imports.c
    query = select(
        registers.c.id.label("register"),
        *(registers.c[name] for name in ("partner", "partner_name", "title")),
        func.coalesce(visibility.c.visibility, registers.c.visibility).label("visibility"),
        registers.c.as_of,
        last.at.label("imported_at"),
        last.file,
        last.rows,
        (last.accepted + last.repaired + last.unchanged).label("assets"),
        last.set_aside,
    ).select_from(
        registers.join(imports, registers.c.latest == last.id).outerjoin(
            visibility, visibility.c.target == registers.c.id
        )
    )
    found = bulk.read(connection, query, dict.fromkeys(("rows", "assets", "set_aside"), pa.int64()))
    return found.set_index("register").sort_index()[list(REGISTER_COLUMNS)]


def read_matches(connection: Connection) -> pd.DataFrame:
    """Pairs of assets that both stand, as `Store.matches` gives them."""
    sides = []
    for side in (matches.c.left, matches.c.right):
        versions = asset_versions.alias()
        stands = and_(versions.c.asset == side, versions.c.closed_by.is_(None))
        sides.append(select(true()).where(stands).exists())
    query = select(*(matches.c[name] for name in MATCH_COLUMNS)).where(*sides)
    found = bulk.read(connection, query, {"score": pa.float64()})
    return found.sort_values(["left", "right"], ignore_index=True)


def read_doubts(connection: Connection) -> pd.DataFrame:
    """Doubts and repairs of the rows of the last files, as `Store.doubts` gives them."""
    here = and_(import_rows.c["import"] == findings.c["import"], import_rows.c.row == findings.c.row)
    query = (
        select(import_rows.c.asset, *(findings.c[name] for name in FINDING_COLUMNS))
        .select_from(findings.join(registers, registers.c.latest == findings.c["import"]).join(import_rows, here))
        .where(findings.c.kind.in_([FindingKind.DOUBT.value, FindingKind.REPAIR.value]))
        .order_by(findings.c.id)
    )
    return bulk.read(connection, query, _ROW)


def read_imports(connection: Connection, register: str | None = None) -> list[ImportRecord]:
    """Imports, the newest first."""
    query = select(imports).order_by(imports.c.id.desc())
    if register is not None:
        query = query.where(imports.c.register == register)
    return [record_of(dict(row)) for row in connection.execute(query).mappings()]


def read_record(connection: Connection, import_id: int) -> tuple[ImportRecord, str]:
    """One import, and what its columns were taken for as JSON.

    Raises
    ------
    NotFoundError
        If there is no such import.
    """
    row = connection.execute(select(imports).where(imports.c.id == import_id)).mappings().one_or_none()
    if row is None:
        newest = connection.execute(select(func.max(imports.c.id))).scalar()
        raise NotFoundError("import", str(import_id), [] if newest is None else [str(newest)])
    return record_of(dict(row)), str(row["columns"])


def read_report(connection: Connection, import_id: int) -> Report:
    """All that is to be said of an import."""
    record, columns = read_record(connection, import_id)

    def part(table: Any, names: tuple[str, ...], kinds: dict[str, pa.DataType], *order: str) -> pd.DataFrame:
        query = select(*(table.c[name] for name in names)).where(table.c["import"] == import_id)
        return bulk.read(connection, query.order_by(*(table.c[name] for name in order)), kinds)

    aside = part(set_aside, SET_ASIDE_COLUMNS, _ROW, "row")
    return Report(
        record=record,
        columns=columns_of(columns),
        findings=part(findings, FINDING_COLUMNS, _ROW, "row", "id"),
        set_aside=aside,
        rows=_fates(part(import_rows, ROW_COLUMNS, _ROW, "row"), aside),
        # sorted here: databases differ in how they order text
        gone=part(gone_assets, GONE_COLUMNS, {}).sort_values("asset", ignore_index=True),
    )


def _fates(rows: pd.DataFrame, aside: pd.DataFrame) -> pd.DataFrame:
    rows["outcome"] = rows["outcome"].where(rows["change"] != "", Outcome.UNCHANGED.value)
    others = pd.DataFrame({"row": aside["row"], "outcome": Outcome.SET_ASIDE.value, "asset": "", "change": ""})
    whole = pd.concat([rows, others.astype(rows.dtypes)]) if len(others) else rows
    return whole.sort_values("row", ignore_index=True)
