"""Words of headers that are cut short, spelt out."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from atlas.geo.estate.cleaning.headers import fold

_WHOLE: Final[Mapping[str, str]] = {
    "addr": "address",
    "adr": "address",
    "asst": "asset",
    "bld": "building",
    "bldg": "building",
    "blg": "building",
    "cat": "category",
    "desc": "description",
    "descr": "description",
    "dscr": "description",
    "est": "estate",
    "eastng": "easting",
    "northng": "northing",
    "loc": "location",
    "nbr": "number",
    "nm": "name",
    "no": "number",
    "num": "number",
    "occ": "occupier",
    "org": "organisation",
    "pcode": "postcode",
    "ppty": "property",
    "prop": "property",
    "prpty": "property",
    "pstcd": "postcode",
    "pstcde": "postcode",
    "refno": "reference",
    "stat": "status",
    "str": "street",
    "strt": "street",
    "ten": "tenure",
    "tenr": "tenure",
    "typ": "type",
}


def spelt_out(header: str) -> str:
    """A header with its abbreviations spelt out; empty where it has none.

    Examples
    --------
    >>> spelt_out("PROP_NM"), spelt_out("BLDG_DESCR"), spelt_out("Property name")
    ('property name', 'building description', '')
    """
    words = fold(header).split()
    whole = [_WHOLE.get(word, word) for word in words]
    return "" if whole == words else " ".join(whole)
