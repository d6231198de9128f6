from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from atlas.errors import DataError, Faults, QueryError
from atlas.exports.graph.formats import FORMATS
from atlas.exports.partnerships import package_files
from atlas.graph.build import build
from atlas.records import TABLES, Partnerships
from atlas.sources.graph_files import read_graph
from atlas.sources.graph_import import Imported, import_graph
from atlas.sources.graph_mapped import Known, draft_of
from atlas.sources.graph_mapping import parse_mapping
from atlas.sources.graph_native import draft_of_ours
from atlas.sources.graph_suggest import suggest_mapping
from atlas.sources.partnerships import OPTIONAL, read_partnerships
from tests.toy import EAST, WEST, toy_partnerships
from tests.unit.exports.graph.worlds import nasty_partnerships

OURS = ("graphml", "gexf", "node-link", "jgf", "csv")
PLACES = {WEST: "West", EAST: "East"}

SOURCE = {"id": "map", "title": "A map", "publisher": "Nobody", "licence": "none"}
DEFAULTS = {"checked_on": "2026-11-01", "confidence": "medium", "is_anchor": False, "sector": "voluntary"}
MAPPING = {
    "source": SOURCE,
    "defaults": {**DEFAULTS, "type": "body", "origin": "community", "scale": "borough", "description": "A network."},
    "nodes": {"kind": "Type", "name": "Label"},
    "ties": {"relation": "Type", "start": "Since", "end": "Until", "note": "Note"},
    "values": {
        "kind": {"Org": "institution", "Group": "network", "Person": "leave out"},
        "relation": {"Member": "member_of", "Has member": "has as a member", "Knows": "leave out"},
    },
}


def written(folder: Path, name: str, partnerships: Partnerships) -> Path:
    """The graph of partnership tables as a file of a format."""
    one = next(one for one in FORMATS if one.name == name)
    path = folder / f"graph.{one.ending}"
    path.write_bytes(b"".join(one.pieces(build(partnerships), None)))  # type: ignore[arg-type]
    return path


def rows(partnerships: Any, table: str) -> list[str]:
    """Rows of a table in an order of their own, as reading leaves them."""
    found = (TABLES[table].model_validate(row.model_dump()) for row in getattr(partnerships, table))
    return sorted(map(repr, found))


def read_back(path: Path, places: dict[str, str]) -> Any:
    faults = Faults()
    draft = draft_of_ours(read_graph([path], faults), places)
    faults.extend(draft.faults)
    assert [str(fault) for fault in faults] == []
    return Partnerships.model_construct(**{t: tuple(r.record for r in found) for t, found in draft.rows.items()})


def test_what_atlas_wrote_and_somebody_spoiled(tmp_path: Path) -> None:
    path = written(tmp_path, "node-link", nasty_partnerships())
    document = json.loads(path.read_text(encoding="utf-8"))
    document["nodes"][0].pop("kind")
    document["nodes"][1]["commitments"] = ["buy more"]
    document["nodes"][2]["status"] = "dormant"
    document["edges"][0].pop("relation")
    path.write_text(json.dumps(document), encoding="utf-8")
    told = [str(fault) for fault in draft_of_ours(read_graph([path], Faults()), PLACES).faults]
    assert told[0].startswith("graph.json, nodes, row 1, column kind: no kind, expected one of")
    assert told[1].startswith("graph.json, nodes, row 2, column commitments: no record, found 'buy more'")
    assert told[2].startswith("graph.json, nodes, row 3, column status: wrong value, found 'dormant', expected one of")
    assert told[3].startswith("graph.json, edges, row 1, column relation: empty cell")
    assert len(told) == 4


@pytest.mark.parametrize("name", OURS)
def test_what_atlas_wrote_comes_back_whole(tmp_path: Path, name: str) -> None:
    before = nasty_partnerships()
    after = read_back(written(tmp_path, name, before), PLACES)
    for table in TABLES:
        if table != "surveys":  # the graph has none
            assert rows(after, table) == rows(before, table), table


def test_a_package_that_is_written_is_read_as_it_was(tmp_path: Path) -> None:
    before = nasty_partnerships()
    for name, data in package_files(before, "Toy", "A toy.").items():
        (tmp_path / name).write_bytes(data)
    after = read_partnerships(tmp_path, (WEST, EAST)).partnerships
    for table in TABLES:
        assert rows(after, table) == rows(before, table), table


def drafted(
    folder: Path, nodes: str, edges: str, mapping: dict[str, Any] | None = None, there: Partnerships | None = None
) -> Any:
    (folder / "n.csv").write_text(nodes, encoding="utf-8")
    (folder / "e.csv").write_text(edges, encoding="utf-8")
    graph = read_graph([folder / "n.csv", folder / "e.csv"], Faults())
    return draft_of(graph, parse_mapping(mapping or MAPPING, "m.toml"), Known.of(there or Partnerships(), PLACES))


NODES = "Label,Type\nA,Org\nB,Org\nN,Group\n"


class TestMapped:
    def test_kinds_ids_defaults_and_sources(self, tmp_path: Path) -> None:
        draft = drafted(tmp_path, NODES, "From,To,Type,Since\nA,N,Member,2021\n")
        assert not len(draft.faults)
        (a, _), (n,) = draft.rows["institutions"], draft.rows["networks"]
        assert (a.record.id, a.record.sector, a.record.is_anchor) == ("institution:a", "voluntary", False)
        assert (n.record.source, n.record.evidence) == ("map", "n.csv, row 4")
        tie = draft.rows["ties"][0].record
        assert (tie.subject, tie.relation, tie.object, tie.start) == ("institution:a", "member_of", "network:n", "2021")

    def test_inverse_words_and_edges_without_direction_turn(self, tmp_path: Path) -> None:
        edges = "From,To,Type,Direction\nN,A,Has member,directed\nN,B,Member,undirected\n"
        draft = drafted(tmp_path, NODES, edges)
        assert [row.record.subject for row in draft.rows["ties"]] == ["institution:a", "institution:b"]

    def test_an_edge_that_could_run_either_way(self, tmp_path: Path) -> None:
        draft = drafted(tmp_path, NODES, "From,To,Type,Direction\nA,B,funds,mutual\n")
        assert [fault.problem for fault in draft.faults] == ["an edge without direction"]
        assert not drafted(tmp_path, NODES, "From,To,Type,Direction\nA,B,partners with,mutual\n").faults.errors

    def test_no_direction_may_be_taken_from_the_file(self, tmp_path: Path) -> None:
        mapping = {**MAPPING, "undirected": True}
        draft = drafted(tmp_path, NODES, "From,To,Type\nN,A,Member\nB,N,Member\n", mapping)
        assert [row.record.object for row in draft.rows["ties"]] == ["network:n", "network:n"]

    def test_people_are_left_out_with_their_ties(self, tmp_path: Path) -> None:
        draft = drafted(tmp_path, NODES + "Pat,Person\n", "From,To,Type\nPat,A,Knows\nA,B,Knows\nPat,N,Member\n")
        assert not draft.rows["ties"]
        assert draft.left_out == {"nodes": 1, "ties": 3}
        assert not len(draft.faults)

    def test_every_fault_is_told_in_the_words_of_the_file(self, tmp_path: Path) -> None:
        nodes = NODES + "A!,Org\n北京,Org\nZ,Zoo\n"
        edges = "From,To,Type,Since,Until\nA,Q,Member,,\nA,N,Likes,,\nB,N,Member,sometime,2021\nA,N,Member,2022,2021\n"
        draft = drafted(tmp_path, nodes, edges)
        found = [str(fault) for fault in draft.faults]
        for start in (
            "n.csv, row 5: the same id, institution:a, for two nodes, found 'A!'",
            "n.csv, row 6: no id can be made of the name, found '北京'",
            "n.csv, row 7, column Type: no such kind, found 'Zoo'",
            "e.csv, row 2, column target: no such node, found 'Q'",
            "e.csv, row 3, column Type: no such relation, found 'Likes'",
            "e.csv, row 4, column Since: wrong value for start, found 'sometime'",
            "e.csv, row 5: ends (2021) before it starts (2022)",
        ):
            assert any(one.startswith(start) for one in found), (start, found)
        assert len(found) == 7

    def test_labels_that_two_nodes_have(self, tmp_path: Path) -> None:
        draft = drafted(tmp_path, "Id,Label,Type\n1,A,Org\n2,A,Group\n", "From,To,Type\nA,2,Member\n1,2,Member\n")
        assert [fault.problem for fault in draft.faults] == ["more than one node of this label"]
        assert [row.record.object for row in draft.rows["ties"]] == ["network:a"]

    def test_dates_as_others_write_them(self, tmp_path: Path) -> None:
        mapping = {**MAPPING, "ties": {**MAPPING["ties"], "end": {"from": "Until", "date": "%d/%m/%Y"}}}  # type: ignore[dict-item]
        edges = "From,To,Type,Since,Until\nA,N,Member,2019.0,31/10/2020\nB,N,Member,2021-02-03T00:00:00Z,\n"
        draft = drafted(tmp_path, NODES, edges, mapping)
        ties = [row.record for row in draft.rows["ties"]]
        assert [(tie.start, tie.end, tie.status) for tie in ties] == [
            ("2019", "2020-10-31", "ended"),
            ("2021-02-03", None, "active"),
        ]

    def test_lists_places_ids_and_nothing(self, tmp_path: Path) -> None:
        mapping = {
            **MAPPING,
            "nodes": {**MAPPING["nodes"], "domains": "Tags"},  # type: ignore[dict-item]
            "values": {**MAPPING["values"], "domains": {"Jobs": "workforce", "Fun": ""}},  # type: ignore[dict-item]
            "ids": {"N": "network:other"},
        }
        nodes = "Label,Type,Tags\nN,Group,Jobs|Fun|Local buying\nWest,place,\n"
        draft = drafted(tmp_path, nodes, "From,To,Type\nN,West,serves\n", mapping)
        network, place = draft.rows["networks"][0].record, draft.rows["places"][0].record
        assert (network.id, network.domains) == ("network:other", ("workforce", "procurement"))
        assert place.id == f"place:{WEST}"

    def test_a_node_that_is_there_needs_no_more_than_its_name(self, tmp_path: Path) -> None:
        mapping = {**MAPPING, "defaults": {"checked_on": "2026-11-01", "confidence": "low"}}
        nodes = "Label,Type\nWESTERN  Hospital,Org\nWest partnership,Group\n"
        edges = "From,To,Type\nWESTERN  Hospital,West partnership,Member\n"
        draft = drafted(tmp_path, nodes, edges, mapping, toy_partnerships())
        assert not len(draft.faults)
        assert [row.record for row in draft.rows["institutions"]] == [toy_partnerships().institutions[0]]

    def test_attributes_that_nobody_took(self, tmp_path: Path) -> None:
        draft = drafted(tmp_path, "Label,Type,Size\nA,Org,3\n", "From,To,Type,Weight\nA,A,Knows,1\n")
        assert draft.unused == {"nodes": ("Size",), "ties": ("Weight",)}


@pytest.fixture(scope="module")
def base(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Tables of one site at a real postcode, with what is tied to it."""
    folder = tmp_path_factory.mktemp("base")
    toy = toy_partnerships()
    where = {"postcode": "SE1 2QH", "borough": "E09000028", "easting_m": None, "northing_m": None}
    site = toy.sites[0].model_copy(update={**where, "position": "postcode"})
    network = toy.networks[0].model_copy(update={"footprint": ("E09000028",)})
    rows = {"sources": toy.sources, "institutions": toy.institutions, "sites": (site,), "networks": (network,)}
    partnerships = Partnerships.model_construct(**rows, programmes=(), places=(), ties=(), surveys=())
    for name, data in package_files(partnerships, "Base", "A base.").items():
        (folder / name).write_bytes(data)
    for table in ("programmes", "ties"):
        folder.joinpath(f"{table}.csv").touch()
    programme, tie = toy.programmes[0], toy.ties[0]
    programme = programme.model_copy(update={"footprint_kind": "none", "footprint": ()})
    rows = {**rows, "programmes": (programme,), "ties": (tie,)}
    for name, data in package_files(Partnerships.model_construct(**rows), "Base", "A base.").items():
        (folder / name).write_bytes(data)
    return folder


class TestInto:
    def run(self, folder: Path, into: Path | None, nodes: str, edges: str, mapping: str = "") -> Imported:
        (folder / "n.csv").write_text(nodes, encoding="utf-8")
        (folder / "e.csv").write_text(edges, encoding="utf-8")
        (folder / "m.json").write_text(mapping or json.dumps(MAPPING), encoding="utf-8")
        places = {"E09000028": "Southwark"}
        return import_graph([folder / "n.csv", folder / "e.csv"], folder / "m.json", into, places=places)

    def test_new_rows_are_added_after_those_that_were_there(self, tmp_path: Path, base: Path) -> None:
        nodes = "Label,Type\nWestern Hospital,Org\nNew Body,Org\nNew Group,Group\n"
        edges = "From,To,Type\nWestern Hospital,New Group,Member\nNew Body,New Group,Member\n"
        found = self.run(tmp_path, base, nodes, edges)
        assert [str(fault) for fault in found.faults if fault.severity == "error"] == []
        assert found.added == {"sources": 1, "institutions": 1, "networks": 1, "ties": 2}
        assert found.known == {"institutions": 1}
        assert [row.id for row in found.partnerships.institutions][-1] == "institution:new-body"

    def test_what_disagrees_is_told_column_by_column(self, tmp_path: Path, base: Path) -> None:
        mapping = '{"source": {"id": "toy"}, "nodes": {"kind": "Type", "name": "Label", "sector": "S", "website": "W"}}'
        found = self.run(
            tmp_path,
            base,
            "Id,Label,Type,S,W\ninstitution:hospital,Other,institution,police,w\n",
            "From,To\na,a\n",
            mapping,
        )
        told = [str(fault) for fault in found.faults]
        for start in (
            "n.csv, row 2, column Label: something else than the tables have for name, found 'Other', expected Western",
            "n.csv, row 2, column S: something else than the tables have for sector, found 'police', expected health",
            "n.csv, row 2, column W: something else than the tables have for website, found 'w', expected nothing",
        ):
            assert any(one.startswith(start) for one in told), told

    def test_faults_between_rows_are_told_of_the_file(self, tmp_path: Path, base: Path) -> None:
        edges = "From,To,Type\nA,B,Member\nA,N,Member\nA,N,Member\n"
        told = [str(fault) for fault in self.run(tmp_path, base, NODES, edges).faults]
        assert any(one.startswith("e.csv, row 2, column object: node of the wrong kind") for one in told), told
        assert any(one.startswith("e.csv, row 4, column subject: repeated tie") for one in told), told

    def test_near_names_and_texts_that_run_are_only_doubted(self, tmp_path: Path, base: Path) -> None:
        found = self.run(
            tmp_path, base, "Label,Type\nWestern Hospitals,Org\n=1+1,Org\nN,Group\n", "From,To,Type\nN,N,Knows\n"
        )
        assert {fault.severity for fault in found.faults} == {"warning"}
        problems = [fault.problem for fault in found.faults if fault.file == "n.csv"]
        assert problems[0] == "a name near one that is there"
        assert problems[1].startswith("a text that a spreadsheet would run")

    def test_alone_it_says_which_tables_are_missing(self, tmp_path: Path) -> None:
        found = self.run(tmp_path, None, NODES, "From,To,Type\nA,N,Member\n")
        told = [fault.file for fault in found.faults if fault.severity == "error"]
        assert told == [f"{table}.csv" for table in ("sites", "programmes") if table not in OPTIONAL]

    def test_a_folder_of_tables_goes_into_another(self, base: Path) -> None:
        found = import_graph([base], None, base, places={"E09000028": "Southwark"})
        assert not found.faults
        assert not found.added

    def test_a_mapping_that_names_what_is_not_there(self, tmp_path: Path, base: Path) -> None:
        mapping = '{"nodes": {"kind": "Sort", "name": "Label"}}'
        found = self.run(tmp_path, base, NODES, "From,To\nA,N\n", mapping)
        told = [str(fault) for fault in found.faults]
        assert told[0].startswith(
            "m.json, column nodes.kind: no such attribute, found 'Sort', expected one of Label, Type"
        )
        assert told[1].startswith("n.csv, row 2, column kind: no kind")


def test_a_file_from_outside_needs_a_mapping(tmp_path: Path) -> None:
    (tmp_path / "n.csv").write_text(NODES, encoding="utf-8")
    with pytest.raises(QueryError, match="--suggest"):
        import_graph([tmp_path / "n.csv"])


def test_tables_with_faults_are_not_added_to(tmp_path: Path) -> None:
    (tmp_path / "n.csv").write_text(NODES, encoding="utf-8")
    with pytest.raises(DataError, match="mend them first"):
        import_graph([tmp_path / "n.csv"], None, tmp_path)


class TestSuggest:
    def test_it_can_be_read_and_says_what_is_to_be_filled_in(self, tmp_path: Path) -> None:
        (tmp_path / "n.csv").write_text(
            'Label,Type,"A ""b"""\nA,Org,\U0001f600\nPat,Person,x\nN,Network,y\n', encoding="utf-8"
        )
        (tmp_path / "e.csv").write_text("From,To,Type,Since\nA,N,Membership,2021\nN,A,odd,2022\n", encoding="utf-8")
        text = suggest_mapping([tmp_path / "n.csv", tmp_path / "e.csv"], None, {})
        for line in (
            'kind = "Type"',
            'relation = "Type"',
            'start = "Since"',
            '"Person" = "leave out"',
            '"Membership" = "member_of"',
            '# "odd" = ""',
            '# not taken: "A \\"b\\""',
        ):
            assert line in text
        (tmp_path / "m.toml").write_text(text, encoding="utf-8")
        found = import_graph([tmp_path / "n.csv", tmp_path / "e.csv"], tmp_path / "m.toml")
        problems = {(fault.file, fault.column) for fault in found.faults}
        assert ("the mapping's source", "title") in problems
        assert ("e.csv", "Type") in problems

    def test_bodies_that_may_be_there(self, tmp_path: Path, base: Path) -> None:
        (tmp_path / "n.csv").write_text("Label\nWestern Hospital\nThe Western Hospital Trust\n", encoding="utf-8")
        text = suggest_mapping([tmp_path / "n.csv"], base, {"E09000028": "Southwark"})
        assert '# "The Western Hospital Trust" = "institution:hospital"' in text
        assert '# "Western Hospital" =' not in text
