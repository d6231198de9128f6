"""Numbers, lists and dates in words."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from atlas.vocabulary import Status

MONTHS: Final = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)


def plural(number: int, one: str, many: str = "") -> str:
    """A number with its noun.

    Examples
    --------
    >>> plural(1, "tie"), plural(1_200, "tie"), plural(2, "body", "bodies")
    ('1 tie', '1,200 ties', '2 bodies')
    """
    return f"{number:,} {one if number == 1 else many or one + 's'}"


def listed(words: Sequence[str]) -> str:
    """Words joined as in a sentence.

    Examples
    --------
    >>> listed(["Barnet"]), listed(["Barnet", "Brent"]), listed(["Barnet", "Brent", "Camden"])
    ('Barnet', 'Barnet and Brent', 'Barnet, Brent and Camden')
    """
    return " and ".join([*([", ".join(words[:-1])] if words[1:] else []), *words[-1:]])


def date_words(partial: str) -> str:
    """Write a partial date in words.

    Examples
    --------
    >>> date_words("2026-11-03"), date_words("2022-05"), date_words("2019")
    ('3 November 2026', 'May 2022', '2019')
    """
    year, *rest = partial.split("-")
    words = [str(int(part)) if place else MONTHS[int(part) - 1] for place, part in enumerate(rest)]
    return " ".join([*reversed(words), year])


def period_words(start: str | None, end: str | None, status: str) -> str:
    """Write when something stood in words, with what is not known.

    Examples
    --------
    >>> period_words("2021", None, "active"), period_words("2021", "2024-06", "ended")
    ('since 2021', 'from 2021 to June 2024')
    >>> period_words(None, None, "ended"), period_words("2014", None, "unknown")
    ('ended, when is not known', 'since 2014, not known whether still')
    """
    if start and end:
        return f"in {date_words(start)}" if start == end else f"from {date_words(start)} to {date_words(end)}"
    if end:
        return f"until {date_words(end)}"
    since = f"since {date_words(start)}" if start else ""
    if status == Status.PLANNED:
        return f"planned, from {date_words(start)}" if start else "planned"
    if status == Status.ENDED:
        return f"from {date_words(start)}, ended since" if start else "ended, when is not known"
    if status == Status.UNKNOWN:
        return f"{since}, not known whether still" if start else "dates not known, nor whether still"
    return since or "start not known"
