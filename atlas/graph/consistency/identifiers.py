"""Numbers that registers give: of the right form, and one body each."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from itertools import islice
from typing import Any, Final

from atlas.errors import Faults
from atlas.graph.consistency.kin import Pairs

FORMS: Final = {
    "gss_code": (re.compile(r"[EWKNS]\d{8}"), "a GSS code, such as E09000028"),
    "ods_code": (re.compile(r"[A-Z0-9]{3,10}"), "an ODS code: capital letters and digits, such as RJ1"),
    "ukprn": (re.compile(r"1\d{7}"), "a UKPRN: eight digits, the first a 1"),
    "company_number": (
        re.compile(r"\d{8}|[A-Z]{2}\d{5}[\dA-Z]|R\d{7}"),
        "a company number: eight digits, or letters and digits such as RC000123",
    ),
    "charity_number": (
        re.compile(r"\d{6,7}(-\d{1,3})?|SC\d{6}|NIC?\d{6}|X[A-Z]?\d{4,6}"),
        "a charity number: six or seven digits, or SC012345",
    ),
}
"""What each number looks like: Office for National Statistics, NHS Organisation Data Service, UK Register of Learning
Providers, Companies House, and the charity regulators of England and Wales, Scotland and Northern Ireland."""


def check_identifiers(institutions: Sequence[tuple[int, Any]], kin: Pairs, faults: Faults) -> None:
    """Collect numbers of the wrong form, and numbers that two unrelated institutions carry.

    Parameters
    ----------
    institutions : sequence of (int, Institution)
        Rows and records.
    kin : frozenset of (str, str)
        Ids, in order, of pairs that `succeeds` or `part_of` joins: these may share a number.
    faults : Faults
        Collects.
    """
    for column, (form, expected) in FORMS.items():
        carriers: dict[str, list[tuple[int, str]]] = defaultdict(list)
        for row, record in institutions:
            number = getattr(record, column)
            if not number:
                continue
            if not form.fullmatch(number):
                faults.add("institutions.csv", "not of the right form", expected, row=row, column=column, value=number)
            carriers[number].append((row, record.id))
        for number, bodies in carriers.items():
            for row, other in shared(bodies, kin):
                wanted = f"one institution each, or a tie of succeeds or part_of (also {other[1]}, row {other[0]})"
                faults.add("institutions.csv", "shared number", wanted, row=row, column=column, value=number)


def shared(bodies: Sequence[tuple[int, str]], kin: Pairs) -> Iterator[tuple[int, tuple[int, str]]]:
    """Yield the row of each body that shares something with an earlier one that is no kin, and the first such."""
    ordered = sorted(bodies)
    for place, (row, body) in enumerate(ordered):
        for one in islice(ordered, place):
            if one[1] != body and (min(one[1], body), max(one[1], body)) not in kin:
                yield row, one
                break
