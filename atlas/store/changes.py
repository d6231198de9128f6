"""What changes the store besides rows: imports begun and undone, what is remembered, who sees what; the trail."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Connection, delete, insert, select, update

from atlas.errors import NotFoundError, QueryError
from atlas.geo.estate.imports import STANDING, UNDONE, AuditEntry, ImportRecord, RegisterInfo, SourceFile
from atlas.store.reads import read_record
from atlas.store.schema import (
    COUNTS,
    REGISTER_FACTS,
    asset_versions,
    audit,
    imports,
    registers,
    remembered_columns,
    state,
    visibility,
)
from atlas.vocabulary.estate import SENSITIVE_USES, Visibility


def now() -> str:
    """The moment, ISO, UTC."""
    return datetime.now(UTC).isoformat(timespec="seconds")


def note(connection: Connection, entry: AuditEntry) -> None:
    """Add to the audit trail, and raise the store's revision."""
    connection.execute(
        insert(audit).values(
            {
                "at": entry.at,
                "who": entry.who,
                "action": entry.action,
                "register": entry.register,
                "import": entry.import_id,
                "file": entry.file,
                "sha256": entry.sha256,
                "details": json.dumps(dict(entry.details), ensure_ascii=False),
            }
        )
    )
    connection.execute(update(state).values(revision=state.c.revision + 1))


def read_audit(connection: Connection, limit: int, register: str | None) -> list[AuditEntry]:
    """Changes, the newest first."""
    query = select(audit).order_by(audit.c.id.desc()).limit(limit)
    if register is not None:
        query = query.where(audit.c.register == register)
    return [
        AuditEntry(
            at=row["at"],
            who=row["who"],
            action=row["action"],
            register=row["register"],
            import_id=row["import"],
            file=row["file"],
            sha256=row["sha256"],
            details=json.loads(row["details"]),
        )
        for row in connection.execute(query).mappings()
    ]


def begin_import(
    connection: Connection, register: RegisterInfo, source: SourceFile, columns: str, who: str, at: str
) -> int:
    """Give an import its number, and the register what is said of it now.

    Raises
    ------
    QueryError
        If the register is another partner's.
    """
    facts = {name: str(getattr(register, name)) for name in REGISTER_FACTS}
    before = connection.execute(select(registers).where(registers.c.id == register.id)).mappings().one_or_none()
    if before is not None and before["partner"] != register.partner:
        raise QueryError(
            f"the register {register.id} is of {before['partner_name']} ({before['partner']}), not of "
            f"{register.partner}: give this one another id, or undo its imports first"
        )
    made = connection.execute(
        insert(imports)
        .values(
            facts
            | dict.fromkeys(COUNTS, 0)
            | {
                "register": register.id,
                "file": source.file,
                "sha256": source.sha256,
                "size_bytes": source.size_bytes,
                "form": source.form,
                "kept": source.kept,
                "who": who,
                "at": at,
                "columns": columns,
                "notes": json.dumps(source.notes, ensure_ascii=False),
                "state": STANDING,
                "supersedes": None if before is None else before["latest"],
            }
        )
        .returning(imports.c.id)
    ).scalar_one()
    _stand(connection, register.id, facts | {"latest": made}, is_there=before is not None)
    return int(made)


def _stand(connection: Connection, register: str, facts: Mapping[str, Any], *, is_there: bool) -> None:
    if is_there:
        connection.execute(update(registers).where(registers.c.id == register).values(facts))
    else:
        connection.execute(insert(registers).values(dict(facts) | {"id": register}))


def end_import(connection: Connection, import_id: int) -> None:
    """Note an import that is written."""
    record, _ = read_record(connection, import_id)
    details = {name: getattr(record, name) for name in COUNTS}
    entry = AuditEntry(record.at, record.who, "import", record.register, record.id, record.file, record.sha256, details)
    note(connection, entry)


def undo(connection: Connection, import_id: int, who: str) -> ImportRecord:
    """Take an import back.

    Raises
    ------
    NotFoundError
        If there is no such import.
    QueryError
        If it is undone already, or a later one of the register stands.
    """
    record, _ = read_record(connection, import_id)
    if not record.is_standing:
        raise QueryError(f"import {import_id} is undone already")
    latest = connection.execute(select(registers.c.latest).where(registers.c.id == record.register)).scalar_one()
    if latest != import_id:
        raise QueryError(f"import {latest} of {record.register} is newer than import {import_id}: undo it first")
    versions = asset_versions.c
    connection.execute(delete(asset_versions).where(versions.opened_by == import_id))
    connection.execute(update(asset_versions).where(versions.closed_by == import_id).values(closed_by=None))
    if record.supersedes is None:
        connection.execute(delete(registers).where(registers.c.id == record.register))
    else:
        before, _ = read_record(connection, record.supersedes)
        facts = {name: getattr(before, name) for name in REGISTER_FACTS} | {"latest": before.id}
        _stand(connection, record.register, facts, is_there=True)
    connection.execute(update(imports).where(imports.c.id == import_id).values(state=UNDONE))
    note(connection, AuditEntry(now(), who, "undo", record.register, record.id, record.file, record.sha256))
    return read_record(connection, import_id)[0]


def folded(header: str) -> str:
    """A header without case, and with single spaces.

    Examples
    --------
    >>> folded(" Tenure  TYPE")
    'tenure type'
    """
    return " ".join(header.casefold().split())


def remembered(connection: Connection, partner: str) -> dict[str, str | None]:
    """Fields of a partner's columns, by folded header."""
    table = remembered_columns.c
    query = select(table.header, table.field).where(table.partner == partner)
    return dict(connection.execute(query).all())


def remember(connection: Connection, partner: str, mapping: Mapping[str, str | None], who: str) -> None:
    """Remember fields of a partner's columns; only what is new changes anything."""
    known = remembered(connection, partner)
    told = {folded(header): name for header, name in mapping.items()}
    new = {header: name for header, name in told.items() if header not in known or known[header] != name}
    if not new:
        return
    table = remembered_columns
    connection.execute(delete(table).where(table.c.partner == partner, table.c.header.in_(list(new))))
    rows = [{"partner": partner, "header": header, "field": name} for header, name in new.items()]
    connection.execute(insert(table), rows)
    note(connection, AuditEntry(now(), who, "remember columns", details={"partner": partner, "columns": new}))


def set_visibility(connection: Connection, target: str, level: Visibility | None, who: str) -> None:
    """Set who may see a register or an asset; None takes the setting back.

    Raises
    ------
    NotFoundError
        If neither a register nor an asset that stands bears the id.
    QueryError
        If the asset is sensitive, and others than its owner would see it.
    """
    before = connection.execute(select(visibility.c.visibility).where(visibility.c.target == target)).scalar()
    register = _register_of(connection, target, level, is_set=before is not None)
    to = None if level is None else Visibility(level).value
    if to == before:
        return
    connection.execute(delete(visibility).where(visibility.c.target == target))
    if to is not None:
        connection.execute(insert(visibility).values(target=target, visibility=to))
    details = {"target": target, "from": before, "to": to}
    note(connection, AuditEntry(now(), who, "set visibility", register, details=details))


def _register_of(connection: Connection, target: str, level: Visibility | None, *, is_set: bool) -> str:
    if connection.execute(select(registers.c.id).where(registers.c.id == target)).scalar() is not None:
        return target
    versions = asset_versions.c
    query = select(versions.register, versions.is_sensitive, versions.use)
    found = connection.execute(query.where(versions.asset == target, versions.closed_by.is_(None))).one_or_none()
    if found is None:
        if is_set and level is None:
            return ""
        raise NotFoundError("register or asset", target)
    if level not in {None, Visibility.OWNER} and (found.is_sensitive or found.use in SENSITIVE_USES):
        raise QueryError(f"{target} is sensitive: nobody but its owner may see it")
    return str(found.register)
