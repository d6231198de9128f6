"""Words of addresses: what is written short, what names a street's type, a unit, or a place beside another."""

from __future__ import annotations

from typing import Final

TYPES: Final = {
    "rd": "road", "st": "street str", "ave": "avenue av aven", "ln": "lane", "cl": "close",
    "gdns": "gardens gdn garden", "terr": "terrace ter", "gro": "grove gr grv", "pl": "place",
    "cres": "crescent cresent cr", "dr": "drive drv", "ct": "court crt", "sq": "square", "hill": "hl", "way": "wy",
    "row": "", "mews": "mws", "walk": "wlk",
    "par": "parade pde", "bdwy": "broadway bway", "rise": "", "yd": "yard", "whf": "wharf", "emb": "embankment",
    "app": "approach appr", "villas": "vlls",
}  # fmt: skip
"""How a street's type is written, and its other forms; each is compared by itself and not as a word."""

SHORT: Final = {
    "ctr": "centre center cntr cent centr", "comm": "community cmty", "pri": "primary prim", "sch": "school schl",
    "hse": "house ho", "hosp": "hospital", "stn": "station sta",
    "bldg": "building buildings bldgs blg", "rec": "recreation recreational",
    "grd": "ground grounds", "pk": "park prk", "lib": "library libry", "est": "estate", "ind": "industrial",
    "ch": "church", "mt": "mount", "gt": "great", "lt": "little", "upr": "upper", "lwr": "lower",
    "off": "office offices",
    "dept": "department", "jnr": "junior", "sec": "secondary", "inf": "infant infants", "nth": "north n",
    "sth": "south s",
    "fld": "field", "flds": "fields", "coll": "college", "univ": "university", "childrens": "children child",
    "allot": "allotment allotments", "cem": "cemetery", "surg": "surgery", "med": "medical", "hlth": "health",
}  # fmt: skip
"""Other words that registers write short."""

UNITS: Final = frozenset(
    """
    flat flats flt apartment apartments apt unit units suite shop shops studio room block plot bay garage garages kiosk
    arch stall floor flr
    """.split()  # noqa: SIM905 -- forty quoted words would hide what they are
)
"""Words whose number is that of a part of a building."""

BESIDE: Final = frozenset(
    ["rear", "adjacent", "adj", "adjoining", "behind", "opposite", "opp", "between", "beside", "near", "junction", "ro"]
)
"""Words that put a place beside the one whose address it bears."""

LEFT_OUT: Final = frozenset(
    ["the", "of", "at", "in", "on", "no", "number", "london", "for", "by", "a", "an", "off", "from", "with", "former"]
)
"""Words that tell no two places apart."""

ORDINALS: Final = {
    "basement": -1, "first": 1, "second": 2, "third": 3, "fourth": 4, "fifth": 5, "sixth": 6, "upstairs": 1,
}  # fmt: skip
"""Floors in words."""

COMMON: Final = frozenset(SHORT) | frozenset(
    """
    library clinic depot nursery club youth day car leisure fire police ambulance land site garage garages shop cafe
    toilets toilet public pavilion theatre museum gallery playing allotments nature reserve open space play area town
    council borough former block flats unit flat units workshop store yard east west new old garden green high
    """.split()  # noqa: SIM905 -- as above
)
"""Words that so many places share that two rows are not compared for one of them alone."""
