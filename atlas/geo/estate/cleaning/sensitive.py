"""Words and flags by which only its owner may know of an asset."""

from __future__ import annotations

import re
from typing import Final

from atlas.geo.estate.cleaning.lexicon import SENSITIVE_FLAGS, YES
from atlas.geo.estate.cleaning.phrases import words_of
from atlas.geo.estate.cleaning.words import speaks_of_refuge

_WITHHELD: Final = re.compile(
    r"\b(?:confidential|undisclosed|withheld) (?:address|location)"
    r"|(?:address|location) (?:is )?(?:confidential|withheld)|official[- ]sensitive"
    r"|\bnot (?:for|to be) (?:public(?:ation| release)|published|disclosed)|\bdo not (?:publish|disclose)"
    r"|^\W*(?:(?:top )?secret|confidential|withheld)\W*$|\((?:confidential|withheld)\)|^\W*withheld\b|withheld under"
    r"|\bexempt\b\W{1,4}(?:under )?s(?:ection|ec|\b)|\bsensitive\W{1,3}(?:y|yes|true)\b",
    re.IGNORECASE,
)


def is_sensitive_name(text: str) -> bool:
    """Whether words speak of a refuge or the like, or of a place that is withheld, in whatever column they stand.

    Examples
    --------
    >>> is_sensitive_name("Women's Refuge, 3 High Street"), is_sensitive_name("Refuse store")
    (True, False)
    >>> is_sensitive_name("Address withheld"), is_sensitive_name("Confidential waste store")
    (True, False)
    >>> is_sensitive_name("pedestrian refuge island"), is_sensitive_name("consent not to be withheld")
    (False, False)
    >>> [is_sensitive_name(text) for text in ("SECRET", "HMP house (Confidential)", "Exempt - s.31(1)")]
    [True, True, True]
    """
    return bool(_WITHHELD.search(text)) or speaks_of_refuge(text)


def is_guarded(text: str) -> bool:
    """Whether a flag says that only the owner may know of an asset.

    Examples
    --------
    >>> is_guarded("Y"), is_guarded("Confidential"), is_guarded("no"), is_guarded("")
    (True, True, False, False)
    """
    flag = text.strip().lower()
    return flag in YES or (not SENSITIVE_FLAGS.isdisjoint(words_of(flag)) and "not" not in words_of(flag))
