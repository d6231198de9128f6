"""Fields of an address that its page does not take: told above it, since what is shown is not what was asked for."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable
from difflib import get_close_matches
from typing import Final

from web.choices import FIELDS

CHOSEN: Final = (*FIELDS, "weight")
"""What every page takes; a form without JavaScript sends each weight by itself."""

# what mail and adverts add says nothing about the page, and whoever follows such a link did not type it: no word of it
TRACKING: Final = re.compile(
    r"utm_\w+|mc_[ce]id|mkt_tok|_hsenc|_hsmi|_ga|_gl|fbclid|gclid|dclid|msclkid|ttclid|twclid|yclid|gbraid|wbraid|igshid"
)
MOST_TOLD: Final = 5
LONGEST: Final = 40
LIKE_ENOUGH: Final = 0.7


def passed_over(given: Iterable[str], takes: Collection[str]) -> tuple[tuple[str, str], ...]:
    """The first fields that mean nothing here, each with the one that may be meant, or nothing.

    Parameters
    ----------
    given : iterable of str
        Names of fields in the address.
    takes : collection of str
        What the page takes besides the choices.

    Examples
    --------
    >>> passed_over(["relase", "sort", "utm_source", "x"], ["sort"])
    (('relase', 'release'), ('x', ''))
    """
    known = (*CHOSEN, *takes)
    unknown = sorted(name for name in set(given).difference(known) if not TRACKING.fullmatch(name.lower()))
    return tuple((name[:LONGEST], _meant(name, known)) for name in unknown[:MOST_TOLD])


def _meant(name: str, known: Collection[str]) -> str:
    return next(iter(get_close_matches(name[:LONGEST].lower(), known, 1, LIKE_ENOUGH)), "")
