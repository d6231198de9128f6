"""Pairs of assets that may be one place: proposed by rule, decided by people, and remembered."""

from __future__ import annotations

from collections.abc import Collection, Sequence

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


def decide(connection: Connection, pairs: Sequence[tuple[str, str]], decision: Decision, who: str, why: str) -> None:
    """Decide on pairs, as `Store.decide` says."""
    wanted = sorted({(min(pair), max(pair)) for pair in pairs})
    if not wanted:
        return
    known = connection.execute(select(matches.c.left, matches.c.right, matches.c.decision)).all()
    before = {(left, right): said for left, right, said in known}
    unknown = [pair for pair in wanted if pair not in before]
    if unknown:
        raise NotFoundError("proposed match", " and ".join(unknown[0]))
    to = Decision(decision).value
    changed = [pair for pair in wanted if before[pair] != to]
    if not changed:
        return
    is_open = to == Decision.PROPOSED
    at = now()
    said = {"decision": to, "decided_by": "" if is_open else who, "decided_at": "" if is_open else at, "why": why}
    one = update(matches).where(matches.c.left == bindparam("a"), matches.c.right == bindparam("b")).values(said)
    connection.execute(one, [{"a": left, "b": right} for left, right in changed])
    details = {"decision": to, "why": why, "count": len(changed), "pairs": [list(pair) for pair in changed[:1_000]]}
    note(connection, AuditEntry(at, who, "decide matches", details=details))
