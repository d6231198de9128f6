"""The partnership data against what the source documents say."""

from __future__ import annotations

import pytest

from atlas.graph.build import build
from atlas.graph.elsewhere import elsewhere
from atlas.records import Network, Partnerships
from atlas.sources import embedded
from atlas.sources.partnerships import read_partnerships
from atlas.vocabulary import Confidence, Relation, Status

NAMED = {
    "network:lain",
    "network:lain-place-based-working-group",
    "network:lain-procurement-working-group",
    "network:nhs-london-anchor-network",
    "network:health-anchors-learning-network",
    "network:knowledge-quarter",
    "network:west-london-alliance",
    "network:local-london",
    "network:local-london-careers-hub",
    "network:hf-anchor-network",
    "network:camden-2025",
    "network:we-make-camden",
    "network:lewisham-health-partners",
    "network:london-recovery-board",
    "network:london-partnership-board",
    "network:life-off-the-streets",
    "programme:base",
    "programme:camden-kickstart-gateway",
    "programme:tower-hamlets-kickstart-gateway",
    "programme:barts-health-local-employment",
    "programme:project-remake",
    "programme:lewisham-single-map",
    "programme:grove-park-neighbourhood-plan",
    "programme:queen-elizabeth-olympic-park-regeneration",
    "programme:hounslow-sme-support",
    "programme:greenwich-community-wealth-building",
}


@pytest.fixture(scope="module")
def data() -> Partnerships:
    codes = {*embedded.read_districts(), *embedded.read_areas().boroughs.index}
    files = read_partnerships(embedded.data_folder() / "partnerships", codes)
    assert [str(fault) for fault in files.faults] == []
    return files.partnerships


@pytest.fixture(scope="module")
def systems(data: Partnerships) -> list[Network]:
    return [network for network in data.networks if network.id.startswith("network:ics-")]


def test_every_system_that_the_documents_name_is_a_node(data: Partnerships) -> None:
    held = {record.id for table in (data.networks, data.programmes) for record in table}
    assert sorted(NAMED - held) == []


def test_those_of_other_places_are_found_by_what_is_on_record_of_them(data: Partnerships) -> None:
    found = elsewhere(build(data), embedded.read_areas().boroughs.index)
    # an agreement between Barcelona and White City is of both
    assert found == (
        "network:22-barcelona",
        "network:birmingham-anchor-network",
        "network:preston-model",
        "programme:harlem-childrens-zone",
        "programme:i-can-birmingham",
    )


def test_the_care_systems_of_each_time_divide_london(systems: list[Network]) -> None:
    boroughs = sorted(embedded.read_areas().boroughs.index)
    in_2022 = [network for network in systems if (network.start or "") <= "2022-07-01"]
    today = [network for network in systems if network.status is Status.ACTIVE]
    assert (len(in_2022), len(today)) == (5, 4)
    for several in (in_2022, today):
        assert sorted(code for network in several for code in network.footprint) == boroughs


def test_the_care_systems_footprints_are_those_of_the_boundaries(systems: list[Network]) -> None:
    boroughs = embedded.read_areas().boroughs
    today = {network.footprint for network in systems if network.status is Status.ACTIVE}
    assert {frozenset(codes) for codes in today} == {frozenset(group.index) for _, group in boroughs.groupby("icb26")}


def test_what_came_after_what_is_told(data: Partnerships) -> None:
    succeeds = {(tie.subject, tie.object) for tie in data.ties if tie.relation is Relation.SUCCEEDS}
    new = "network:ics-west-and-north-london"
    assert {(new, "network:ics-north-central-london"), (new, "network:ics-north-west-london")} <= succeeds
    assert ("network:we-make-camden", "network:camden-2025") in succeeds


def test_figures_of_the_documents_are_there(data: Partnerships) -> None:
    measured = {(row.node, row.value) for row in data.measurements}
    committed = {(row.node, row.target) for row in data.commitments}
    assert {
        ("network:lain", 1_750_000_000.0),
        ("network:lain", 2_720_000_000.0),
        ("programme:tower-hamlets-kickstart-gateway", 540.0),
        ("programme:camden-kickstart-gateway", 220.0),
        ("network:local-london-careers-hub", 180.0),
        ("programme:nwl-mass-vaccination-recruitment", 1_299.0),
    } <= measured | {(node, float(value)) for node, value in committed}
    assert ("network:lain", 1_170_000_000.0) in committed
    assert ("network:local-london-careers-hub", 209.0) in committed


def test_memberships_follow_the_documents(data: Partnerships) -> None:
    members: dict[str, set[str]] = {}
    for tie in data.ties:
        if tie.relation is Relation.MEMBER_OF and tie.confidence is not Confidence.LOW:
            members.setdefault(tie.object, set()).add(tie.subject)
    councils = {
        f"institution:{name}-council"
        for name in ("barnet", "brent", "ealing", "hammersmith-and-fulham", "harrow", "hillingdon", "hounslow")
    }
    assert members["network:west-london-alliance"] == councils
    assert len(members["network:islington-anchor-institution-network"]) == 9
    assert len(members["network:lewisham-civic-university-agreement"]) == 12


def test_nobody_is_named_or_reachable(data: Partnerships) -> None:
    text = " ".join(record.model_dump_json() for name in Partnerships.model_fields for record in getattr(data, name))
    assert "@" not in text
    assert "mailto" not in text
