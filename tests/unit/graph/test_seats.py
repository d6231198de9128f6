"""Who is missing: sectors needed, held and lacking; candidates nearest first; introductions with their sources."""

from __future__ import annotations

import networkx as nx
import pandas as pd
import pytest

from atlas.graph.build import build
from atlas.graph.introductions import introductions
from atlas.graph.levers import CASE, GUIDE, LEVERS
from atlas.graph.seats import N_CANDIDATES, Seats, Surroundings, holders, membership_doubts, network_seats, sectors_for
from atlas.records import Tie
from atlas.vocabulary import Confidence, Domain, Kind, Relation, Sector, Status
from tests.toy import EVIDENCE, X0, Y0, toy_inputs, toy_partnerships

MIDDLE = (X0 + 1_500.0, Y0 + 500.0)


def world(*ties: Tie) -> nx.MultiDiGraph[str]:
    plain = toy_partnerships()
    return build(plain.model_copy(update={"ties": (*plain.ties, *ties)}))


def tie(
    subject: str,
    relation: Relation,
    target: str,
    status: Status = Status.ACTIVE,
    confidence: Confidence = Confidence.HIGH,
) -> Tie:
    return Tie(subject=subject, relation=relation, object=target, confidence=confidence, status=status, **EVIDENCE)


def around(sites: pd.DataFrame | None = None) -> Surroundings:
    frame = pd.DataFrame(toy_inputs().sites) if sites is None else sites
    return Surroundings(frame, MIDDLE, frozenset({Sector.HEALTH, Sector.HIGHER_EDUCATION}))


def west(*ties: Tie) -> Seats:
    return network_seats(world(*ties), "network:west", around())


def test_every_domain_has_levers_with_their_section() -> None:
    assert set(LEVERS) == set(Domain)
    for levers in LEVERS.values():
        assert len({lever.sector for lever in levers}) == len(levers)
        assert all(lever.words and lever.section and lever.source in {GUIDE, CASE} for lever in levers)


def test_a_sector_that_more_domains_need_stands_first() -> None:
    needed = sectors_for(list(Domain))
    counts = [len(levers) for levers in needed.values()]
    assert counts == sorted(counts, reverse=True)
    assert sectors_for([]) == {}


def test_members_and_convenors_sit_and_the_rest_is_lacking() -> None:
    found = west()
    assert {seat.sector for seat in found.has} == {Sector.HEALTH, Sector.COUNCIL}
    assert Sector.HIGHER_EDUCATION in {seat.sector for seat in found.lacks}
    assert found.doubts == ()


def test_a_lacking_sector_names_who_could_come_and_how() -> None:
    seat = next(seat for seat in west().lacks if seat.sector is Sector.HIGHER_EDUCATION)
    (candidate,) = seat.candidates
    assert candidate.node == "institution:university"
    assert candidate.distance_m == pytest.approx(1_000.0)
    assert seat.is_surveyed
    assert candidate.introduction is None or candidate.introduction.end == candidate.node


def test_an_introduction_is_told_tie_by_tie_with_sources() -> None:
    graph = world(tie("institution:hospital", Relation.MEMBER_OF, "network:all"))
    seat = next(
        seat for seat in network_seats(graph, "network:west", around()).lacks if seat.sector is Sector.HIGHER_EDUCATION
    )
    found = seat.candidates[0].introduction
    assert found is not None
    assert found.sentence == (
        "West Partnership has as a member Western Hospital, which is a member of Everyone's Network, which has as a "
        "member West University."
    )
    assert [(step.source, step.evidence) for step in found.steps] == [("toy", "drawn by hand")] * 3


def test_ties_that_are_over_or_planned_introduce_nobody() -> None:
    for status in (Status.ENDED, Status.PLANNED, Status.UNKNOWN):
        graph = world(tie("institution:hospital", Relation.MEMBER_OF, "network:all", status))
        assert introductions(graph, ["network:west"], {"institution:university": ""}) == {}


def test_a_chain_never_runs_through_london_but_may_end_in_a_borough() -> None:
    everywhere = [
        tie(f"institution:{name}", Relation.SERVES, "place:E12000007") for name in ("council", "university", "hospital")
    ]
    ends = {"institution:university": "site:university"}
    assert introductions(world(*everywhere), ["network:west"], ends) == {}
    served = world(*everywhere, tie("institution:council", Relation.SERVES, "place:E09000001"))
    found = introductions(served, ["network:west"], ends)["institution:university"]
    assert found.sentence == (
        "West Partnership is convened by West Council, which serves West, where West University has Campus."
    )
    assert [step.relation for step in found.steps] == ["convenes", "serves", "located_in", "occupies"]


def test_of_equal_chains_the_firmer_is_told() -> None:
    graph = world(
        tie("institution:council", Relation.PARTNERS_WITH, "institution:university", confidence=Confidence.LOW),
        tie("institution:hospital", Relation.PARTNERS_WITH, "institution:university", confidence=Confidence.HIGH),
    )
    found = introductions(graph, ["network:west"], {"institution:university": ""})["institution:university"]
    assert [step.other for step in found.steps] == ["institution:hospital", "institution:university"]


def test_somebody_already_at_work_needs_no_introduction() -> None:
    found = introductions(world(), ["institution:council"], {"institution:council": ""})["institution:council"]
    assert (found.steps, found.sentence) == ((), "West Council is at work here already.")


def test_a_seat_of_unknown_standing_is_held_but_doubted() -> None:
    found = west(tie("institution:university", Relation.MEMBER_OF, "network:west", Status.UNKNOWN))
    seat = next(seat for seat in found.has if seat.sector is Sector.HIGHER_EDUCATION)
    assert [holder.is_certain for holder in seat.holders] == [False]
    assert found.doubts == ("Of 3 institutions on record, one is not known to be there still.",)
    alone = membership_doubts(world(), "network:west", seat.holders)
    assert alone == ("The only one on record is not known to be there still.",)


def test_ended_members_hold_no_seat() -> None:
    graph = world(tie("institution:university", Relation.MEMBER_OF, "network:west", Status.ENDED))
    assert "institution:university" not in {holder.node for holder in holders(graph, ["network:west"])}


def test_a_convening_network_brings_its_members_and_a_member_network_does_not() -> None:
    convened = world(tie("network:all", Relation.CONVENES, "network:west"))
    assert [(holder.node, holder.through) for holder in holders(convened, ["network:west"]) if holder.through] == [
        ("institution:university", "network:all")
    ]
    member = world(tie("network:all", Relation.MEMBER_OF, "network:west"))
    assert all(not holder.through for holder in holders(member, ["network:west"]))


def test_a_report_of_more_members_than_are_named_is_said() -> None:
    graph: nx.MultiDiGraph[str] = nx.MultiDiGraph(world())
    said = {"source": "toy", "evidence": "", "checked_on": "2026-11-21", "period_start": None}
    rows = [
        {"metric": "members", "value": float(value), "unit": "institutions", "period_end": end, **said}
        for value, end in ((40, "2020"), (22, "2024-02"))
    ]
    graph.nodes["network:west"]["measurements"] = tuple(rows)
    doubts = network_seats(graph, "network:west", around()).doubts
    assert doubts == ("22 institutions are reported (February 2024), and one member is on record by name.",)


def test_nearest_first_each_institution_once_and_how_many_more() -> None:
    rows = [
        (
            f"site:{name}-{at}",
            f"{name} {at}",
            f"institution:{name}",
            name,
            "higher_education",
            MIDDLE[0] + at,
            MIDDLE[1],
        )
        for name, ats in (("e", (5, 900)), ("d", (400,)), ("c", (300, 20)), ("b", (200,)), ("a", (100,)))
        for at in ats
    ]
    columns = ["site", "name", "institution", "institution_name", "sector", "x_m", "y_m"]
    found = network_seats(world(), "network:west", around(pd.DataFrame(rows, columns=columns).set_index("site")))
    seat = next(seat for seat in found.lacks if seat.sector is Sector.HIGHER_EDUCATION)
    assert [(one.name, one.distance_m) for one in seat.candidates] == [("e", 5.0), ("c", 20.0), ("a", 100.0)]
    assert (len(seat.candidates), seat.others) == (N_CANDIDATES, 2)


def test_without_a_middle_there_is_no_distance() -> None:
    found = network_seats(world(), "network:west", Surroundings(pd.DataFrame(toy_inputs().sites)))
    seat = next(seat for seat in found.lacks if seat.sector is Sector.HIGHER_EDUCATION)
    assert seat.candidates[0].distance_m is None
    assert not seat.is_surveyed


def test_a_network_of_no_known_domain_needs_nothing() -> None:
    graph: nx.MultiDiGraph[str] = nx.MultiDiGraph(world())
    graph.nodes["network:west"]["domains"] = ()
    found = network_seats(graph, "network:west", around())
    assert (found.seats, found.domains) == ((), ())
    assert {holder.sector for holder in found.also} == {Sector.HEALTH, Sector.COUNCIL}
    assert graph.nodes["network:west"]["kind"] == Kind.NETWORK
