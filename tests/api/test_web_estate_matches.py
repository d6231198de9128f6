"""The review of matches: both rows side by side, said to be one place or two, and taken back."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pandas as pd
import pytest
from flask import Flask

from atlas.store import Store, open_store
from tests.estate_web import Holder, keep, words
from tests.land import land
from tests.toy import HOSTILE
from web.estate_matches import Filters, lines_of
from web.visit import EXTENSION

PAIRS = [
    ("asset:council-hall", "asset:hospital-hall", "uprn", 1.0, "the same UPRN, 77"),
    ("asset:council-yard", "asset:hospital-yard", "address", 0.97, "the same postcode and nearly the same name"),
    ("asset:council-park", "asset:hospital-park", "overlap", 0.6, "their outlines overlap by 60%"),
]
FREEHOLD = {"tenure": "freehold", "use": "civic", "uprn": "77", "floor_m2": 3_000.0}
LEASE = {"tenure": "leasehold", "use": "health", "uprn": "77", "floor_m2": 1_000.0}


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with open_store(f"sqlite:///{tmp_path}/atlas.db") as opened:
        for of, more in (("council", FREEHOLD), ("hospital", LEASE)):
            rows = [{"id": one, "of": of, "name": f"{one.capitalize()} of {of}"} for one in ("hall", "yard", "park")]
            rows[0] |= more
            rows[2] |= {"name": HOSTILE}
            keep(opened, of, land(*rows).assets)
        opened.propose(pd.DataFrame(PAIRS, columns=["left", "right", "rule", "score", "reasons"]), "a test")
        yield opened


def decisions(store: Store) -> dict[str, str]:
    """What was said, by the left one's last word."""
    matches = store.matches()
    return {left.rpartition("-")[2]: said for left, said in zip(matches["left"], matches["decision"], strict=True)}


def test_proposals_are_shown_with_reasons_and_what_differs_is_marked(holder: Holder) -> None:
    page = holder.get("/estate/matches").text
    text = words(page)
    assert "3 pairs of rows may be the same place: somebody should say." in text
    assert "Same UPRN : the same UPRN, 77" in text.replace("Same UPRN: ", "Same UPRN : ")
    assert text.index("1.00") < text.index("0.97") < text.index("0.60")
    marked = re.findall(r'<tr class="is-different"><th scope="row">([^<]+)', page)
    assert {"Use", "Floor area (m²)"} <= set(marked)
    assert not {"UPRN", "Tenure"} & set(marked)


def test_one_pair_is_accepted_and_another_rejected(holder: Holder, store: Store) -> None:
    for number, said in ((0, "accepted"), (2, "rejected")):
        answer = holder.post("/estate/matches", do=said, pair=" ".join(PAIRS[number][:2]))
        assert answer.headers["Location"].startswith("/estate/matches")
    assert decisions(store) == {"hall": "accepted", "yard": "proposed", "park": "rejected"}
    assert store.audit()[0].who == "import token"
    assert "1 pair of rows may be the same place" in words(holder.get("/estate/matches").text)


def test_what_was_decided_can_be_taken_back(holder: Holder, store: Store) -> None:
    pair = " ".join(PAIRS[0][:2])
    holder.post("/estate/matches", do="accepted", pair=pair)
    page = words(holder.get("/estate/matches?decision=accepted").text)
    assert "Said to be one place." in page
    holder.post("/estate/matches", do="proposed", pair=pair, decision="accepted")
    assert decisions(store)["hall"] == "proposed"


def test_all_at_or_above_a_score_are_accepted_at_once(holder: Holder, store: Store) -> None:
    holder.post("/estate/matches", do="accept-all", score="0.97")
    assert decisions(store) == {"hall": "accepted", "yard": "accepted", "park": "proposed"}


def test_all_are_only_those_that_the_filters_show(holder: Holder, store: Store) -> None:
    holder.post("/estate/matches", do="accept-all", score="0.5", rule="address")
    assert decisions(store) == {"hall": "proposed", "yard": "accepted", "park": "proposed"}


def test_a_decision_leads_to_the_next_pair_and_can_be_taken_back_there(holder: Holder, store: Store) -> None:
    first, second = (" ".join(pair[:2]) for pair in PAIRS[:2])
    answer = holder.post("/estate/matches", do="rejected", pair=first, place="1")
    assert answer.headers["Location"].endswith("#pair-1")
    page = holder.get("/estate/matches").text
    assert "Said to be two places: Hall of council and Hall of hospital." in words(page)
    said = page[page.index('id="said"') : page.index('id="pair-1"')]
    assert f'name="pair" value="{first}"' in said
    assert second in page[page.index('id="pair-1"') :]
    assert "Said to be two places" not in words(holder.get("/estate/matches").text)
    back = holder.post("/estate/matches", do="proposed", pair=first, place="1")
    assert back.headers["Location"].endswith("#pair-1")
    assert "Taken back, and to be decided again: Hall of council" in words(holder.get("/estate/matches").text)
    assert decisions(store)["hall"] == "proposed"


def test_after_the_last_pair_of_a_list_comes_the_one_before_it(holder: Holder) -> None:
    pairs = [" ".join(pair[:2]) for pair in PAIRS]
    anchors = [
        holder.post("/estate/matches", do="accepted", pair=pairs[at], place=str(at + 1)).headers["Location"]
        for at in (2, 1, 0)
    ]
    assert [anchor.partition("#")[2] for anchor in anchors] == ["pair-2", "pair-1", "said"]


def test_many_that_were_accepted_are_said_and_taken_back_at_once(holder: Holder, store: Store) -> None:
    holder.post("/estate/matches", do="accept-all", score="0.97")
    page = holder.get("/estate/matches").text
    assert "2 pairs were said to be one place each." in words(page)
    found = re.search(r'name="pair" value="([^"]*)"', page[page.index('id="said"') :])
    assert found is not None
    holder.post("/estate/matches", do="rejected", pair=" ".join(PAIRS[0][:2]))
    holder.post("/estate/matches", do="undo-all", pair=found[1])
    assert decisions(store) == {"hall": "rejected", "yard": "proposed", "park": "proposed"}
    assert "1 pair taken back" in words(holder.get("/estate/matches").text)
    assert "score of at least 0.97" in str(store.audit()[2].details["why"])
    holder.post("/estate/matches", do="undo-all", pair=found[1])
    assert "Nothing was left to take back." in words(holder.get("/estate/matches").text)


def test_more_than_the_audit_trail_names_are_taken_back_at_once(holder: Holder, store: Store) -> None:
    rows = [{"id": f"plot-{at}", "of": "council", "name": f"Plot {at}"} for at in range(1_101)]
    keep(store, "council", land(*rows).assets)
    many = [("asset:council-plot-0", f"asset:council-plot-{at}", "uprn", 0.99, "") for at in range(1, 1_101)]
    store.propose(pd.DataFrame(many, columns=["left", "right", "rule", "score", "reasons"]), "a test")
    holder.post("/estate/matches", do="accept-all", score="0.9")
    page = holder.get("/estate/matches").text
    assert "1,100 pairs were said to be one place each." in words(page)
    found = re.search(r'name="pair" value="([^"]*)"', page[page.index('id="said"') :])
    assert found is not None
    holder.post("/estate/matches", do="undo-all", pair=found[1])
    assert "1,100 pairs taken back, and to be decided again." in words(holder.get("/estate/matches").text)
    assert set(store.matches()["decision"]) == {"proposed"}


def test_what_a_look_for_more_found_is_said(holder: Holder) -> None:
    holder.post("/estate/matches", do="look")
    assert re.search(
        r"(No more pairs were|[0-9]+ more pairs? (was|were)) found\.", words(holder.get("/estate/matches").text)
    )


def test_a_score_that_no_pair_has_accepts_nothing_and_says_so(holder: Holder) -> None:
    holder.post("/estate/matches", do="accept-all", score="0.99", rule="address")
    page = holder.get("/estate/matches").text
    assert "No pair has that score: nothing was accepted." in words(page)
    assert "Take that back" not in page
    assert "Accept the pairs on this page with a score of at least" in words(page)


def test_an_accepted_pair_is_one_place_on_the_map_at_once(holder: Holder, estate_app: Flask) -> None:
    holder.post("/estate/matches", do="accepted", pair=" ".join(PAIRS[0][:2]))
    estate = estate_app.extensions[EXTENSION].library.default.inputs.estate
    group = dict(zip(estate.assets.index, estate.group, strict=True))
    assert group["asset:council-hall"] == group["asset:hospital-hall"]
    assert group["asset:council-yard"] != group["asset:hospital-yard"]


@pytest.mark.parametrize(
    ("query", "shown"),
    [
        ("rule=uprn", ["1.00"]),
        ("at_least=0.9", ["1.00", "0.97"]),
        ("register=council", ["1.00", "0.97", "0.60"]),
        ("decision=rejected", []),
    ],
)
def test_filters_show_some(holder: Holder, query: str, shown: list[str]) -> None:
    page = holder.get(f"/estate/matches?{query}").text
    assert re.findall(r'title="score, 0 to 1">([^<]+)', page) == shown


def test_the_numbers_of_what_was_said_follow_the_other_filters(holder: Holder) -> None:
    holder.post("/estate/matches", do="accepted", pair=" ".join(PAIRS[0][:2]))
    for query, said in (("", "(2) Accepted (1) Rejected (0)"), ("rule=address", "(1) Accepted (0) Rejected (0)")):
        assert f"To be decided {said}" in words(holder.get(f"/estate/matches?{query}").text)
    assert "2 pairs of rows may be the same place" in words(holder.get("/estate/matches?rule=address").text)


@pytest.mark.parametrize(
    "query", ["decision=perhaps", "rule=guess", "register=zzz", "page=x", "at_least=2", "at_least=high"]
)
def test_what_cannot_be_asked_is_said(holder: Holder, query: str) -> None:
    assert holder.get(f"/estate/matches?{query}").status_code == 400


@pytest.mark.parametrize(
    "fields",
    [
        {"do": "explode"},
        {"do": "accepted", "pair": "asset:council-hall"},
        {"do": "accept-all", "score": "0.1"},
        {"do": "accept-all", "score": "all"},
    ],
)
def test_what_cannot_be_done_changes_nothing(holder: Holder, store: Store, fields: dict[str, str]) -> None:
    assert holder.post("/estate/matches", **fields).status_code == 400
    assert set(decisions(store).values()) == {"proposed"}


def test_a_pair_that_nobody_proposed_is_not_there(holder: Holder) -> None:
    answer = holder.post("/estate/matches", do="accepted", pair="asset:council-hall asset:hospital-yard")
    assert answer.status_code == 404


def test_a_pair_with_a_site_that_is_not_shown_is_not_there_and_stays_undecided(holder: Holder, store: Store) -> None:
    rows = [{"id": one, "of": "council", "name": one} for one in ("hall", "yard", "park")]
    keep(store, "council", land(rows[0] | {"use": "refuge", "visibility": "owner"}, *rows[1:]).assets)
    revision = store.revision()
    for do in ("accepted", "rejected", "proposed"):
        for pair in (PAIRS[0][:2], PAIRS[0][1::-1]):
            answer = holder.post("/estate/matches", do=do, pair=" ".join(pair))
            assert answer.status_code == 404
    assert store.revision() == revision
    assert decisions(store)["hall"] == "proposed"


@pytest.mark.parametrize("typed", ["5", "high"])
def test_a_score_that_is_none_is_said_beside_its_field_on_the_page(holder: Holder, typed: str) -> None:
    page = holder.get(f"/estate/matches?at_least={typed}&rule=uprn").text
    assert f'href="#at_least">A score lies between 0 and 1, and &#39;{typed}&#39; does not' in page
    assert 'id="at_least-error"' in page
    assert f'value="{typed}"' in page
    assert page.count('class="estate-match"') == 1


def test_a_score_that_is_too_low_to_accept_all_is_said_beside_its_field_on_the_page(holder: Holder) -> None:
    page = holder.post("/estate/matches", do="accept-all", score="0.1", rule="uprn").text
    assert 'href="#score">All are accepted from a score of 0.5 on' in page
    assert 'aria-describedby="score-error"' in page
    assert page.count('class="estate-match"') == 1


def test_a_name_that_is_markup_stays_text(holder: Holder) -> None:
    page = holder.get("/estate/matches").text
    assert "<img" not in page
    assert "&lt;img" in page


def test_the_look_for_more_keeps_what_was_decided(holder: Holder, store: Store) -> None:
    holder.post("/estate/matches", do="accepted", pair=" ".join(PAIRS[0][:2]))
    assert holder.post("/estate/matches", do="look").status_code == 303
    assert decisions(store)["hall"] == "accepted"


def test_a_field_of_which_one_says_nothing_does_not_differ() -> None:
    rows = land({"id": "a", "name": "Hall", "use": "civic"}, {"id": "b", "name": "HALL", "use": "unknown"}).assets
    lines = lines_of(rows, ["asset:council-a", "asset:council-b"])
    told = {line.words: (line.left, line.right, line.is_different) for line in lines}
    assert told["Name"] == ("Hall", "HALL", False)
    assert told["Use"] == ("Town hall or civic", "", False)


def test_filters_go_into_an_address_and_come_back() -> None:
    filters = Filters.of({"rule": "uprn", "at_least": "0.5"})
    assert Filters.of(filters.fields()) == filters
