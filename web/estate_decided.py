"""What was just said of matches: a line for the next page of the same session, and how it is taken back."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import pandas as pd
from flask import session

from atlas.graph.wording import plural
from atlas.vocabulary.estate import Decision

KEPT: Final = "said"
_WORDS: Final = {
    Decision.ACCEPTED.value: "Said to be one place: {}.",
    Decision.REJECTED.value: "Said to be two places: {}.",
    Decision.PROPOSED.value: "Taken back, and to be decided again: {}.",
}


@dataclass(frozen=True, slots=True)
class Said:
    """What was done, as the page says it.

    Parameters
    ----------
    words : str
        A sentence.
    place : int
        Number on the page of the pair that it stands before; 0 for above them all.
    undo : str
        What a form does to take it back; empty where that is no more to be done.
    pair : str
        The pair that it does it to; for many the moment that they were decided.
    """

    words: str
    place: int = 0
    undo: str = ""
    pair: str = ""


def keep_said(what: str, *, pair: Sequence[str] = (), count: int = 0, place: int = 0, at: str = "") -> None:
    """Have the next page of this session say what was done."""
    session[KEPT] = {"what": what, "pair": [*pair], "count": count, "place": place, "at": at}


def take_said(names: Mapping[str, str]) -> Said | None:
    """What was done just before, said once; `names` are those of the assets by id."""
    kept = session.pop(KEPT, None)
    if not kept:
        return None
    what, count, place = kept["what"], kept["count"], kept["place"]
    if what in _WORDS:
        called = " and ".join(dict.fromkeys(names.get(one, one) for one in kept["pair"]))
        undo = "" if what == Decision.PROPOSED else Decision.PROPOSED.value
        return Said(_WORDS[what].format(called), place, undo, " ".join(kept["pair"]))
    return Said(words_of_many(what, count), place, "undo-all" if kept["at"] else "", kept["at"])


def words_of_many(what: str, count: int) -> str:
    """A sentence on what was done to many pairs.

    Examples
    --------
    >>> words_of_many("look", 0), words_of_many("accept-all", 32)
    ('No more pairs were found.', '32 pairs were said to be one place each.')
    """
    if what == "look":
        return f"{plural(count, 'more pair')} {'was' if count == 1 else 'were'} found." if count else _NO_MORE
    if what == "accept-all":
        if not count:
            return "No pair has that score: nothing was accepted."
        return f"{plural(count, 'pair')} {'was' if count == 1 else 'were'} said to be one place each."
    return f"{plural(count, 'pair')} taken back, and to be decided again." if count else _NONE_BACK


_NO_MORE: Final = "No more pairs were found."
_NONE_BACK: Final = "Nothing was left to take back."


def names_in(assets: pd.DataFrame) -> dict[str, str]:
    """What each asset is called: by its name, else its street, else its reference."""
    named = assets[["name", "street", "reference"]].to_dict("index")
    return {str(asset): called(row) for asset, row in named.items()}


def called(row: Mapping[Any, Any]) -> str:
    """What an asset is called.

    Examples
    --------
    >>> called({"name": "", "street": "1 High Street", "reference": "A1"})
    '1 High Street'
    """
    return str(row["name"] or row["street"] or row["reference"] or "without a name")
