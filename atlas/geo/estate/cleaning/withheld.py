"""What a register holds of persons, or asks to be kept back: none of the one is kept, none of the other shown."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from atlas.geo.estate.cleaning.cells import Flags, Texts, mapped, matching
from atlas.geo.estate.cleaning.lexicon import NO
from atlas.geo.estate.cleaning.persons import (
    MAY_BE_CONTACT,
    MAY_BE_TITLED,
    is_of_persons,
    is_of_tenants,
    is_titled,
    without_contacts,
    without_contacts_in_name,
    without_person,
)
from atlas.geo.estate.cleaning.sensitive import is_guarded, is_sensitive_name
from atlas.geo.estate.cleaning.words import visibility_of
from atlas.geo.estate.noted import Notes
from atlas.vocabulary.estate import SENSITIVE_USES, Visibility

_MAY_BE_SENSITIVE: Final = (
    r"(?i)refuge|safe ?house|domestic (?:violence|abuse)|wom[ae]n'?.?s aid|safe accommodation|crisis|idva"
    r"|confidential|withheld|undisclosed|sensitive|secret|\bexempt|\bpublish|\bpublication|\bpublic release|\bdisclose"
)
"""Nothing without one of these words can be sensitive by its words."""

_MAY_BE_NAMED: Final = r"^\S+ +\S|\("
_WITHOUT: Final = {
    **dict.fromkeys(("occupier", "organisation"), (without_person, _MAY_BE_NAMED)),
    **dict.fromkeys(("name", "street"), (without_contacts_in_name, MAY_BE_CONTACT)),
    **dict.fromkeys(("notes", "tenure_detail", "use_detail"), (without_contacts, MAY_BE_CONTACT)),
}
"""What takes persons out of the fields that may speak of them, and a pattern of those that may."""
_HOLDS_A_PART: Final = frozenset({"uprn", "postcode", "visibility"})
_MAY_NOT_HOLD: Final = (*sorted(_HOLDS_A_PART), "as_of", "land_ha", "floor_m2")
"""Fields that take no cell but of their form, and those that take the first of several things, or what is like it."""
_LEVELS: Final = {level.value: rank for rank, level in enumerate(Visibility)}


def without_persons(texts: dict[str, Texts], notes: Notes) -> None:
    """Leave out persons who occupy or own, and in words how to reach anybody; they are in the file alone."""
    for field, (without, may) in _WITHOUT.items():
        before = texts[field]
        texts[field] = _changed(before, without, may)
        at = np.flatnonzero(texts[field] != before)
        notes.repair(at, field, "person", "", texts[field][at].tolist(), "the name of a person is not kept")


def kept_of(unread: Mapping[str, Texts]) -> dict[str, Texts]:
    """Columns that no field takes, without those about persons, and without persons in the others."""
    kept = {}
    for header, texts in unread.items():
        if not is_of_persons(header):
            without, may = (without_person, _MAY_BE_NAMED) if is_of_tenants(header) else (_untitled, MAY_BE_TITLED)
            kept[header] = _changed(_changed(texts, without, may), without_contacts, MAY_BE_CONTACT)
    return kept


def unheld_of(
    cells: Mapping[str, Texts], headers: Mapping[str, Sequence[str]], held: Mapping[str, NDArray[Any]], notes: Notes
) -> dict[str, Texts]:
    """Doubted cells that their field does not hold as they are: they stay with the row."""
    unheld: dict[str, Texts] = {}
    for field in _MAY_NOT_HOLD:
        at = notes.doubted(field)
        if field not in _HOLDS_A_PART:
            at = at[pd.isna(held[field][at]) | (held[field][at] == "")]
        for header in headers.get(field, ()) if len(at) else ():
            if header in cells:
                texts = unheld.setdefault(header, np.full(len(cells[header]), "", dtype=object))
                texts[at] = cells[header][at]
    return kept_of(unheld)


def _changed(texts: Texts, change: Callable[[str], str], may: str) -> Texts:
    """Texts changed where they match a pattern; most do not."""
    at = np.flatnonzero(matching(texts, may))
    if not len(at):
        return texts
    changed = texts.copy()
    changed[at] = mapped(texts[at], change, "", "")
    return changed


def _untitled(text: str) -> str:
    return "" if is_titled(text) else text


def guard(texts: dict[str, Texts], spoken: Sequence[Texts], flags: Texts, default: Visibility, notes: Notes) -> Flags:
    """Who may see each asset, and whether only its owner may: by flag, by use, or by a word anywhere."""
    is_sensitive = mapped(flags, lambda text: "yes" if is_guarded(text) else "", "", "no") == "yes"
    is_sensitive |= np.isin(texts["use"], [use.value for use in SENSITIVE_USES])
    for column in (texts["name"], texts["street"], texts["use_detail"], texts["occupier"], *spoken):
        may = np.flatnonzero(matching(column, _MAY_BE_SENSITIVE))
        is_sensitive[may] |= np.array([is_sensitive_name(text) for text in column[may].tolist()], dtype=bool)
    said = texts["visibility"]
    levels = mapped(said, visibility_of, default.value, Visibility.OWNER)
    unread = np.flatnonzero((said != "") & (mapped(said, visibility_of, "known", "") == ""))
    notes.doubt(
        unread,
        "visibility",
        "visibility_unreadable",
        said[unread].tolist(),
        "kept for the owner, since it says nothing known",
    )
    stricter = mapped(levels, lambda level: max(level, default.value, key=_LEVELS.__getitem__), "", "")
    visible = np.where(is_sensitive, Visibility.OWNER.value, stricter).astype(object)
    is_no = mapped(flags, lambda text: "no" if text.strip().lower() in NO else "", "", "") == "no"
    says_less = np.flatnonzero(is_sensitive & (is_no | ((said != "") & (levels != Visibility.OWNER.value))))
    before = np.where(said != "", said, flags)[says_less].tolist()
    notes.repair(
        says_less, "visibility", "guarded", before, Visibility.OWNER.value, "only its owner may learn where this is"
    )
    texts["visibility"] = visible
    return np.asarray(is_sensitive, dtype=bool)
