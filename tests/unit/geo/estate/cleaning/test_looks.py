"""What the values of a column look like, where its name speaks of something else."""

from __future__ import annotations

import pandas as pd
import pytest

from atlas.geo.estate.cleaning.columns import match_columns

STATES = ["Operational", "Vacant", "Surplus to requirements", "tbc"]
RIGHTS = ["Freehold", "Leased in", "Freehold", "Leased in"]


@pytest.mark.parametrize(
    ("columns", "fields"),
    [
        ({"Legal Tenure": RIGHTS, "Legal Status": STATES}, ["tenure", "status"]),
        ({"Legal Status": ["Operational", "Surplus"]}, ["status"]),
        ({"Legal Status": [*RIGHTS, "Vacant"]}, ["tenure"]),
        ({"Ownership status": ["Unknown", "Local Authority", "Unknown"]}, ["tenure"]),
        ({"Legal Status": ["", ""]}, ["tenure"]),
    ],
)
def test_a_legal_status_that_says_vacant_and_no_right_is_a_status(
    columns: dict[str, list[str]], fields: list[str]
) -> None:
    found = match_columns(list(columns), pd.DataFrame(columns))
    assert [match.field for match in found] == fields
