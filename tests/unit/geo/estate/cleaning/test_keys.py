from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from atlas.geo.estate.cleaning.keys import _slugs
from atlas.records import slug

REFERENCES = st.lists(st.text("aZ09 -_/&'.é\N{RIGHT SINGLE QUOTATION MARK}İ\n", max_size=8), max_size=8)


@given(REFERENCES)
def test_references_are_written_as_ids_are(references: list[str]) -> None:
    assert _slugs(np.array(references, dtype=object)).tolist() == [slug(text) for text in references]
