from __future__ import annotations

import gzip
import hashlib
import json
import os
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import geopandas as gpd
import pytest
from shapely import box

from atlas.errors import DataError, UnavailableError
from atlas.sources.catalogue import Catalogue, Entry, Keep
from atlas.sources.download import Pulled, pull, read_record, status
from tests.local_server import Layer, LocalServer, PlainFile, serving, square

BODY = b"code,people\n" + b"".join(b"E%08d,%d\n" % (number, number) for number in range(20_000))
ROWS = 20_000


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Iterator[LocalServer]:
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    with serving() as world:
        yield world


def entry(address: str = "https://example.org/People.csv", **how: Any) -> Entry:
    given: dict[str, Any] = {
        "name": "people",
        "title": "People",
        "publisher": "Office of People",
        "licence": "OGL v3.0",
        "attribution": "Source: Office of People",
        "address": address,
        "kind": "lookup",
        "format": "csv",
        "filename": "people.csv",
        "vintage": "2021",
        "columns": ("code",),
        "rows": ROWS,
        **how,
    }
    return Entry(**given)


def areas_entry(
    address: str = "https://example.org/rest/services/LSOA_BGC_V5/FeatureServer/0/query", **how: Any
) -> Entry:
    given: dict[str, Any] = {
        "format": "arcgis",
        "kind": "areas",
        "name": "lsoas",
        "filename": "lsoas.parquet",
        "columns": ("LSOA21CD|lsoa21_code",),
        "rows": 2,
        "keep": Keep(column="LSOA21NM", begins=("Barnet ",)),
        **how,
    }
    return entry(address, **given)


def get(one: Entry, workspace: Path, **how: Any) -> Pulled:
    waits: list[float] = []
    (pulled,) = pull([one], workspace, **{"timeout_s": 5.0, "wait": waits.append, **how})
    return pulled


def kept(workspace: Path) -> set[str]:
    return {path.name for path in (workspace / "official").rglob("*") if path.is_file()}


def ranges(server: LocalServer) -> list[str | None]:
    return [request.headers.get("Range") for request in server.requests]


class TestPlainFiles:
    def test_a_file_is_fetched_checked_and_recorded(self, server: LocalServer, tmp_path: Path) -> None:
        one = entry(server.file("People.csv", PlainFile(BODY)), sha256=hashlib.sha256(BODY).hexdigest())
        told: list[tuple[str, int, int]] = []
        pulled = get(one, tmp_path, progress=lambda *how: told.append(how))
        assert one.path(tmp_path).read_bytes() == BODY
        assert (pulled.rows, pulled.bytes, pulled.source) == (ROWS, len(BODY), one.address)
        assert pulled.sha256 == one.sha256
        assert told[-1] == ("people", len(BODY), len(BODY))
        assert read_record(tmp_path) == {"people": pulled}
        assert kept(tmp_path) == {"people.csv", "pulled.json"}

    def test_what_is_here_is_not_fetched_again(self, server: LocalServer, tmp_path: Path) -> None:
        one = entry(server.file("People.csv", PlainFile(BODY)))
        first = get(one, tmp_path)
        assert get(one, tmp_path) == first
        assert len(server.requests) == 1
        one.path(tmp_path).write_bytes(b"code\n")
        get(one, tmp_path)
        assert one.path(tmp_path).read_bytes() == BODY

    def test_a_broken_download_goes_on_where_it_stopped(self, server: LocalServer, tmp_path: Path) -> None:
        one = entry(server.file("People.csv", PlainFile(BODY, broken=1, break_at=70_000)))
        get(one, tmp_path)
        assert one.path(tmp_path).read_bytes() == BODY
        first, second = ranges(server)
        assert first is None
        assert second is not None
        assert 0 < int(second[6:-1]) <= 70_000

    def test_so_does_the_next_pull(self, server: LocalServer, tmp_path: Path) -> None:
        file = PlainFile(BODY, broken=4, break_at=70_000)
        one = entry(server.file("People.csv", file))
        with pytest.raises(UnavailableError, match="failed 4 times"):
            get(one, tmp_path)
        assert not one.path(tmp_path).exists()
        get(one, tmp_path)
        assert one.path(tmp_path).read_bytes() == BODY
        assert ranges(server)[-1] is not None

    def test_a_file_that_changed_meanwhile_is_fetched_whole(self, server: LocalServer, tmp_path: Path) -> None:
        file = PlainFile(b"x" * len(BODY), broken=4, break_at=70_000)
        one = entry(server.file("People.csv", file))
        with pytest.raises(UnavailableError):
            get(one, tmp_path)
        file.body, file.etag = BODY, '"two"'
        get(one, tmp_path)
        assert one.path(tmp_path).read_bytes() == BODY

    @pytest.mark.parametrize("etag", [None, 'W/"weak"'])
    def test_without_proof_that_it_is_the_same_it_is_fetched_whole(
        self, server: LocalServer, tmp_path: Path, etag: str | None
    ) -> None:
        one = entry(server.file("People.csv", PlainFile(BODY, etag=etag, broken=1, break_at=70_000)))
        get(one, tmp_path)
        assert one.path(tmp_path).read_bytes() == BODY
        assert ranges(server) == [None, None]

    def test_a_part_that_does_not_fit_is_dropped(self, server: LocalServer, tmp_path: Path) -> None:
        file = PlainFile(BODY, broken=4, break_at=70_000)
        one = entry(server.file("People.csv", file))
        with pytest.raises(UnavailableError):
            get(one, tmp_path)
        file.statuses = [416]
        get(one, tmp_path)
        assert one.path(tmp_path).read_bytes() == BODY

    def test_a_busy_server_is_asked_again(self, server: LocalServer, tmp_path: Path) -> None:
        waits: list[float] = []
        one = entry(server.file("People.csv", PlainFile(BODY, statuses=[503, 429])))
        get(one, tmp_path, wait=waits.append)
        assert waits == [1.0, 2.0]

    def test_a_file_that_moved(self, server: LocalServer, tmp_path: Path) -> None:
        with pytest.raises(UnavailableError) as caught:
            get(entry(f"{server.address}/gone.csv"), tmp_path)
        for words in ("Office of People", "HTTP 404", "atlas data pull people --from DIR"):
            assert words in str(caught.value)

    def test_offline_says_the_way_out(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("NO_PROXY", "127.0.0.1")
        with serving() as closed:
            one = entry(closed.file("People.csv", PlainFile(BODY)))
        with pytest.raises(UnavailableError, match=r"Office of People: 127\.0\.0\.1:\d+ cannot be reached"):
            get(one, tmp_path)

    def test_a_wrong_checksum_leaves_nothing_behind(self, server: LocalServer, tmp_path: Path) -> None:
        one = entry(server.file("People.csv", PlainFile(BODY)), sha256="0" * 64)
        with pytest.raises(DataError) as caught:
            get(one, tmp_path)
        assert caught.value.faults[0].value == hashlib.sha256(BODY).hexdigest()
        assert "0" * 64 in caught.value.faults[0].expected
        assert kept(tmp_path) == set()

    @pytest.mark.parametrize(
        ("body", "says"),
        [
            (BODY[: len(BODY) // 2].rpartition(b"\n")[0], "expected 20,000 rows"),
            (b"<!doctype html>\n<title>Sorry</title>\n", "a column is missing"),
            (b"", "the file is empty"),
            (b"code\nCaf\xe9\n", "not UTF-8"),
        ],
    )
    def test_a_wrong_file_leaves_the_old_one_alone(
        self, server: LocalServer, tmp_path: Path, body: bytes, says: str
    ) -> None:
        folder = tmp_path / "from"
        folder.mkdir()
        (folder / "People.csv").write_bytes(BODY)
        one = entry(server.file("People.csv", PlainFile(body)))
        get(one, tmp_path, from_folder=folder)
        record = read_record(tmp_path)
        one.path(tmp_path).write_bytes(BODY + b"\n")
        with pytest.raises(DataError, match=says):
            get(one, tmp_path)
        assert one.path(tmp_path).read_bytes() == BODY + b"\n"
        assert read_record(tmp_path) == record
        assert kept(tmp_path) == {"people.csv", "pulled.json"}

    def test_all_that_is_wrong_is_said_and_the_rest_is_brought(self, server: LocalServer, tmp_path: Path) -> None:
        address = server.file("People.csv", PlainFile(BODY))
        names = ("first", "second", "third")
        entries = [
            entry(address, name=name, filename=f"{name}.csv", rows=rows)
            for name, rows in zip(names, (1, ROWS, 3), strict=True)
        ]
        with pytest.raises(DataError) as caught:
            pull(entries, tmp_path)
        assert [fault.expected for fault in caught.value.faults] == ["1 rows", "3 rows"]
        assert kept(tmp_path) == {"second.csv", "pulled.json"}


class TestLayers:
    def test_a_layer_becomes_geoparquet(self, server: LocalServer, tmp_path: Path) -> None:
        rows = [
            {"LSOA21CD": f"E0100000{n}", "LSOA21NM": f"Barnet 00{n}A", "geometry": square(n / 10, 51.5)}
            for n in range(3)
        ]
        one = areas_entry(server.layer("LSOA_BGC_V5", Layer(rows)), rows=3, fields=("LSOA21CD", "LSOA21NM"))
        told: list[tuple[str, int, int]] = []
        assert get(one, tmp_path, progress=lambda *how: told.append(how)).rows == 3
        assert told == [("lsoas", 2, 3), ("lsoas", 3, 3)]
        assert gpd.read_parquet(one.path(tmp_path)).crs.to_epsg() == 4326
        assert server.requests[-1].question["where"] == "LSOA21NM LIKE 'Barnet %'"
        assert kept(tmp_path) == {"lsoas.parquet", "pulled.json"}

    def test_a_table_becomes_csv(self, server: LocalServer, tmp_path: Path) -> None:
        address = server.layer("LU", Layer([{"LSOA21CD": "E01000001", "LAD24CD": "E09000001"}]))
        one = areas_entry(address, name="lookup", filename="lookup.csv", rows=1, keep=None)
        get(one, tmp_path)
        assert one.path(tmp_path).read_text() == "OBJECTID,LSOA21CD,LAD24CD\n1,E01000001,E09000001\n"
        assert server.requests[-1].question["returnGeometry"] == "false"

    @pytest.mark.parametrize(
        ("rows", "says"), [([{"LSOA21CD": "E01000001"}], "no shape"), ([], "the layer has no rows")]
    )
    def test_a_layer_that_cannot_be_used(
        self, server: LocalServer, tmp_path: Path, rows: list[dict[str, Any]], says: str
    ) -> None:
        with pytest.raises(DataError, match=says):
            get(areas_entry(server.layer("LSOA", Layer(rows)), rows=len(rows) or None), tmp_path)
        assert kept(tmp_path) == set()


class TestFolders:
    @pytest.fixture
    def folder(self, tmp_path: Path) -> Path:
        folder = tmp_path / "from"
        (folder / "lookups").mkdir(parents=True)
        return folder

    @pytest.mark.parametrize(
        "name", ["lookups/folk.csv.gz", "folk.csv.gz", "people.csv", "People.csv", "PEOPLE.csv.gz"]
    )
    def test_a_file_is_found_laid_out_or_flat(self, folder: Path, tmp_path: Path, name: str) -> None:
        one = entry(aliases=("lookups/folk.csv.gz",))
        (folder / name).write_bytes(gzip.compress(BODY) if name.endswith(".gz") else BODY)
        pulled = get(one, tmp_path, from_folder=folder)
        assert pulled.source == str(folder / name)
        assert one.path(tmp_path).read_bytes() == BODY

    def test_a_truncated_file(self, folder: Path, tmp_path: Path) -> None:
        (folder / "people.csv.gz").write_bytes(gzip.compress(BODY)[:-10])
        with pytest.raises(DataError, match=r"people\.csv\.gz: damaged or cut short"):
            get(entry(), tmp_path, from_folder=folder)
        assert kept(tmp_path) == set()

    def test_the_published_file_is_held_to_its_checksum(self, folder: Path, tmp_path: Path) -> None:
        (folder / "People.csv").write_bytes(BODY)
        with pytest.raises(DataError, match="another file than the one published"):
            get(entry(sha256="0" * 64), tmp_path, from_folder=folder)

    def test_a_wider_table_is_narrowed(self, folder: Path, tmp_path: Path) -> None:
        (folder / "people.csv").write_bytes(BODY)
        one = entry(keep=Keep(column="CODE", begins=("E0001",)), rows=10_000)
        assert get(one, tmp_path, from_folder=folder).rows == 10_000

    @pytest.mark.parametrize(
        "name",
        ["lsoas.parquet", "LSOA_BGC_V5_-1234567890.gpkg", "lsoa_bgc_v5.geojson", "LSOA_BGC_V5.shp", "LSOA_BGC_V5.zip"],
    )
    def test_areas_come_in_any_form_and_are_narrowed(self, folder: Path, tmp_path: Path, name: str) -> None:
        names = ["Barnet 001A", "Barnet 001B", "Barnetby 001A"]
        frame = gpd.GeoDataFrame(
            {"LSOA21CD": ["E01000001", "E01000002", "E01000003"], "LSOA21NM": names},
            geometry=[box(n, 0, n + 1, 1) for n in range(3)],
            crs="EPSG:27700",
        )
        path = folder / name
        if path.suffix == ".parquet":
            frame.to_parquet(path)
        elif path.suffix == ".zip":
            frame.to_file(tmp_path / "areas.shp")
            with zipfile.ZipFile(path, "w") as packed:
                for part in tmp_path.glob("areas.*"):
                    packed.write(part, part.name)
        else:
            frame.to_file(path)
        one = areas_entry()
        assert get(one, tmp_path, from_folder=folder).rows == 2
        assert gpd.read_parquet(one.path(tmp_path))["LSOA21NM"].tolist() == names[:2]

    @pytest.mark.parametrize("name", ["lsoas.parquet", "lsoas.gpkg"])
    def test_damaged_areas(self, folder: Path, tmp_path: Path, name: str) -> None:
        (folder / name).write_bytes(b"nothing of the kind")
        with pytest.raises(DataError, match="damaged or cut short"):
            get(areas_entry(), tmp_path, from_folder=folder)

    def test_what_is_not_found_is_named(self, folder: Path, tmp_path: Path) -> None:
        (folder / "people.csv").write_bytes(BODY)
        entries = [entry(), areas_entry(aliases=("boundaries/lsoa.parquet",))]
        with pytest.raises(UnavailableError, match=r"1 of 2; .*\n  lsoas: boundaries/lsoa\.parquet, LSOA_BGC_V5"):
            pull(entries, tmp_path, from_folder=folder)
        assert [one.name for one in pull(entries, tmp_path, from_folder=folder, leave_out=True)] == ["people"]
        with pytest.raises(UnavailableError, match="no file for 1 of 1"):
            pull(entries[1:], tmp_path, from_folder=folder, leave_out=True)

    def test_a_file_that_cannot_be_used_is_refused(self, folder: Path, tmp_path: Path) -> None:
        (folder / "need.csv").write_text("LSOA code (2021),b\nE01000001,1\n", encoding="utf-8")
        one = entry(name="need", kind="deprivation", filename="need.csv", columns=("b",), rows=1)
        with pytest.raises(DataError, match=r"need.csv, row 1, column LSOA name: a column is missing"):
            get(one, tmp_path / "w", from_folder=folder)
        assert kept(tmp_path / "w") == set()

    def test_what_a_killed_pull_left_is_cleared(
        self, folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        (folder / "People.csv").write_bytes(BODY)
        official = tmp_path / "w" / "official"
        official.mkdir(parents=True)
        for name in (".101.people.csv", ".102.people.csv", ".101.others.csv"):
            (official / name).write_bytes(b"part")

        def kill(process: int, _signal: int) -> None:
            if process == 101:
                raise ProcessLookupError

        monkeypatch.setattr(os, "kill", kill)
        get(entry(), tmp_path / "w", from_folder=folder)
        assert kept(tmp_path / "w") == {"people.csv", "pulled.json", ".102.people.csv", ".101.others.csv"}

    def test_a_workspace_that_is_a_file(self, folder: Path, tmp_path: Path) -> None:
        (folder / "People.csv").write_bytes(BODY)
        (tmp_path / "w").write_bytes(b"")
        with pytest.raises(UnavailableError, match="cannot be kept in the workspace"):
            get(entry(), tmp_path / "w", from_folder=folder)
        with pytest.raises(UnavailableError, match="cannot be read"):
            read_record(tmp_path / "w")

    def test_no_folder(self, tmp_path: Path) -> None:
        with pytest.raises(UnavailableError, match="there is no folder"):
            pull([entry()], tmp_path, from_folder=tmp_path / "none")


class TestStatus:
    def test_every_state(self, server: LocalServer, tmp_path: Path) -> None:
        one = entry(server.file("People.csv", PlainFile(BODY)))
        catalogue = Catalogue((one,))

        def state() -> tuple[str, bool]:
            (found,) = status(catalogue, tmp_path)
            return found.state, found.is_here

        assert state() == ("absent", False)
        get(one, tmp_path)
        assert state() == ("pulled", True)
        one.path(tmp_path).write_bytes(b"code\n")
        assert state() == ("changed", True)
        (tmp_path / "official" / "pulled.json").unlink()
        assert state() == ("unrecorded", True)

    @pytest.mark.parametrize("text", ["{", "[]", json.dumps({"people": {"rows": 1}})])
    def test_a_damaged_record(self, tmp_path: Path, text: str) -> None:
        (tmp_path / "official").mkdir()
        (tmp_path / "official" / "pulled.json").write_text(text)
        with pytest.raises(DataError, match="pull again"):
            read_record(tmp_path)
