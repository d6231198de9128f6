from __future__ import annotations

from atlas.store.frames import content_table
from tests.unit.store.cleaned import SQUARE, asset, cleaned


def test_a_hash_is_the_same_years_later() -> None:
    chunk = cleaned([asset("hall"), asset("park", wkb=SQUARE, land_ha=0.5, is_sensitive=True)])
    found = [value.hex() for value in content_table(chunk.assets)["content_hash"].to_pylist()]
    assert found == ["86d13aafa44d729a46515544e961d73e", "c714948cb27f9bde89de664e294028ff"]


def test_a_hash_does_not_follow_from_where_the_row_is() -> None:
    one, other = cleaned([asset("hall")]), cleaned([asset("hall", outcome="repaired")], first_row=9)
    assert content_table(one.assets)["content_hash"] == content_table(other.assets)["content_hash"]
