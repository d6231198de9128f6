"""Pairs of assets that may be one place: proposed by rule, decided by people, and remembered."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import UTC, datetime
from typing import Final

import numpy as np
import pandas as pd
import pyarrow as pa
from sqlalchemy import Connection, and_, bindparam, delete, select, update

from atlas.errors import NotFoundError
from atlas.geo.estate.imports import AuditEntry
from atlas.geo.estate.model import MATCH_COLUMNS
from atlas.store import bulk
from atlas.store.changes import note, now
from atlas.store.frames import numbers, texts
from atlas.store.schema import asset_versions, matches
from atlas.vocabulary.estate import Decision

_SAID = ("rule", "score", "reasons")
_PAIR = ["left", "right"]
Pair = tuple[str, str]

MOST_NAMED: Final = 1_000
"""Pairs that the audit trail names of one decision; all of it bear its moment."""


def propose(connection: Connection, found: pd.DataFrame, who: str, about: Collection[str]) -> None:
    """Keep proposals, as `Store.propose` says."""
    known = bulk.read(connection, select(*(matches.c[name] for name in MATCH_COLUMNS)), {"score": pa.float64()})
    given = _in_order(found)
    both = given.merge(known, how="left", on=_PAIR, suffixes=("", "_before"), indicator="seen")
    new = both[both["seen"] == "left_only"]
    is_open = both["decision"] == Decision.PROPOSED.value
    differs = np.logical_or.reduce([(both[name] != both[f"{name}_before"]).to_numpy(bool) for name in _SAID])
    moved = both[is_open.to_numpy(bool) & differs]
    gone = _no_longer(connection, known, given, about)
    if not len(new) + len(moved) + len(gone):
        return
    _drop(connection, pd.concat([gone[_PAIR], moved[_PAIR]]))
    _add(connection, pd.concat([new, moved]))
    details = {"new": len(new), "changed": len(moved), "withdrawn": len(gone)}
    note(connection, AuditEntry(now(), who, "propose matches", details=details))


def _in_order(found: pd.DataFrame) -> pd.DataFrame:
    """Each pair once, the lesser id left, the best score first."""
    ids = found[_PAIR].astype("str")
    is_turned = ids["left"] > ids["right"]
    ordered = found[list(_SAID)].astype({"rule": "str", "score": "float64", "reasons": "str"})
    ordered["left"] = ids["left"].where(~is_turned, ids["right"])
    ordered["right"] = ids["right"].where(~is_turned, ids["left"])
    ordered = ordered[ordered["left"] != ordered["right"]]
    return ordered.sort_values("score", ascending=False, kind="stable").drop_duplicates(_PAIR)


def _no_longer(
    connection: Connection, known: pd.DataFrame, given: pd.DataFrame, about: Collection[str]
) -> pd.DataFrame:
    """Undecided pairs of assets that stand in some registers, and that are not found any more."""
    is_open = (known["decision"] == Decision.PROPOSED.value).to_numpy(bool)
    if not is_open.any() or not len(about):
        return known.iloc[:0]
    versions = asset_versions.c
    stands = and_(versions.asset.in_([matches.c.left, matches.c.right]), versions.closed_by.is_(None))
    here = select(versions.id).where(stands, versions.register.in_(list(about))).exists()
    among = connection.execute(select(matches.c.left, matches.c.right).where(here)).all()
    pairs = pd.MultiIndex.from_frame(known[_PAIR])
    is_among = pairs.isin([tuple(pair) for pair in among])
    return known[is_open & is_among & ~pairs.isin(pd.MultiIndex.from_frame(given[_PAIR]))]


def _drop(connection: Connection, pairs: pd.DataFrame) -> None:
    if len(pairs):
        one = delete(matches).where(matches.c.left == bindparam("a"), matches.c.right == bindparam("b"))
        connection.execute(one, [{"a": left, "b": right} for left, right in pairs.to_numpy()])


def _add(connection: Connection, pairs: pd.DataFrame) -> None:
    blank = pa.array([""] * len(pairs), pa.large_string())
    columns = {name: texts(pairs[name]) for name in (*_PAIR, "rule", "reasons")} | {"score": numbers(pairs["score"])}
    decision = pa.array([Decision.PROPOSED.value] * len(pairs), pa.large_string())
    decided = dict.fromkeys(("decided_by", "decided_at", "why"), blank)
    bulk.insert(connection, matches, pa.table(columns | {"decision": decision} | decided))


def decide(connection: Connection, pairs: Sequence[Pair], decision: Decision, who: str, why: str) -> str:
    """Decide on pairs, as `Store.decide` says."""
    wanted = sorted({(min(pair), max(pair)) for pair in pairs})
    if not wanted:
        return ""
    known = connection.execute(select(matches.c.left, matches.c.right, matches.c.decision)).all()
    before = {(left, right): said for left, right, said in known}
    unknown = [pair for pair in wanted if pair not in before]
    if unknown:
        raise NotFoundError("proposed match", " and ".join(unknown[0]))
    changed = [pair for pair in wanted if before[pair] != Decision(decision).value]
    return _say(connection, changed, decision, who, why)


def take_back(connection: Connection, moment: str, who: str, why: str) -> int:
    """Open again what was decided at once, as `Store.take_back` says."""
    is_of = and_(matches.c.decided_at == moment, matches.c.decided_by == who, matches.c.decided_at != "")
    found = connection.execute(select(matches.c.left, matches.c.right).where(is_of)).all()
    _say(connection, [(left, right) for left, right in sorted(found)], Decision.PROPOSED, who, why, of=moment)
    return len(found)


def _say(connection: Connection, pairs: Sequence[Pair], decision: Decision, who: str, why: str, *, of: str = "") -> str:
    if not pairs:
        return ""
    # changes are written one after another, so that no two are of one microsecond
    moment = datetime.now(UTC).isoformat(timespec="microseconds")
    to, is_open = Decision(decision).value, decision == Decision.PROPOSED
    said = {"decision": to, "decided_by": "" if is_open else who, "decided_at": "" if is_open else moment, "why": why}
    one = update(matches).where(matches.c.left == bindparam("a"), matches.c.right == bindparam("b")).values(said)
    connection.execute(one, [{"a": left, "b": right} for left, right in pairs])
    named = [list(pair) for pair in pairs[:MOST_NAMED]]
    details = {"decision": to, "why": why, "moment": moment, "count": len(pairs), "pairs": named}
    note(connection, AuditEntry(now(), who, "decide matches", details=details | ({"takes_back": of} if of else {})))
    return moment
