from __future__ import annotations

import json
from typing import Any

import pytest
from pydantic import ValidationError

from atlas.errors import DataError, QueryError
from atlas.gaps.scenario.apply import Applied, apply_scenario, uncounted
from atlas.gaps.scenario.changes import AddSite, AddTie, Change, CloseSite, ExtendNetwork, Scenario
from atlas.parameters import Parameters
from atlas.vocabulary import Domain, NeedDomain, Relation, Sector
from tests.toy import EAST, WEST, X0, Y0, code_of, toy_inputs

HUB = AddSite(
    name="East Hub", institution="institution:hospital", easting_m=X0 + 7_000, northing_m=Y0 + 1_000, capacity=2
)


def scenario(*changes: Change, **given: Any) -> Scenario:
    return Scenario(name="A question", changes=changes, **given)


def applied(*changes: Change) -> Applied:
    inputs = toy_inputs()
    return apply_scenario(scenario(*changes), inputs.sites, inputs.graph, inputs.areaset)


def faults(*changes: Change) -> list[str]:
    with pytest.raises(DataError) as error:
        applied(*changes)
    return [str(fault) for fault in error.value.faults]


class TestRecord:
    def test_the_hash_is_of_what_is_said_not_of_how_it_is_written(self) -> None:
        first = scenario(HUB, CloseSite(site="site:council"))
        text = json.dumps(dict(reversed(first.document().items())), indent=7)
        assert Scenario.model_validate_json(text, strict=True).sha256 == first.sha256
        assert scenario(HUB).sha256 != first.sha256

    def test_choices_of_the_scenario_stand_in_place_of_the_readers(self) -> None:
        reader = Parameters(catchment_m=2_000, seed=7)
        found = scenario(parameters=Parameters(catchment_m=800)).parameters_over(reader)
        assert (found.catchment_m, found.seed) == (800, 7)
        assert scenario().parameters_over(reader) == reader

    def test_choices_that_cannot_stand_together_are_said(self) -> None:
        asked = scenario(parameters=Parameters(need_domain=NeedDomain.HEALTH))
        with pytest.raises(QueryError, match="parameters of the scenario 'A question': weights belong"):
            asked.parameters_over(Parameters(weights=(25, 25, 15, 15, 10, 0, 10)))

    @pytest.mark.parametrize(
        "given",
        [
            {"easting_m": 1.0},
            {},
            {"easting_m": float("nan"), "northing_m": 1.0},
            {"postcode": "E1 1BJ", "capacity": 0},
            {"postcode": "E1 1BJ", "colour": "red"},
        ],
        ids=["half a position", "no position", "not a number", "no capacity", "unknown field"],
    )
    def test_a_site_that_says_too_little_or_too_much_is_refused(self, given: dict[str, Any]) -> None:
        with pytest.raises(ValidationError):
            AddSite(name="Hub", institution="institution:hospital", **given)


class TestApply:
    def test_a_new_site_stands_in_the_frame_and_in_the_graph(self) -> None:
        found = applied(HUB)
        row = found.sites.loc["site:scenario-east-hub"]
        assert (row["institution_name"], row["sector"], row["lad"], row["capacity"]) == (
            "Western Hospital",
            "health",
            EAST,
            2,
        )
        assert bool(row["in_london"])
        assert (row.geometry.x, row.geometry.y) == (X0 + 7_000, Y0 + 1_000)
        assert found.sites.index.is_monotonic_increasing
        assert found.graph.has_edge("institution:hospital", "site:scenario-east-hub", "occupies")
        assert found.graph.has_edge("site:scenario-east-hub", f"place:{EAST}", "located_in")
        assert found.graph.nodes["site:scenario-east-hub"]["source"] in found.graph.graph["sources"]

    def test_a_new_institution_is_made_once_and_may_be_tied_by_name_before_it_is_made(self) -> None:
        site = AddSite(
            name="Depot", institution="Eastern Trust", sector=Sector.HEALTH, easting_m=X0 + 6_000, northing_m=Y0 + 500
        )
        other = site.model_copy(update={"name": "Annexe", "sector": Sector.HEALTH})
        tie = AddTie(source="Eastern Trust", relation=Relation.MEMBER_OF, target="network:west")
        found = applied(tie, site, other)
        assert found.graph.nodes["institution:scenario-eastern-trust"]["is_anchor"]
        assert found.graph.has_edge("institution:scenario-eastern-trust", "network:west", "member_of")
        assert list(found.sites.loc[found.sites["institution"] == "institution:scenario-eastern-trust", "name"]) == [
            "Annexe",
            "Depot",
        ]

    def test_an_institution_may_be_named_instead(self) -> None:
        found = applied(HUB.model_copy(update={"institution": "west  COUNCIL"}))
        assert found.sites.loc["site:scenario-east-hub", "institution"] == "institution:council"

    def test_a_closed_site_stays_as_ended_with_its_ties(self) -> None:
        found = applied(CloseSite(site="site:council"))
        assert found.sites.loc["site:council", "status"] == "ended"
        assert found.graph.nodes["site:council"]["status"] == "ended"
        assert found.graph.edges["institution:council", "site:council", "occupies"]["status"] == "ended"

    def test_a_footprint_of_places_grows_by_name_or_code(self) -> None:
        found = applied(ExtendNetwork(network="network:west", places=("east", code_of(0, 0))))
        assert found.plan.footprints == {"network:west": (WEST, code_of(0, 0), EAST)}
        assert found.graph.nodes["network:west"]["footprint"] == (WEST, code_of(0, 0), EAST)

    def test_a_circle_becomes_the_areas_that_it_holds(self) -> None:
        found = applied(ExtendNetwork(network="programme:east", places=(WEST,)))
        node = found.graph.nodes["programme:east"]
        assert node["footprint_kind"] == "places"
        assert node["footprint"] == (*(code_of(x, y) for x in (6, 7) for y in (0, 1)), WEST)

    def test_extending_to_where_it_reaches_already_is_noted(self) -> None:
        found = applied(ExtendNetwork(network="network:all", places=(EAST,)))
        assert found.plan.footprints == {}
        assert found.plan.notes == ("Everyone's Network reaches there already: extending it changes nothing.",)

    def test_a_site_of_a_sector_that_is_not_counted_is_noted(self) -> None:
        inputs = toy_inputs()
        plan = applied(
            HUB.model_copy(update={"institution": "Met", "sector": Sector.POLICE}), CloseSite(site="site:council")
        ).plan
        notes = uncounted(plan, inputs.sites, Parameters(sectors=(Sector.HEALTH,)))
        assert [note.split(" is ")[0] for note in notes] == ["East Hub", "Town Hall"]

    def test_nothing_that_is_given_is_altered(self) -> None:
        inputs = toy_inputs()
        sites, nodes = inputs.sites.copy(), {node: dict(record) for node, record in inputs.graph.nodes(data=True)}
        ties, sources = sorted(inputs.graph.edges(keys=True)), dict(inputs.graph.graph["sources"])
        changes = (
            HUB,
            CloseSite(site="site:council"),
            ExtendNetwork(network="network:west", places=(EAST,)),
            AddTie(source="institution:university", relation=Relation.CHAIRS, target="network:west"),
        )
        found = apply_scenario(scenario(*changes), inputs.sites, inputs.graph, inputs.areaset)
        assert inputs.sites.equals(sites)
        assert {node: dict(record) for node, record in inputs.graph.nodes(data=True)} == nodes
        assert sorted(inputs.graph.edges(keys=True)) == ties
        assert all(tie["status"] == "active" for *_, tie in inputs.graph.edges(data=True))
        assert inputs.graph.graph["sources"] == sources
        with pytest.raises(Exception, match="Frozen"):
            found.graph.add_node("x")


class TestFaults:
    def test_all_are_said_at_once_with_what_comes_near(self) -> None:
        found = faults(
            HUB.model_copy(update={"easting_m": 0.0, "northing_m": 0.0}),
            CloseSite(site="site:councl"),
            ExtendNetwork(network="network:wast", places=("Eats", EAST, "E01999999")),
            AddTie(source="institution:hospitel", relation=Relation.MEMBER_OF, target=f"place:{EAST}"),
        )
        assert len(found) == 7
        assert "change 1, field easting_m: lies beyond reach of the study area, found '0; 0'" in found[0]
        assert "change 2, field site: no such site, found 'site:councl'" in found[1]
        assert "did you mean site:council?" in found[1]
        assert "did you mean network:west" in found[2]
        assert "field places: no such place, found 'Eats'" in found[3]
        assert "did you mean East?" in found[3]
        assert "2011 codes" in found[4]
        assert "did you mean institution:hospital?" in found[5]
        assert "field target: member_of takes no place here" in found[6]

    @pytest.mark.parametrize(
        ("changes", "words"),
        [
            ((CloseSite(site="site:council"),) * 2, "change 2, field site: closes twice"),
            ((HUB, HUB), "change 2, field name: a new site of this name is there already"),
            (
                (AddTie(source="institution:hospital", relation=Relation.MEMBER_OF, target="network:west"),),
                "the tie is there already",
            ),
            (
                (
                    AddTie(
                        source="institution:hospital", relation=Relation.PARTNERS_WITH, target="institution:council"
                    ),
                    AddTie(
                        source="institution:council", relation=Relation.PARTNERS_WITH, target="institution:hospital"
                    ),
                ),
                "change 2, field target: repeated tie",
            ),
            (
                (AddTie(source="network:west", relation=Relation.PARTNERS_WITH, target="network:west"),),
                "a tie to itself",
            ),
            ((CloseSite(site="network:west"),), "no such site"),
            ((HUB.model_copy(update={"institution": "institution:x"}),), "no such institution"),
            ((HUB.model_copy(update={"institution": "Western Hospitals"}),), "did you mean institution:hospital?"),
            ((HUB.model_copy(update={"sector": Sector.FIRE}),), "not the institution's sector"),
            ((AddSite(name="Hub", institution="institution:hospital", postcode="E1 1BJ"),), "has not been looked up"),
        ],
        ids=[
            "twice closed",
            "twice added",
            "tie there",
            "tie repeated backwards",
            "tie to itself",
            "not a site",
            "no institution",
            "new without a sector",
            "another sector",
            "postcode not looked up",
        ],
    )
    def test_what_cannot_be_is_named(self, changes: tuple[Change, ...], words: str) -> None:
        assert words in faults(*changes)[0]

    def test_a_new_institution_has_one_sector(self) -> None:
        first = HUB.model_copy(update={"institution": "Trust", "sector": Sector.HEALTH})
        second = first.model_copy(update={"name": "Other", "sector": Sector.COUNCIL})
        assert "another sector for Trust" in faults(first, second)[0]

    def test_a_site_that_has_ended_cannot_close(self) -> None:
        inputs = toy_inputs()
        once = apply_scenario(scenario(CloseSite(site="site:council")), inputs.sites, inputs.graph, inputs.areaset)
        with pytest.raises(DataError, match="the site is ended"):
            apply_scenario(scenario(CloseSite(site="site:council")), once.sites, once.graph, inputs.areaset)


def test_domains_of_the_toy_are_what_the_effects_count_on() -> None:
    graph = toy_inputs().graph
    assert graph.nodes["network:west"]["domains"] == (Domain.WORKFORCE.value,)
