from __future__ import annotations

import pandas as pd
import pytest

from atlas.errors import NotFoundError, QueryError
from atlas.geo.estate.model import Viewer, may_see
from atlas.store import Store
from atlas.vocabulary.estate import Decision, Visibility
from tests.unit.store.cleaned import WHO, asset, bring, cleaned

HALL, YARD, DEPOT = "asset:lewisham-hall", "asset:camden-yard", "asset:camden-depot"


def pairs(*rows: tuple[str, str, float], rule: str = "uprn") -> pd.DataFrame:
    columns = ["left", "right", "rule", "score", "reasons", "decision"]
    return pd.DataFrame([(a, b, rule, score, "same UPRN", "proposed") for a, b, score in rows], columns=columns)


def decided(store: Store) -> list[tuple[str, str, float, str]]:
    found = store.matches()
    columns = [found[name].tolist() for name in ("left", "right", "score", "decision")]
    return list(zip(*columns, strict=True))


@pytest.fixture
def two(store: Store) -> Store:
    """A store with two registers."""
    bring(store, cleaned([asset("hall")]))
    bring(store, cleaned([asset("yard", "camden"), asset("depot", "camden")]), register="camden")
    return store


def test_a_pair_is_kept_once_whichever_way_round_it_comes(two: Store) -> None:
    two.propose(pairs((HALL, YARD, 0.9), (YARD, HALL, 0.95), (HALL, HALL, 1.0)), WHO)
    two.propose(pairs((YARD, HALL, 0.95)), WHO)
    assert decided(two) == [(YARD, HALL, 0.95, "proposed")]


def test_a_proposal_that_scores_otherwise_now_is_renewed(two: Store) -> None:
    two.propose(pairs((HALL, YARD, 0.9)), WHO)
    two.propose(pairs((HALL, YARD, 0.8), rule="address"), WHO)
    assert decided(two) == [(YARD, HALL, 0.8, "proposed")]
    assert two.matches()["rule"].tolist() == ["address"]


def test_what_was_decided_stays_when_it_is_proposed_again(two: Store) -> None:
    two.propose(pairs((HALL, YARD, 0.9), (HALL, DEPOT, 0.7)), WHO)
    two.decide([(HALL, YARD)], Decision.ACCEPTED, "a person", "seen on site")
    two.decide([(DEPOT, HALL)], Decision.REJECTED, "a person")
    two.propose(pairs((HALL, YARD, 0.5), (HALL, DEPOT, 0.5)), WHO)
    assert decided(two) == [(DEPOT, HALL, 0.7, "rejected"), (YARD, HALL, 0.9, "accepted")]


def test_a_decision_may_be_taken_back(two: Store) -> None:
    two.propose(pairs((HALL, YARD, 0.9)), WHO)
    two.decide([(HALL, YARD)], Decision.ACCEPTED, WHO)
    two.decide([(HALL, YARD)], Decision.PROPOSED, WHO)
    assert decided(two) == [(YARD, HALL, 0.9, "proposed")]


def test_what_was_decided_at_once_is_taken_back_at_once_but_what_was_decided_since(
    two: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("atlas.store.decisions.MOST_NAMED", 1)
    clinic = "asset:trust-clinic"
    bring(two, cleaned([asset("clinic", "trust")]), register="trust")
    two.propose(pairs((HALL, YARD, 0.9), (HALL, DEPOT, 0.8), (HALL, clinic, 0.7), (DEPOT, clinic, 0.6)), WHO)
    alone = two.decide([(DEPOT, clinic)], Decision.ACCEPTED, WHO)
    moment = two.decide([(HALL, YARD), (HALL, DEPOT), (HALL, clinic)], Decision.ACCEPTED, WHO, "many")
    assert alone != moment
    two.decide([(HALL, clinic)], Decision.REJECTED, WHO)
    assert two.take_back(moment, "somebody else") == two.take_back("", WHO) == 0
    assert two.take_back(moment, WHO, "a mistake") == 2
    assert {one[:2]: one[3] for one in decided(two)} == {
        (DEPOT, HALL): "proposed",
        (YARD, HALL): "proposed",
        (HALL, clinic): "rejected",
        (DEPOT, clinic): "accepted",
    }
    undone, _, many = (one.details for one in two.audit(limit=3))
    assert (many["count"], many["moment"], len(many["pairs"])) == (3, moment, 1)
    assert (undone["decision"], undone["why"], undone["count"]) == ("proposed", "a mistake", 2)
    assert undone["takes_back"] == moment
    revision = two.revision()
    assert two.take_back(moment, WHO) == 0
    assert two.revision() == revision


def test_nothing_is_decided_where_a_pair_was_never_proposed(two: Store) -> None:
    two.propose(pairs((HALL, YARD, 0.9)), WHO)
    with pytest.raises(NotFoundError, match=f"no proposed match called '{DEPOT} and {HALL}'"):
        two.decide([(HALL, YARD), (HALL, DEPOT)], Decision.ACCEPTED, WHO)
    assert decided(two) == [(YARD, HALL, 0.9, "proposed")]


def test_proposals_about_what_was_looked_at_go_when_they_are_not_found_any_more(two: Store) -> None:
    clinic = "asset:trust-clinic"
    bring(two, cleaned([asset("clinic", "trust")]), register="trust")
    two.propose(pairs((HALL, YARD, 0.9), (HALL, DEPOT, 0.8), (HALL, clinic, 0.7)), WHO)
    two.propose(pairs((HALL, clinic, 0.7)), WHO)
    two.propose(pairs((HALL, clinic, 0.7)), WHO, about=["trust"])
    assert len(decided(two)) == 3
    two.propose(pairs((HALL, DEPOT, 0.8)), WHO, about=["camden"])
    assert decided(two) == [(DEPOT, HALL, 0.8, "proposed"), (HALL, clinic, 0.7, "proposed")]
    two.decide([(HALL, DEPOT)], Decision.ACCEPTED, WHO)
    two.propose(pairs(), WHO, about=["camden", "lewisham"])
    assert decided(two) == [(DEPOT, HALL, 0.8, "accepted")]


def test_a_proposal_about_an_asset_that_is_gone_waits_for_it(two: Store) -> None:
    two.propose(pairs((HALL, YARD, 0.9)), WHO)
    bring(two, cleaned([asset("depot", "camden")]), register="camden")
    two.propose(pairs(), WHO, about=["camden"])
    bring(two, cleaned([asset("yard", "camden")]), register="camden")
    assert decided(two) == [(YARD, HALL, 0.9, "proposed")]


def test_a_decision_outlives_an_asset_that_is_gone_and_comes_back(two: Store) -> None:
    two.propose(pairs((HALL, YARD, 0.9)), WHO)
    two.decide([(HALL, YARD)], Decision.ACCEPTED, WHO)
    bring(two, cleaned([asset("depot", "camden")]), register="camden")
    assert decided(two) == []
    bring(two, cleaned([asset("yard", "camden")]), register="camden")
    assert decided(two) == [(YARD, HALL, 0.9, "accepted")]


def test_what_changes_nothing_is_no_change(two: Store) -> None:
    two.propose(pairs((HALL, YARD, 0.9)), WHO)
    two.decide([(HALL, YARD)], Decision.ACCEPTED, WHO)
    two.remember("institution:camden", {"Tnr": "tenure"}, WHO)
    two.set_visibility(HALL, Visibility.OWNER, WHO)
    revision = two.revision()
    two.propose(pairs((HALL, YARD, 0.9)), WHO)
    two.propose(pairs(), WHO)
    assert two.decide([(HALL, YARD)], Decision.ACCEPTED, WHO) == ""
    assert two.decide([], Decision.ACCEPTED, WHO) == ""
    two.remember("institution:camden", {" TNR ": "tenure"}, WHO)
    two.set_visibility(HALL, Visibility.OWNER, WHO)
    two.set_visibility(YARD, None, WHO)
    assert two.revision() == revision


def test_decisions_are_in_the_audit_trail(two: Store) -> None:
    two.propose(pairs((HALL, YARD, 0.9)), "a rule")
    two.decide([(HALL, YARD)], Decision.REJECTED, "a person", "another street")
    two.remember("institution:camden", {"Tnr": "tenure"}, WHO)
    two.set_visibility(HALL, Visibility.OWNER, WHO)
    found = two.audit(limit=4)
    assert [(one.action, one.who, one.register) for one in found] == [
        ("set visibility", WHO, "lewisham"),
        ("remember columns", WHO, ""),
        ("decide matches", "a person", ""),
        ("propose matches", "a rule", ""),
    ]
    assert found[0].details == {"target": HALL, "from": None, "to": "owner"}
    said = {"decision": "rejected", "why": "another street", "count": 1, "pairs": [[YARD, HALL]]}
    assert {name: value for name, value in found[2].details.items() if name != "moment"} == said


def test_columns_are_remembered_by_partner_and_folded_header(store: Store) -> None:
    store.remember("institution:camden", {"Tenure  Type": "tenure", "Odd": None}, WHO)
    store.remember("institution:camden", {"TENURE type ": "tenure_detail"}, WHO)
    store.remember("institution:lewisham", {"Tenure": "tenure"}, WHO)
    assert store.remembered("institution:camden") == {"tenure type": "tenure_detail", "odd": None}
    assert store.remembered("institution:barts") == {}


def levels(store: Store) -> dict[str, str]:
    return {str(key).partition(":")[2]: str(value) for key, value in store.assets()["visibility"].items()}


def test_an_assets_own_setting_outlives_imports_and_their_undoing(two: Store) -> None:
    two.set_visibility(HALL, Visibility.OWNER, WHO)
    record = bring(two, cleaned([asset("hall", name="New")]))
    assert levels(two)["lewisham-hall"] == "owner"
    two.undo(record.id, WHO)
    assert levels(two)["lewisham-hall"] == "owner"
    two.set_visibility(HALL, None, WHO)
    assert levels(two)["lewisham-hall"] == "public"


@pytest.mark.parametrize(
    ("default", "to", "said", "wanted"),
    [
        ("public", "partners", "public", "partners"),
        ("public", "owner", "partners", "owner"),
        ("partners", "public", "partners", "public"),
        ("partners", "public", "owner", "owner"),
        ("partners", "owner", "public", "owner"),
        ("owner", "public", "partners", "partners"),
        ("public", "partners", "nobody knows", "owner"),
    ],
)
def test_a_registers_setting_takes_the_place_of_its_default(
    store: Store, default: str, to: str, said: str, wanted: str
) -> None:
    bring(store, cleaned([asset("hall", visibility=said)]), visibility=Visibility(default))
    store.set_visibility("lewisham", Visibility(to), WHO)
    assert levels(store) == {"lewisham-hall": wanted}
    assert store.registers()["visibility"].tolist() == [to]
    store.set_visibility(HALL, Visibility.PUBLIC, WHO)
    assert levels(store) == {"lewisham-hall": "public"}


def test_a_registers_setting_is_for_that_register_alone(two: Store) -> None:
    two.set_visibility("camden", Visibility.OWNER, WHO)
    assert levels(two) == {"camden-depot": "owner", "camden-yard": "owner", "lewisham-hall": "public"}


@pytest.mark.parametrize("said", [{"is_sensitive": True}, {"use": "refuge"}])
def test_what_is_sensitive_is_its_owners_whatever_is_set(store: Store, said: dict[str, object]) -> None:
    bring(store, cleaned([asset("hall", **said)]))
    assert levels(store) == {"lewisham-hall": "owner"}
    with pytest.raises(QueryError, match="is sensitive"):
        store.set_visibility(HALL, Visibility.PARTNERS, WHO)
    store.set_visibility(HALL, Visibility.OWNER, WHO)
    store.set_visibility("lewisham", Visibility.PUBLIC, WHO)
    assert levels(store) == {"lewisham-hall": "owner"}


def test_what_became_sensitive_after_it_was_shown_is_hidden(store: Store) -> None:
    bring(store, cleaned([asset("hall", visibility="owner")]))
    store.set_visibility(HALL, Visibility.PUBLIC, WHO)
    bring(store, cleaned([asset("hall", use="refuge")]))
    assert levels(store) == {"lewisham-hall": "owner"}


def test_who_sees_what_is_not_set_for_what_is_not_there(two: Store) -> None:
    with pytest.raises(NotFoundError, match="no register or asset called 'asset:lewisham-moon'"):
        two.set_visibility("asset:lewisham-moon", Visibility.OWNER, WHO)


def test_the_setting_of_an_asset_that_is_gone_can_be_taken_back(two: Store) -> None:
    two.set_visibility(YARD, Visibility.OWNER, WHO)
    bring(two, cleaned([asset("depot", "camden")]), register="camden")
    two.set_visibility(YARD, None, WHO)
    bring(two, cleaned([asset("yard", "camden")]), register="camden")
    assert levels(two)["camden-yard"] == "public"


def test_the_public_view_holds_what_everybody_may_see_and_nothing_else(store: Store) -> None:
    said = [
        {"visibility": level, "use": use, "is_sensitive": flag}
        for level in (*(one.value for one in Visibility), "", "nobody knows")
        for use in ("office", "refuge")
        for flag in (False, True)
    ]
    rows = [asset(f"a{at}", **one) for at, one in enumerate(said)]
    bring(store, cleaned(rows))
    bring(store, cleaned([asset(f"b{at}", "camden", **one) for at, one in enumerate(said)]), register="camden")
    bring(store, cleaned([asset(f"c{at}", "barts", **one) for at, one in enumerate(said)]), register="barts")
    store.set_visibility("camden", Visibility.PARTNERS, WHO)
    store.set_visibility("asset:camden-b0", Visibility.PUBLIC, WHO)
    store.set_visibility("asset:lewisham-a0", Visibility.OWNER, WHO)
    assets = store.assets()
    wanted = assets.index[may_see(Viewer.public(), assets)].tolist()
    assert len(wanted) == 2
    with store._database.reading() as connection:
        shown = connection.exec_driver_sql("SELECT asset FROM public_assets ORDER BY asset").scalars().all()
        standing = connection.exec_driver_sql("SELECT asset, visibility FROM standing_assets").all()
    assert sorted(shown) == wanted
    assert {asset: level for asset, level in standing if level in {*Visibility}} == {
        asset: level for asset, level in assets["visibility"].items() if level in {*Visibility}
    }
