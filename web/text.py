"""Values as readers see them: the filters that templates use."""

from __future__ import annotations

import math
from collections.abc import Sequence
from enum import StrEnum
from functools import partial
from typing import Final
from urllib.parse import urlsplit

from atlas.vocabulary import Domain, NeedDomain, Release, Sector, Verdict, label

MONTHS: Final = (
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
)
UNKNOWN: Final = "not known"

NEED_WORDS: Final = {
    NeedDomain.OVERALL: "need",
    NeedDomain.INCOME: "income deprivation",
    NeedDomain.EMPLOYMENT: "employment deprivation",
    NeedDomain.EDUCATION: "deprivation in education and skills",
    NeedDomain.HEALTH: "deprivation in health and disability",
    NeedDomain.CRIME: "deprivation through crime",
    NeedDomain.HOUSING_AND_SERVICES: "deprivation in housing and services",
    NeedDomain.LIVING_ENVIRONMENT: "deprivation in the living environment",
}


def count(value: float | None, places: int = 0) -> str:
    """A number with thousands separated.

    Examples
    --------
    >>> count(59871), count(2.5, 1), count(None)
    ('59,871', '2.5', 'not known')
    """
    return UNKNOWN if value is None or math.isnan(value) else f"{value:,.{places}f}"


def figure(value: float | None) -> str:
    """A number as it was written down: no places that it does not have.

    Examples
    --------
    >>> figure(40.0), figure(3.25), figure(None)
    ('40', '3.25', 'not known')
    """
    return UNKNOWN if value is None or math.isnan(value) else f"{value:,.10f}".rstrip("0").rstrip(".")


def rounded(value: int) -> str:
    """Three leading figures of a number of people: what a headline can carry.

    Examples
    --------
    >>> rounded(434871), rounded(1234), rounded(87)
    ('435,000', '1,230', '87')
    """
    step = 10 ** max(len(str(abs(value))) - 3, 0)
    return f"{round(value / step) * step:,}"


def plural(number: int, one: str, many: str = "") -> str:
    """A number and its noun.

    Examples
    --------
    >>> plural(1, "network"), plural(0, "network"), plural(2, "body", "bodies")
    ('1 network', '0 networks', '2 bodies')
    """
    return f"{number:,} {one if number == 1 else many or one + 's'}"


def distance(metres: float | None) -> str:
    r"""A distance in metres, in the unit that reads best.

    Examples
    --------
    >>> distance(2612.0), distance(640), distance(float("nan"))
    ('2.6\xa0km', '640\xa0m', 'not known')
    """
    if metres is None or math.isnan(metres):
        return UNKNOWN
    return (
        f"{metres / 1000:,.1f}\N{NO-BREAK SPACE}km" if metres >= 950 else f"{round(metres, -1):.0f}\N{NO-BREAK SPACE}m"
    )


def kilometres(metres: float) -> str:
    r"""A chosen distance in metres, as it was chosen.

    Examples
    --------
    >>> kilometres(4000), kilometres(2500)
    ('4\xa0km', '2.5\xa0km')
    """
    return f"{metres / 1000:g}\N{NO-BREAK SPACE}km"


def percent(share: float | None) -> str:
    """A share as whole per cent.

    Examples
    --------
    >>> percent(0.936), percent(None)
    ('94%', 'not known')
    """
    return UNKNOWN if share is None or math.isnan(share) else f"{share:.0%}"


def day(written: str | None) -> str:
    """An ISO day, month or year in words.

    Examples
    --------
    >>> day("2026-11-03"), day("2022-05"), day("2019"), day(None)
    ('3 November 2026', 'May 2022', '2019', 'not known')
    """
    if not written:
        return UNKNOWN
    year, *rest = written[:10].split("-")
    words = [str(int(part)) if place else MONTHS[int(part) - 1] for place, part in enumerate(rest)]
    return " ".join([*reversed(words), year])


def listed(words: Sequence[str]) -> str:
    """Words joined as in a sentence.

    Examples
    --------
    >>> listed(["Barnet"]), listed(["Barnet", "Brent"]), listed(["Barnet", "Brent", "Camden"])
    ('Barnet', 'Barnet and Brent', 'Barnet, Brent and Camden')
    """
    return " and ".join([*([", ".join(words[:-1])] if words[1:] else []), *words[-1:]])


def words(spelling: str | None) -> str:
    """Words for a spelling that has no list of its own words.

    Examples
    --------
    >>> words("sub_regional"), words(None)
    ('Sub-regional', 'not known')
    """
    if not spelling:
        return UNKNOWN
    return str(spelling).replace("sub_", "sub-").replace("_", " ").capitalize()


def first_up(words: str) -> str:
    """The words with a capital first; the rest as it is.

    Examples
    --------
    >>> first_up("acute NHS trust")
    'Acute NHS trust'
    """
    return words[:1].upper() + words[1:]


def of_list(members: type[StrEnum], spelling: str) -> str:
    """Words for a member of a closed list, given its spelling.

    Examples
    --------
    >>> of_list(Sector, "fire")
    'Fire and rescue'
    """
    return label(members(spelling))


def web_address(address: str | None) -> str:
    """The address where it is one that a reader may follow, else nothing.

    Examples
    --------
    >>> web_address("https://example.org/a"), web_address("javascript:alert(1)")
    ('https://example.org/a', '')
    """
    if not address:
        return ""
    try:
        parts = urlsplit(address.strip())
    except ValueError:
        return ""
    return address.strip() if parts.scheme in {"http", "https"} and parts.netloc else ""


FILTERS: Final = {
    "count": count,
    "figure": figure,
    "rounded": rounded,
    "distance": distance,
    "kilometres": kilometres,
    "percent": percent,
    "day": day,
    "listed": listed,
    "words": words,
    "first_up": first_up,
    "plural": plural,
    "web_address": web_address,
    "sector": partial(of_list, Sector),
    "domain": partial(of_list, Domain),
    "need_domain": partial(of_list, NeedDomain),
    "verdict": partial(of_list, Verdict),
    "release": partial(of_list, Release),
}
