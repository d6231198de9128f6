from __future__ import annotations

from dataclasses import replace

import pandas as pd
import pytest

from atlas.geo.estate.model import FINDING_COLUMNS, MATCH_COLUMNS, Estate, Viewer, may_see
from atlas.vocabulary.estate import Visibility
from tests.land import land


def estate(**hidden: object) -> Estate:
    """A register of two assets, one of them guarded, which a doubt about the other names; and a match of the two."""
    found = land({"id": "open", "at": (500, 500)}, {"id": "guarded", "at": (500, 500), **hidden})
    doubt = dict.fromkeys(FINDING_COLUMNS, "") | {
        "kind": "doubt",
        "code": "same_place",
        "why": "where row 3 (Guarded) is",
    }
    findings = pd.DataFrame([{"asset": "asset:council-open", **doubt}])
    pair = ("asset:council-guarded", "asset:council-open", "uprn", 0.9, "", "proposed")
    return replace(found, findings=findings, matches=pd.DataFrame([pair], columns=list(MATCH_COLUMNS)))


@pytest.mark.parametrize(
    ("level", "viewer", "seen"),
    [
        ("public", Viewer.public(), True),
        ("partners", Viewer.public(), False),
        ("partners", Viewer.of_partner("institution:other"), True),
        ("owner", Viewer.of_partner("institution:other"), False),
        ("owner", Viewer.of_partner("institution:council"), True),
        ("owner", Viewer.owner(), True),
        ("", Viewer.public(), False),
        ("everybody", Viewer.of_partner("institution:other"), False),
    ],
)
def test_who_sees_what(level: str, viewer: Viewer, *, seen: bool) -> None:
    (found,) = may_see(viewer, land({"id": "one", "at": (1, 1), "visibility": level}).assets)
    assert found == seen


@pytest.mark.parametrize("sensitive", [{"use": "refuge"}, {"is_sensitive": True}])
def test_a_sensitive_asset_is_the_owners_whatever_was_set(sensitive: dict[str, object]) -> None:
    whole = estate(visibility="public", **sensitive)
    for viewer in (Viewer.public(), Viewer.of_partner("institution:other")):
        assert whole.seen_by(viewer).assets.index.tolist() == ["asset:council-open"]
    assert len(whole.seen_by(Viewer.owner())) == 2


def test_nothing_that_is_seen_tells_of_what_is_not() -> None:
    seen = estate(visibility="owner").seen_by(Viewer.public())
    assert (len(seen), len(seen.matches), len(seen.findings)) == (1, 0, 0)


def test_a_doubt_that_names_another_row_is_shown_where_no_row_is_hidden() -> None:
    seen = estate(visibility="public").seen_by(Viewer.public())
    assert (len(seen.matches), len(seen.findings)) == (1, 1)


def test_a_register_that_nobody_may_see_is_not_named() -> None:
    whole = estate(visibility="owner")
    guarded = whole.assets.assign(visibility="owner")
    registers = whole.registers.assign(visibility=Visibility.OWNER.value)
    seen = replace(whole, assets=guarded, registers=registers).seen_by(Viewer.public())
    assert (len(seen), len(seen.registers)) == (0, 0)


def test_land_changes_with_who_looks_and_with_the_stores_revision() -> None:
    whole = estate()
    others = [whole.seen_by(Viewer.public()), whole.seen_by(Viewer.owner()), replace(whole, revision="later")]
    assert len({one.fingerprint for one in others}) == 3
