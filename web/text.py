"""Values as readers see them: the filters that templates use."""

from __future__ import annotations

import math
import re
from enum import StrEnum
from functools import partial
from typing import Final
from urllib.parse import urlsplit

from markupsafe import Markup

from atlas.gaps.sentences import distance_words, reach_words
from atlas.gaps.shares import whole_share
from atlas.graph.wording import date_words, listed, plural
from atlas.parameters import Parameters
from atlas.vocabulary import PEOPLE, Domain, NeedDomain, Release, Sector, SiteKind, Verdict, label

UNKNOWN: Final = "not known"


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


def distance(metres: float | None) -> str:
    r"""A distance in metres, in the unit that reads best.

    Examples
    --------
    >>> distance(2612.0), distance(640), distance(float("nan"))
    ('2.6\xa0km', '640\xa0m', 'not known')
    """
    return re.sub(r"(?<=\d) ", "\N{NO-BREAK SPACE}", distance_words(metres))


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
    return date_words(written[:10])


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


def faulty(attributes: dict[str, str], fault: str) -> dict[str, str]:
    """Attributes of a field, which says itself that it is wrong where a fault is told of it.

    Examples
    --------
    >>> faulty({"list": "bodies"}, "No such body."), faulty({"list": "bodies"}, "")
    ({'list': 'bodies', 'aria-invalid': 'true'}, {'list': 'bodies'})
    """
    return attributes | {"aria-invalid": "true"} if fault else attributes


def captioned(table: Markup, words: str) -> Markup:
    """A table with a caption for those who hear the page, unless it has one; what is no table stays as it is.

    Examples
    --------
    >>> captioned(Markup("<table><tr><td>1</td></tr></table>"), "Ties & terms")
    Markup('<table><caption class="govuk-visually-hidden">Ties &amp; terms</caption><tr><td>1</td></tr></table>')
    """
    head, sign, rest = table.partition(">")
    if not head.lstrip().startswith("<table") or rest.lstrip().startswith("<caption") or "aria-label" in head:
        return table
    return head + sign + caption(words) + rest


def caption(words: str) -> Markup:
    """The caption of a table for those who hear the page: others see what it is by its heading."""
    return Markup('<caption class="govuk-visually-hidden">{}</caption>').format(words)


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


def share_of_ways(share: float, parameters: Parameters) -> str:
    """A share of the ways of measuring, never rounded across the bound of a verdict.

    Examples
    --------
    >>> share_of_ways(0.8975, Parameters())
    '89%'
    """
    return f"{whole_share(share, parameters)}%"


def with_code(sentence: str) -> Markup:
    """What stands between backticks as code.

    Examples
    --------
    >>> with_code("`next` & more")
    Markup('<code>next</code> &amp; more')
    """
    parts = sentence.split("`")
    code = Markup("<code>{}</code>").format
    return Markup("").join(code(part) if place % 2 else part for place, part in enumerate(parts))


FILTERS: Final = {
    "count": count,
    "figure": figure,
    "distance": distance,
    "kilometres": kilometres,
    "percent": percent,
    "share_of_ways": share_of_ways,
    "reach": reach_words,
    "day": day,
    "listed": listed,
    "site_kind": partial(of_list, SiteKind),
    "words": words,
    "with_code": with_code,
    "captioned": captioned,
    "faulty": faulty,
    "first_up": first_up,
    "plural": plural,
    "web_address": web_address,
    "sector": partial(of_list, Sector),
    "domain": partial(of_list, Domain),
    "need_domain": partial(of_list, NeedDomain),
    "verdict": partial(of_list, Verdict),
    "release": partial(of_list, Release),
    "people_counted": PEOPLE.__getitem__,
}
