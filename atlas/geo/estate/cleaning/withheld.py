"""What a register holds of persons, or asks to be kept back: none of the one is kept, none of the other shown."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

import numpy as np

from atlas.geo.estate.cleaning.cells import Flags, Texts, mapped, matching
from atlas.geo.estate.cleaning.lexicon import NO
from atlas.geo.estate.cleaning.persons import is_of_persons, is_of_tenants, is_titled, without_person
from atlas.geo.estate.cleaning.words import is_guarded, is_sensitive_name, visibility_of
from atlas.geo.estate.noted import Notes
from atlas.vocabulary.estate import SENSITIVE_USES, Visibility

_MAY_BE_SENSITIVE: Final = (
    r"(?i)refuge|safe ?house|domestic (?:violence|abuse)|wom[ae]n'?.?s aid|safe accommodation|crisis|idva"
    r"|confidential|withheld|undisclosed|official[- ]sensitive|\bpublish|\bpublication|\bpublic release|\bdisclose"
)
"""Nothing without one of these words can be sensitive by its words."""

_LEVELS: Final = {level.value: rank for rank, level in enumerate(Visibility)}


def without_persons(texts: dict[str, Texts], notes: Notes) -> None:
    """Leave out occupiers that are persons; their names are in the file alone."""
    before = texts["occupier"]
    texts["occupier"] = mapped(before, without_person, "", "")
    at = np.flatnonzero(texts["occupier"] != before)
    notes.repair(at, "occupier", "person", "", texts["occupier"][at].tolist(), "the name of a person is not kept")


def kept_of(unread: Mapping[str, Texts]) -> dict[str, Texts]:
    """Columns that no field takes, without those about persons, and without persons' names in the others."""
    kept = {}
    for header, texts in unread.items():
        if not is_of_persons(header):
            meaning = without_person if is_of_tenants(header) else _untitled
            kept[header] = mapped(texts, meaning, "", "")
    return kept


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
