"""The review of matches: rows of several partners that may be one place, accepted or rejected by a person."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

import numpy as np
import pandas as pd
from flask import Blueprint, current_app, redirect, request, url_for
from flask.blueprints import BlueprintSetupState
from werkzeug.wrappers import Response as Answer

from atlas.errors import NotFoundError, QueryError
from atlas.geo.estate.match.conflicts import conflicts
from atlas.geo.estate.match.propose import ACCEPT_SCORE
from atlas.vocabulary.estate import ESTATE_LABELS, SENSITIVE_USES, Decision, MatchRule
from web.estate_decided import called, keep_said, names_in, take_said
from web.estate_desk import settings, store, swap
from web.estate_report import number_of, value_in_words
from web.estate_session import WHO, needs_token, private
from web.memo import Memo

blueprint = Blueprint("estate_matches", __name__)

PAGE_PAIRS: Final = 20
FORM_BYTES: Final = 64 * 1024
FILTERS: Final = ("decision", "rule", "register", "at_least")
DECISION_S: Final = 0.5
"""How long a decision waits to be on the map: there may be many more to come."""
KEPT: Final = "atlas-estate-pairs"
HEAVY: Final = ("wkb", "extra")
"""Columns of assets that are not set side by side."""


@blueprint.record_once
def _open(state: BlueprintSetupState) -> None:
    state.app.extensions[KEPT] = Memo[pd.DataFrame](1)


@dataclass(frozen=True, slots=True)
class Line:
    """One field of two rows.

    Parameters
    ----------
    words : str
        What the field is called.
    left, right : str
        What each says; empty for nothing.
    is_different : bool
        Whether they disagree.
    is_interest : bool
        Whether each holder has its own, so that they never disagree.
    """

    words: str
    left: str
    right: str
    is_different: bool
    is_interest: bool


@dataclass(frozen=True, slots=True)
class Pair:
    """Two rows that may be one place.

    Parameters
    ----------
    left, right : str
        Ids.
    names : tuple of (str, str, str)
        What each is called, in which register, and the day that it speaks of.
    rule, reasons, decision : str
        Why they may be, in words, and what was said of it.
    score : float
        0 to 1.
    lines : tuple of Line
        Field by field.
    """

    left: str
    right: str
    names: tuple[tuple[str, str, str], ...]
    rule: str
    reasons: str
    decision: str
    score: float
    lines: tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class Filters:
    """Which pairs are shown.

    Parameters
    ----------
    decision : Decision
        What was said of them.
    rule : str
        By which rule they were found; empty for any.
    register : str
        In which one of both is; empty for any.
    at_least : float
        The least score.
    """

    decision: Decision = Decision.PROPOSED
    rule: str = ""
    register: str = ""
    at_least: float = 0.0

    @classmethod
    def of(cls, fields: Mapping[str, str]) -> Filters:
        """What an address or a form asks for.

        Raises
        ------
        QueryError
            If it cannot be granted.
        """
        decision, rule = fields.get("decision") or Decision.PROPOSED, fields.get("rule", "")
        if decision not in set(Decision):
            raise QueryError(f"decision {decision!r} is none of {', '.join(Decision)}")
        if rule and rule not in set(MatchRule):
            raise QueryError(f"rule {rule!r} is none of {', '.join(MatchRule)}")
        return cls(Decision(decision), rule, fields.get("register", "")[:200], score_of(fields.get("at_least", "")))

    def of_matches(self, matches: pd.DataFrame, registers: pd.Series[str]) -> pd.DataFrame:
        """The pairs that pass, the likeliest first."""
        found = matches[(matches["decision"] == self.decision) & (matches["score"] >= self.at_least)]
        if self.rule:
            found = found[found["rule"] == self.rule]
        if self.register:
            sides = [found[side].map(registers) == self.register for side in ("left", "right")]
            found = found[sides[0] | sides[1]]
        return found.sort_values(["score", "left", "right"], ascending=[False, True, True], kind="stable")

    def fields(self) -> dict[str, str]:
        """As fields of an address."""
        given = {"decision": self.decision.value, "rule": self.rule, "register": self.register}
        given["at_least"] = f"{self.at_least:g}" if self.at_least else ""
        return {name: value for name, value in given.items() if value}


def score_of(typed: str) -> float:
    """A score that was typed.

    Raises
    ------
    QueryError
        If it is none.

    Examples
    --------
    >>> score_of("0.9"), score_of("")
    (0.9, 0.0)
    """
    try:
        score = float(typed or 0)
    except ValueError:
        score = math.nan
    if not 0 <= score <= 1:
        raise QueryError(f"a score lies between 0 and 1, and {typed!r} does not")
    return score


@blueprint.get("/estate/matches")
@needs_token
def index() -> Answer:
    """Answer with pairs that may be one place, both rows side by side."""
    fields, wrong = request.args.to_dict(), {}
    try:
        score_of(fields.get("at_least", ""))
    except QueryError as error:
        wrong = {"at_least": (fields.pop("at_least"), str(error))}
    return _shown(Filters.of(fields), number_of(fields.get("page", "")), wrong)


def _shown(filters: Filters, page: int, wrong: Mapping[str, tuple[str, str]]) -> Answer:
    """The page; `wrong` has what was typed into a field, and what is wrong with it."""
    every, registers = store().matches(), store().registers()
    assets = _rows(every)
    if filters.register and filters.register not in registers.index:
        raise QueryError(f"register {filters.register!r} is none of {', '.join(map(str, registers.index))}")
    matches = _may_be_shown(every, assets)
    hidden = len(every) - len(matches)
    found = filters.of_matches(matches, assets["register"])
    pages = max(1, -(-len(found) // PAGE_PAIRS))
    page = min(pages, page)
    shown = found[(page - 1) * PAGE_PAIRS : page * PAGE_PAIRS]
    counts = matches["decision"].value_counts().to_dict()
    context = {
        "filters": filters,
        "wrong": wrong,
        "pairs": pairs_of(shown, assets, registers),
        "said": take_said(names_in(assets)),
        "count": len(found),
        "hidden": hidden,
        "page": page,
        "pages": pages,
        "counts": {decision.value: int(counts.get(decision.value, 0)) for decision in Decision},
        "offered": {
            one.value: len(replace(filters, decision=one).of_matches(matches, assets["register"])) for one in Decision
        },
        "rules": [(rule.value, ESTATE_LABELS[MatchRule][rule]) for rule in MatchRule],
        "registers": sorted((str(title), str(key)) for key, title in registers["title"].items()),
        "accept_at": f"{ACCEPT_SCORE:g}",
        "certain": int(((matches["decision"] == Decision.PROPOSED) & (matches["score"] >= ACCEPT_SCORE)).sum()),
    }
    return private("estate_matches.html", context, 400 if wrong else 200)


def _rows(matches: pd.DataFrame) -> pd.DataFrame:
    """The rows of all pairs; read once until a register, or what is proposed, changes: decisions change no row."""
    ids = pd.Index(pd.unique(pd.concat([matches["left"], matches["right"]])))
    standing = tuple((one.id, one.state) for one in store().imports())
    key = (standing, int(pd.util.hash_pandas_object(ids.sort_values(), index=False).sum()))
    kept: Memo[pd.DataFrame] = current_app.extensions[KEPT]

    def read() -> pd.DataFrame:
        assets = store().assets()
        return assets[assets.index.isin(ids)].drop(columns=[*HEAVY])

    return kept.get(key, read)


def _may_be_shown(matches: pd.DataFrame, assets: pd.DataFrame) -> pd.DataFrame:
    """The pairs without a sensitive site."""
    return matches[~matches[["left", "right"]].isin(assets.index[is_sensitive(assets)]).any(axis=1)]


def is_sensitive(assets: pd.DataFrame) -> pd.Series[bool]:
    """Which assets nobody but their owner may learn of: pairs with one are for the command line."""
    return assets["is_sensitive"].astype(bool) | assets["use"].isin(SENSITIVE_USES)


def pairs_of(found: pd.DataFrame, assets: pd.DataFrame, registers: pd.DataFrame) -> list[Pair]:
    """Pairs with both their rows, field by field."""
    titles = {str(key): (str(row["title"]), str(row["as_of"])) for key, row in registers.to_dict("index").items()}
    shown = assets[assets.index.isin([*found["left"], *found["right"]])]
    wanted: dict[Any, Any] = shown.to_dict("index")
    return [_pair_of(row, wanted, shown, titles) for row in found.to_dict("records") if _ids(row) <= wanted.keys()]


def _ids(row: Mapping[Any, Any]) -> set[str]:
    return {str(row["left"]), str(row["right"])}


def _pair_of(
    row: Mapping[Any, Any], wanted: Mapping[Any, Any], assets: pd.DataFrame, titles: Mapping[str, tuple[str, str]]
) -> Pair:
    ids = (str(row["left"]), str(row["right"]))
    names = []
    for side in (wanted[one] for one in ids):
        title, as_of = titles.get(side["register"], ("", ""))
        names.append((called(side), title, str(side["as_of"] or as_of)))
    rule = ESTATE_LABELS[MatchRule].get(row["rule"], str(row["rule"]))
    reasons, score = words_of(row["reasons"]), float(row["score"])
    return Pair(*ids, tuple(names), rule, reasons, str(row["decision"]), score, lines_of(assets, ids))


def words_of(reasons: object) -> str:
    """Reasons as one text."""
    return "; ".join(map(str, reasons)) if isinstance(reasons, list | tuple) else str(reasons)


def lines_of(assets: pd.DataFrame, ids: Sequence[str]) -> tuple[Line, ...]:
    """Two rows field by field, and where they disagree; a field of which neither says anything is left out."""
    told = conflicts(assets, ids)
    lines = []
    for _, rows in told[told["field"] != "visibility"].groupby("field", sort=False):
        first = rows.iloc[0]
        words = f"{first['label']} ({first['unit']})" if first["unit"] else str(first["label"])
        one, other = (value_in_words(first["field"], value) for value in rows["value"])
        lines.append(Line(words, one, other, bool(first["is_conflict"]), bool(first["is_interest"])))
    return tuple(lines)


@blueprint.post("/estate/matches")
@needs_token
def decide() -> Answer:
    """Accept or reject one pair, or all that are shown at or above a score, or take that back."""
    filters = Filters.of(request.form)
    do, typed = request.form.get("do", ""), request.form.get("pair", "")
    page, place = number_of(request.form.get("page", "")), 0
    if do == "look":
        keep_said(do, count=_look())
    elif do == "accept-all":
        score = request.form.get("score", "")
        try:
            count, moment = _accept_all(filters, score_of(score))
        except QueryError as error:
            return _shown(filters, page, {"score": (score, str(error))})
        keep_said(do, count=count, at=moment)
    elif do == "undo-all":
        keep_said(do, count=store().take_back(typed, WHO, "taken back on the page"))
    elif do in set(Decision):
        pair = _shown_pair(typed)
        store().decide([pair], Decision(do), WHO, "looked at on the page")
        page, place = _next(filters, pair)
        keep_said(do, pair=pair, place=place)
    else:
        raise QueryError(f"{do!r} is nothing that can be done with a match")
    swap(DECISION_S)
    fields: dict[str, Any] = filters.fields() | ({"page": page} if page > 1 else {})
    anchor = f"pair-{place}" if place else "said"
    return redirect(url_for("estate_matches.index", **fields, _anchor=anchor), 303)


def _next(filters: Filters, pair: tuple[str, str]) -> tuple[int, int]:
    """Page, and number on it, of the pair to look at after one: itself where it is shown again; 0 where none is."""
    matches = store().matches()
    assets = _rows(matches)
    found = filters.of_matches(_may_be_shown(matches, assets), assets["register"])
    if found.empty:
        return 1, 0
    itself = np.flatnonzero((found["left"] == min(pair)) & (found["right"] == max(pair)))
    page, place = (number_of(request.form.get(field, "")) for field in ("page", "place"))
    asked = (page - 1) * PAGE_PAIRS + place - 1
    at = int(itself[0]) if len(itself) else min(asked, len(found) - 1)
    return at // PAGE_PAIRS + 1, at % PAGE_PAIRS + 1


def _look() -> int:
    """Look for pairs in all registers; how many there are more to see."""
    from atlas.same_places import match_everything  # noqa: PLC0415 -- with all of matching: rarely asked for

    before = store().matches()
    after = match_everything(store(), settings().workspace, WHO)
    shown = _may_be_shown(after, _rows(after))
    known = set(zip(before["left"], before["right"], strict=True))
    return len(set(zip(shown["left"], shown["right"], strict=True)) - known)


def _pair(typed: str) -> tuple[str, str]:
    left, _, right = typed.partition(" ")
    if not left or not right:
        raise QueryError(f"{typed!r} names no pair of assets")
    return left, right


def _shown_pair(typed: str) -> tuple[str, str]:
    """The pair that a form names, where it is one that the page shows."""
    pair = _pair(typed)
    matches = store().matches()
    is_asked = (matches["left"] == min(pair)) & (matches["right"] == max(pair))
    rows = _rows(matches)
    if not is_asked.any() or is_sensitive(rows[rows.index.isin(pair)]).any():
        raise NotFoundError("match", typed)
    return pair


def _accept_all(filters: Filters, score: float) -> tuple[int, str]:
    """How many were accepted, and the moment, by which they are taken back."""
    if score < 0.5:
        raise QueryError("all are accepted from a score of 0.5 on, not from a lower one")
    matches = store().matches()
    rows = _rows(matches)
    open_ = _may_be_shown(matches, rows)
    found = Filters(Decision.PROPOSED, filters.rule, filters.register, score).of_matches(open_, rows["register"])
    pairs = list(zip(found["left"], found["right"], strict=True))
    return len(pairs), store().decide(pairs, Decision.ACCEPTED, WHO, f"score of at least {score:g}")


@blueprint.before_request
def _bound() -> None:
    request.max_content_length = FORM_BYTES
