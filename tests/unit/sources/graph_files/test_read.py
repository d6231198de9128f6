from __future__ import annotations

import gzip
import json
import zipfile
from pathlib import Path
from typing import Any

import pytest

from atlas.errors import DataError, Faults, QueryError, UnavailableError
from atlas.sources.graph_files import GraphFile, read_graph
from atlas.sources.graph_files.model import DEEPEST, LONGEST_TEXT

HEAD = '<?xml version="1.0" encoding="UTF-8"?>\n'
GRAPHML = (
    HEAD
    + """<graphml xmlns="http://graphml.graphdrawing.org/xmlns">
<key attr.name="label" attr.type="string" for="node" id="label"/>
<key attr.name="Edge Label" attr.type="string" for="edge" id="edgelabel"/>
<key attr.name="weight" attr.type="double" for="edge" id="weight"><default>1.0</default></key>
<key attr.name="r" attr.type="int" for="node" id="r"/>
<graph edgedefault="undirected">
<node id="n0">
<data key="label">Barts &amp; The London</data>
<data key="r">255</data>
</node>
<node id="n1"/>
<edge id="0" source="n0" target="n1"><data key="edgelabel">Member</data></edge>
<edge id="1" source="n1" target="n0" directed="true"><data key="weight">2.0</data></edge>
</graph>
</graphml>
"""
)
YED = """<graphml xmlns="http://graphml.graphdrawing.org/xmlns" xmlns:y="http://www.yworks.com/xml/graphml">
<key id="d0" for="node" yfiles.type="nodegraphics"/>
<graph edgedefault="directed"><node id="n0"><data key="d0"><y:ShapeNode><y:Fill color="#FFCC00"/>
<y:NodeLabel>Town Hall</y:NodeLabel></y:ShapeNode></data></node></graph></graphml>
"""
GEXF_13 = (
    HEAD
    + """<gexf xmlns="http://gexf.net/1.3" xmlns:viz="http://gexf.net/1.3/viz" version="1.3">
<graph defaultedgetype="undirected" mode="dynamic" timeformat="date">
<attributes class="node" mode="static"><attribute id="0" title="Sector" type="string">
<default>health</default></attribute></attributes>
<nodes>
<node id="a" label="A"><attvalues><attvalue for="0" value="council"/></attvalues><viz:color r="1" g="2" b="3"/></node>
<node id="b" label="B" start="-Infinity" end="2024-01-02"/>
</nodes>
<edges>
<edge id="0" source="a" target="b" kind="funds" weight="3.0">
<spells><spell start="2020-01-01" end="2021-01-01"/><spell start="2022-01-01"/></spells></edge>
<edge id="1" source="b" target="a" type="directed"/>
</edges></graph></gexf>
"""
)


def read(folder: Path, *files: tuple[str, bytes | str]) -> tuple[GraphFile, Faults]:
    paths = []
    for name, data in files:
        path = folder / name
        path.write_bytes(data if isinstance(data, bytes) else data.encode())
        paths.append(path)
    faults = Faults()
    return read_graph(paths, faults), faults


def said(error: pytest.ExceptionInfo[DataError]) -> str:
    return str(error.value)


class TestGraphML:
    def test_gephi(self, tmp_path: Path) -> None:
        graph, faults = read(tmp_path, ("g.graphml", GRAPHML))
        assert not len(faults)
        assert (graph.nodes[0].id, graph.nodes[0].label, graph.nodes[0].where.row) == ("n0", "Barts & The London", 8)
        assert graph.nodes[0].values == {"label": "Barts & The London", "r": "255"}
        assert [edge.is_directed for edge in graph.edges] == [False, True]
        assert [edge.values["weight"] for edge in graph.edges] == ["1.0", "2.0"]
        assert not graph.is_ours

    def test_yed_keeps_its_label_in_a_drawing(self, tmp_path: Path) -> None:
        assert read(tmp_path, ("g.graphml", YED))[0].nodes[0].label == "Town Hall"

    def test_elements_on_one_line_are_told_by_place(self, tmp_path: Path) -> None:
        graph, _ = read(tmp_path, ("g.graphml", GRAPHML.replace("\n", " ")))
        assert [(node.where.file, node.where.row) for node in graph.nodes] == [
            ("g.graphml, places of nodes", 1),
            ("g.graphml, places of nodes", 2),
        ]

    @pytest.mark.parametrize("declared", ["utf-16", "iso-8859-1"])
    def test_other_encodings_that_are_declared(self, tmp_path: Path, declared: str) -> None:
        text = GRAPHML.replace('"UTF-8"', f'"{declared}"').replace("Barts", "Café")
        assert read(tmp_path, ("g.graphml", text.encode(declared)))[0].nodes[0].label.startswith("Café")

    def test_every_fault_of_form_is_told(self, tmp_path: Path) -> None:
        text = GRAPHML.replace('<data key="r">', '<data key="zz">').replace(' source="n0"', "")
        with pytest.raises(DataError) as error:
            read(tmp_path, ("g.graphml", text))
        assert "g.graphml, row 10: an undeclared attribute, found 'zz'" in said(error)
        assert "row 13, column source: an element edge without source" in said(error)


class TestGexf:
    def test_13_with_spells_and_what_is_drawn(self, tmp_path: Path) -> None:
        graph, faults = read(tmp_path, ("g.gexf", GEXF_13))
        assert graph.nodes[0].values == {"label": "A", "Sector": "council"}
        assert graph.nodes[1].values == {"label": "B", "Sector": "health", "end": "2024-01-02"}
        assert graph.edges[0].values == {"kind": "funds", "weight": "3.0", "start": "2020-01-01"}
        assert [edge.is_directed for edge in graph.edges] == [False, True]
        assert ["2 spells" in fault.problem for fault in faults.warnings] == [True]

    def test_12_draft_and_no_namespace(self, tmp_path: Path) -> None:
        draft = GEXF_13.replace("http://gexf.net/1.3", "http://www.gexf.net/1.2draft")
        bare = draft.replace(' xmlns="http://www.gexf.net/1.2draft"', "")
        for text in (draft, bare):
            assert read(tmp_path, ("g.gexf", text))[0].nodes[0].values["Sector"] == "council"


class TestJson:
    @pytest.mark.parametrize(
        "document",
        [
            {"nodes": [{"id": 1, "name": "A"}, {"id": 2}], "links": [{"source": 1, "target": 2, "kind": "x"}]},
            {"nodes": [{"name": "A"}, {}], "links": [{"source": 0, "target": 1, "kind": "x"}]},
            {
                "nodes": [{"key": "1", "attributes": {"name": "A"}}, {"key": "2"}],
                "edges": [{"source": "1", "target": "2", "attributes": {"kind": "x"}}],
            },
            {
                "graph": {
                    "nodes": {"1": {"metadata": {"name": "A"}}, "2": {}},
                    "edges": [{"source": "1", "target": "2", "metadata": {"kind": "x"}}],
                }
            },
            {
                "graphs": [
                    {
                        "nodes": [{"id": "1", "metadata": {"name": "A"}}, {"id": "2"}],
                        "edges": [{"source": "1", "target": "2", "metadata": {"kind": "x"}}],
                    }
                ]
            },
            {
                "elements": [{"_id": "1", "attributes": {"name": "A"}}, {"_id": "2", "attributes": {}}],
                "connections": [
                    {"_id": "c", "from": "1", "to": "2", "direction": "directed", "attributes": {"kind": "x"}}
                ],
            },
        ],
        ids=["node-link", "d3 before 4", "graphology", "jgf 2", "jgf 1", "kumu"],
    )
    def test_forms(self, tmp_path: Path, document: Any) -> None:
        graph, faults = read(tmp_path, ("g.json", json.dumps(document)))
        assert not len(faults)
        assert graph.nodes[0].values["name"] == "A"
        assert (graph.edges[0].source, graph.edges[0].target) == (graph.nodes[0].id, graph.nodes[1].id)
        assert graph.edges[0].values["kind"] == "x"
        assert graph.edges[0].is_directed

    def test_faults_of_form(self, tmp_path: Path) -> None:
        text = '{"nodes": [{"id": "a"}, 3], "edges": [{"source": "a"}], "edges2": {"x": 1, "x": 2}}'
        with pytest.raises(DataError) as error:
            read(tmp_path, ("g.json", text))
        assert "g.json, nodes, row 2: no record, found '3'" in said(error)
        assert "g.json, edges, row 1: an edge without two ends" in said(error)
        assert "a name that is there twice, found 'x'" in said(error)

    @pytest.mark.parametrize(
        ("text", "words"),
        [
            ("[1]", "not a JSON object"),
            ('{"a": 1}', "another kind of JSON"),
            ('{"nodes": [{"id": NaN}], "edges": []}', "NaN is no number"),
            ('{"nodes": [', "not JSON"),
            ('{"nodes": ' + "[" * 100_000, "too deep"),
            ('{"nodes": ' + "9" * 10_000, "not JSON"),
            ('{"nodes": {}, "edges": 3}', "is no list"),
        ],
        ids=["list", "other", "nan", "cut short", "deep", "long number", "no list"],
    )
    def test_what_is_no_graph(self, tmp_path: Path, text: str, words: str) -> None:
        with pytest.raises(DataError, match=words):
            read(tmp_path, ("g.json", text))


class TestTables:
    def test_kumu(self, tmp_path: Path) -> None:
        elements = ("e.csv", "\ufeffLabel,Type,Tags\nA,Org,x|y\n")
        graph, _ = read(tmp_path, ("c.csv", "From,To,Type,Direction\nA,B,Member,mutual\n"), elements)
        assert graph.nodes[0].values == {"Label": "A", "Type": "Org", "Tags": "x|y"}
        assert graph.edges[0].values == {"Type": "Member"}
        assert not graph.edges[0].is_directed

    def test_gephi_has_its_direction_in_type(self, tmp_path: Path) -> None:
        edges = "Source,Target,Type,Id,Label,Weight\n1,2,Undirected,0,Member,1.0\n2,1,Directed,1,,1.0\n"
        graph, _ = read(tmp_path, ("nodes.csv", "Id,Label\n1,A\n2,B\n"), ("edges.csv", edges))
        assert [edge.is_directed for edge in graph.edges] == [False, True]
        assert graph.edges[0].values == {"Id": "0", "Label": "Member", "Weight": "1.0"}

    def test_every_fault_of_form_is_told(self, tmp_path: Path) -> None:
        with pytest.raises(DataError) as error:
            read(
                tmp_path, ("n.csv", "Id,Label\n1,A\n,\n1,B,C,D\n ,,\n"), ("e.csv", "From,To\nA,\n"), ("x.csv", "a\n1\n")
            )
        for words in ("n.csv, row 4: 4 values", "e.csv, row 2, column To: an edge", "x.csv, row 1: neither nodes nor"):
            assert words in said(error)

    def test_semicolons_and_other_encodings_are_refused(self, tmp_path: Path) -> None:
        with pytest.raises(DataError, match="semicolons"):
            read(tmp_path, ("n.csv", "Id;Label\n1;A\n"))
        with pytest.raises(DataError, match=r"n\.csv, row 2: not UTF-8"):
            read(tmp_path, ("n.csv", "Id,Label\n1,Café\n".encode("cp1252")))


BOMB = (
    HEAD
    + """<!DOCTYPE lolz [<!ENTITY lol "lol"><!ENTITY lol2 "&lol;&lol;&lol;&lol;&lol;&lol;&lol;&lol;&lol;&lol;">]>
<graphml><graph edgedefault="directed"><node id="&lol2;"/></graph></graphml>"""
)
EXTERNAL = (
    HEAD
    + """<!DOCTYPE gexf [<!ENTITY secret SYSTEM "file:///etc/passwd">]>
<gexf><graph><nodes><node id="a" label="&secret;"/></nodes></graph></gexf>"""
)
DTD = HEAD + '<!DOCTYPE graphml SYSTEM "http://example.invalid/graphml.dtd">\n<graphml/>'


class TestHazards:
    @pytest.mark.parametrize(
        ("name", "text"),
        [("g.graphml", BOMB), ("g.gexf", EXTERNAL), ("g.graphml", DTD), ("g.xml", EXTERNAL)],
        ids=["billion laughs", "external entity", "dtd", "external entity in xml"],
    )
    def test_entities_and_dtd_are_refused(self, tmp_path: Path, name: str, text: str) -> None:
        with pytest.raises(DataError, match=r"document type definition \(DTD\) is refused") as error:
            read(tmp_path, (name, text))
        assert "root:" not in said(error)

    def test_undeclared_entities(self, tmp_path: Path) -> None:
        with pytest.raises(DataError, match="row 1: not well-formed"):
            read(tmp_path, ("g.graphml", "<graphml>&nbsp;</graphml>"))

    @pytest.mark.parametrize(
        ("name", "data", "words"),
        [
            ("g.graphml", b"", "the file is empty"),
            ("g.gexf", b" \n", "the file is empty"),
            ("g.json", b"", "the file is empty"),
            ("g.csv", b"", "the file is empty"),
            ("g.graphml", b"<graphml><graph>", "not well-formed"),
            ("g.graphml", b"<html/>", "another kind of XML"),
            ("g.gexf", b"<graphml/>", "another kind of XML"),
            ("g.graphml", b'<?xml version="1.0" encoding="windows-9"?><graphml/>', "unknown encoding"),
            ("g.graphml", b"<graphml>\n\xe9</graphml>", "row 2: not well-formed"),
            ("g.graphml", b"<graphml>" + b"<a>" * DEEPEST + b"</a>" * DEEPEST + b"</graphml>", "too deep"),
            ("g.zip", b"PK\x03\x04nothing", "the archive is damaged"),
            ("g.csv", b"PK\x03\x04nothing", "a workbook or a zip archive"),
            ("g.json.gz", gzip.compress(b"{}" * 100, mtime=0)[:-9], "cut short"),
            ("g.json.gz", b"\x1f\x8bnothing", "damaged"),
        ],
        ids=str,
    )
    def test_files_that_cannot_be_read(self, tmp_path: Path, name: str, data: bytes, words: str) -> None:
        with pytest.raises(DataError, match=words) as error:
            read(tmp_path, (name, data))
        assert name in said(error)

    def test_size(self, tmp_path: Path) -> None:
        plain, packed, archive = tmp_path / "g.json", tmp_path / "p.json.gz", tmp_path / "g.zip"
        plain.write_bytes(b" " * 2_000)
        packed.write_bytes(gzip.compress(b" " * 1_000_000))
        with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED) as file:
            file.writestr("nodes.csv", " " * 1_000_000)
        for path in (plain, packed, archive):
            with pytest.raises(DataError, match="too large"):
                read_graph([path], Faults(), most=1_999)

    @pytest.mark.parametrize("name", ["g.graphml", "g.json", "n.csv"])
    def test_a_huge_attribute(self, tmp_path: Path, name: str) -> None:
        huge = "x" * (LONGEST_TEXT + 1)
        texts = {
            "g.graphml": GRAPHML.replace("Barts", huge),
            "g.json": json.dumps({"nodes": [{"id": "a", "label": huge}], "edges": []}),
            "n.csv": f"Id,Label\n1,{huge}\n",
        }
        with pytest.raises(DataError, match=r"column [Ll]abel: an attribute of 100,") as error:
            read(tmp_path, (name, texts[name]))
        assert len(said(error)) < 400

    def test_a_node_that_is_there_twice(self, tmp_path: Path) -> None:
        _, faults = read(tmp_path, ("n.csv", "Id,Label\n1,A\n1,B\n"))
        assert "n.csv, row 3: a node that is there twice, found '1'" in str(faults.found[0])

    def test_a_file_that_is_not_there(self, tmp_path: Path) -> None:
        with pytest.raises(UnavailableError, match="cannot open"):
            read_graph([tmp_path / "g.gexf"], Faults())

    def test_files_that_are_no_graph(self, tmp_path: Path) -> None:
        for names in (["g.xlsx"], [], ["a.csv", "b.json"], ["a.csv", "b.csv", "c.csv", "d.csv"]):
            with pytest.raises(QueryError):
                read_graph([tmp_path / name for name in names], Faults())

    def test_nothing_in_it(self, tmp_path: Path) -> None:
        assert read(tmp_path, ("g.json", '{"nodes": [], "edges": []}'))[1].errors[0].problem == "no nodes and no edges"
