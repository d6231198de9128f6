from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

import geopandas as gpd
import pandas as pd
import pytest
import shapely
from shapely import box

from atlas.errors import DataError, Faults, UnavailableError, VintageError
from atlas.geo.areas import AreaSet
from atlas.sources import areas as areas_module
from atlas.sources import embedded
from atlas.sources.areas import missing_files, read_official_areas, read_shapes
from atlas.sources.deprivation import LABELS

BOW_TIE = shapely.from_wkt("POLYGON ((0 0, 2 2, 2 0, 0 2, 0 0))")
WEST, EAST, KENT = "E09000002", "E09000003", "E07000110"
X0, Y0, SIDE_M = 530_000, 180_000, 1_000


def squares(count: int = 3) -> gpd.GeoDataFrame:
    return gpd.GeoDataFrame(
        {"LSOA21CD": [f"E0100000{n}" for n in range(count)], "LSOA21NM": [f"Barnet 00{n}A" for n in range(count)]},
        geometry=[box(X0 + SIDE_M * n, Y0, X0 + SIDE_M * (n + 1), Y0 + SIDE_M) for n in range(count)],
        crs="EPSG:27700",
    )


def save(frame: gpd.GeoDataFrame, path: Path) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    if path.suffix == ".parquet":
        frame.to_parquet(path)
    elif path.suffix == ".zip":
        folder = path.with_suffix("")
        folder.mkdir()
        frame.to_file(folder / "areas.shp")
        shutil.make_archive(str(folder), "zip", folder)
    else:
        frame.to_file(path)
    return path


def shape_faults(path: Path) -> list[str]:
    with pytest.raises(DataError) as caught:
        read_shapes(path)
    return [str(fault) for fault in caught.value.faults]


class TestShapes:
    @pytest.mark.parametrize("suffix", ["parquet", "gpkg", "geojson", "shp", "zip"])
    @pytest.mark.parametrize("crs", ["EPSG:27700", "EPSG:4326", "EPSG:3857"])
    def test_any_form_and_any_coordinate_system(self, tmp_path: Path, suffix: str, crs: str) -> None:
        shapes = read_shapes(save(squares()[::-1].to_crs(crs), tmp_path / f"areas.{suffix}"))
        assert (shapes.kind, shapes.vintage) == ("lsoa", 2021)
        assert shapes.frame.crs.to_epsg() == 27700
        assert shapes.frame.index.tolist() == ["E01000000", "E01000001", "E01000002"]
        assert shapes.frame.index.name == "lsoa"
        assert shapes.frame["name"].tolist() == ["Barnet 000A", "Barnet 001A", "Barnet 002A"]
        assert shapes.frame.area.to_numpy() == pytest.approx(SIDE_M**2, rel=1e-4)

    @pytest.mark.parametrize(
        ("titles", "kind", "vintage"),
        [
            (["lsoa11_code", "lsoa11_name"], "lsoa", 2011),
            (["MSOA11CD", "MSOA11NM"], "msoa", 2011),
            (["LAD24CD", "LAD24NM"], "lad", 2024),
            (["ladcd", "ladnm"], "lad", None),
            (["ICB26CD", "ICB26NM"], "icb", 2026),
        ],
    )
    def test_what_the_header_says(self, tmp_path: Path, titles: list[str], kind: str, vintage: int | None) -> None:
        frame = squares(1).set_axis([*titles, "geometry"], axis=1)
        frame[titles[0]] = {"lsoa": "E01000001", "msoa": "E02000001", "lad": "E09000001", "icb": "E54000071"}[kind]
        shapes = read_shapes(save(frame, tmp_path / "a.parquet"))
        assert (shapes.kind, shapes.vintage, shapes.frame.columns.tolist()) == (kind, vintage, ["name", "geometry"])

    def test_the_smallest_kind_is_the_rows_and_larger_ones_stay(self, tmp_path: Path) -> None:
        frame = squares().assign(ladcd=WEST, wd25nm="Ward")
        shapes = read_shapes(save(frame, tmp_path / "a.parquet"))
        assert shapes.frame.columns.tolist() == ["name", "lad", "geometry"]

    def test_a_geometry_column_of_another_name(self, tmp_path: Path) -> None:
        shapes = read_shapes(save(squares().rename_geometry("geom"), tmp_path / "a.parquet"))
        assert shapes.frame.geometry.name == "geometry"

    def test_shapes_are_mended_and_it_is_said(self, tmp_path: Path) -> None:
        frame = squares()
        line = shapely.LineString([(X0, Y0), (X0, Y0 + 1)])
        frame.geometry = [BOW_TIE, shapely.GeometryCollection([box(0, 0, 1, 1), line]), frame.geometry[2]]
        faults = Faults()
        shapes = read_shapes(save(frame, tmp_path / "a.parquet"), faults=faults)
        assert shapes.frame.is_valid.all()
        assert shapes.frame.area.tolist() == pytest.approx([2, 1, SIDE_M**2])
        assert [(fault.severity, fault.row, fault.value) for fault in faults] == [
            ("warning", 2, "E01000000"),
            ("warning", 3, "E01000001"),
        ]

    def test_every_fault_at_once(self, tmp_path: Path) -> None:
        frame = squares()
        frame["LSOA21CD"] = ["E01000001", "E01000001", "Barnet"]
        frame.geometry = [None, shapely.LineString([(0, 0), (1, 1)]), frame.geometry[2]]
        found = shape_faults(save(frame, tmp_path / "a.parquet"))
        assert "row 4, column LSOA21CD: not a code of its kind (lsoa), found 'Barnet'" in found[0]
        assert any("code occurs twice" in fault for fault in found)
        assert any("E01000001 has no geometry" in fault for fault in found)
        assert any("mended" not in fault and "row 3" in fault and "geometry" in fault for fault in found)

    def test_a_shape_without_area(self, tmp_path: Path) -> None:
        frame = squares()
        frame.geometry = [shapely.from_wkt("POLYGON ((0 0, 1 1, 0 0))"), *frame.geometry[1:]]
        (fault,) = shape_faults(save(frame, tmp_path / "a.parquet"))
        assert "row 2, column geometry: E01000000 is not valid" in fault

    def test_a_coordinate_system_that_is_not_its_own(self, tmp_path: Path) -> None:
        frame = pd.concat([squares(9)] * 3, ignore_index=True).set_crs("EPSG:4326", allow_override=True)
        found = shape_faults(save(gpd.GeoDataFrame(frame), tmp_path / "a.parquet"))
        assert "row 2, column geometry: coordinates off the National Grid, found 'E01000000'" in found[0]
        assert found[-1].startswith("a.parquet, column geometry: coordinates off the National Grid in 7 more rows")

    def test_a_file_without_a_coordinate_system(self, tmp_path: Path) -> None:
        path = save(squares(), tmp_path / "areas.shp")
        path.with_suffix(".prj").unlink()
        assert "no coordinate system" in shape_faults(path)[0]

    def test_no_codes(self, tmp_path: Path) -> None:
        path = save(squares().rename(columns={"LSOA21CD": "id"}), tmp_path / "a.gpkg")
        assert "a column is missing" in shape_faults(path)[0]

    @pytest.mark.parametrize("suffix", ["parquet", "gpkg", "geojson", "zip"])
    @pytest.mark.parametrize("part", [0, 0.5])
    def test_files_that_are_not_whole(self, tmp_path: Path, suffix: str, part: float) -> None:
        path = save(squares(), tmp_path / f"a.{suffix}")
        path.write_bytes(path.read_bytes()[: int(path.stat().st_size * part)])
        assert shape_faults(path)

    def test_no_file(self, tmp_path: Path) -> None:
        with pytest.raises(UnavailableError):
            read_shapes(tmp_path / "none.parquet")


def need_rows(codes: dict[str, str], lsoa: int, lad: int) -> pd.DataFrame:
    rows = []
    for number, (code, district) in enumerate(codes.items(), 1):
        row: dict[str, Any] = {
            f"LSOA code ({lsoa})": code,
            f"LSOA name ({lsoa})": f"Place 00{number}A",
            f"Local Authority District code ({lad})": district,
            f"Local Authority District name ({lad})": f"District {district[-1]}",
            "Total population: mid 2022": 1000 + number,
        }
        for label in LABELS.values():
            row |= {f"{label} Score": number / 10, f"{label} Rank": number, f"{label} Decile": 1}
        rows.append(row)
    return pd.DataFrame(rows)


CODES = {"E01000000": WEST, "E01000001": WEST, "E01000002": EAST, "E01000003": KENT, "E01000004": KENT}


def carried(lsoas: gpd.GeoDataFrame) -> AreaSet:
    london = lsoas[:3].set_index("LSOA21CD").rename_axis("lsoa").rename(columns={"LSOA21NM": "name"})
    london = london.assign(lad=[WEST, WEST, EAST], lad_name="District", msoa="E02000001", msoa_name="Old", population=9)
    points = london.geometry.centroid
    boroughs = gpd.GeoDataFrame(
        {"name": ["West", "East"], "icb22": ["E54000001", "E54000002"], "icb26": ["E54000003", "E54000003"]},
        geometry=[box(0, 0, 1, 1)] * 2,
        index=pd.Index([WEST, EAST], name="lad"),
        crs="EPSG:27700",
    )
    icbs = gpd.GeoDataFrame(
        {"name": ["one", "two", "both"], "start": "2022-07-01", "end": ["2026-03-31", "2026-03-31", ""]},
        geometry=[box(0, 0, 1, 1)] * 3,
        index=pd.Index(["E54000001", "E54000002", "E54000003"], name="icb"),
        crs="EPSG:27700",
    )
    surroundings = pd.DataFrame(
        {"population": [7], "x_m": [1.0], "y_m": [2.0], "lad": [KENT]}, index=pd.Index(["E01000003"], name="lsoa")
    )
    return AreaSet(2011, london.assign(x_m=points.x, y_m=points.y), surroundings, boroughs, icbs)


@pytest.fixture
def workspace(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Three squares of London in a row, one square of Kent beside them and one far away."""
    frame = squares(5)
    far = box(X0 + 90_000, Y0, X0 + 91_000, Y0 + SIDE_M)
    frame.geometry = [*frame.geometry[:4], far]
    folder = tmp_path / "official"
    save(frame.to_crs("EPSG:4326"), folder / "lsoa21_england.parquet")
    need_rows(CODES, 2021, 2024).to_csv(folder / "iod2025.csv", index=False)
    need_rows(CODES, 2011, 2019).to_csv(folder / "iod2019.csv", index=False)
    (tmp_path / "data" / "boundaries").mkdir(parents=True)
    monkeypatch.setattr(embedded, "data_folder", lambda: tmp_path / "data")
    monkeypatch.setattr(embedded, "read_areas", lambda: carried(frame))
    return tmp_path


def cache_of(workspace: Path) -> set[str]:
    return {path.name for path in (workspace / "cache").iterdir()}


class TestOfficialAreas:
    def test_2021(self, workspace: Path) -> None:
        found = read_official_areas(workspace, 2021)
        assert found.vintage == 2021
        assert found.areas.index.tolist() == ["E01000000", "E01000001", "E01000002"]
        assert found.areas.drop(columns=["geometry", "x_m", "y_m"]).iloc[2].to_dict() == {
            "name": "Place 003A",
            "lad": EAST,
            "lad_name": "District 3",
            "msoa": "Place 003",
            "msoa_name": "Place 003",
            "population": 1003,
        }
        assert found.areas["x_m"].tolist() == pytest.approx([X0 + 500, X0 + 1500, X0 + 2500], abs=3)
        assert found.surroundings.reset_index()[["lsoa", "population", "lad"]].to_dict("records") == [
            {"lsoa": "E01000003", "population": 1004, "lad": KENT}
        ]
        assert found.boroughs.area.tolist() == pytest.approx([2e6, 1e6], rel=1e-3)
        assert found.boroughs["icb26"].tolist() == ["E54000003"] * 2
        assert found.icbs.area.tolist() == pytest.approx([2e6, 1e6, 3e6], rel=1e-3)
        assert [frame.index.name for frame in (found.areas, found.surroundings, found.boroughs, found.icbs)] == [
            "lsoa",
            "lsoa",
            "lad",
            "icb",
        ]

    def test_the_finer_file_and_the_lookups_are_used(self, workspace: Path) -> None:
        finer = squares(3)
        finer.geometry = finer.geometry.buffer(-100)
        save(finer, workspace / "official" / "lsoa21_london.parquet")
        (workspace / "official" / "lsoa21_lookup.csv").write_text(
            "LSOA21CD,LSOA21NM,MSOA21CD,MSOA21NM,MSOA21HCLNM\nE01000000,a,E02000009,Place 001,Hadley\n"
            "E01000001,b,E02000008,Place 002,\n"
        )
        (workspace / "official" / "msoa21_names.csv").write_text(
            "msoa21cd,msoa21nm,msoa21hclnm\nE02000007,Place 003,Totteridge\n"
        )
        found = read_official_areas(workspace, 2021).areas
        assert found.area.tolist() == pytest.approx([800**2] * 3, rel=0.05)
        assert found["msoa"].tolist() == ["E02000009", "E02000008", "E02000007"]
        assert found["msoa_name"].tolist() == ["Hadley", "Place 002", "Totteridge"]

    @pytest.mark.parametrize("finer", [False, True])
    def test_2011(self, workspace: Path, *, finer: bool) -> None:
        if finer:
            frame = squares(3).rename(columns={"LSOA21CD": "LSOA11CD", "LSOA21NM": "LSOA11NM"})
            frame.geometry = frame.geometry.buffer(-100)
            save(frame, workspace / "official" / "lsoa11_london.parquet")
        found = read_official_areas(workspace, 2011)
        assert found.vintage == 2011
        assert found.areas["population"].tolist() == [1001, 1002, 1003]
        assert found.areas["msoa_name"].tolist() == ["Old"] * 3
        assert (found.areas.area.sum() < 3e6) == finer
        assert (found.boroughs.area.sum() > 4) == finer
        assert found.surroundings["population"].tolist() == [1004]
        assert found.surroundings["x_m"].tolist() == [1.0]

    def test_the_second_time_it_comes_from_the_cache(self, workspace: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        frame = gpd.read_parquet(workspace / "official" / "lsoa21_england.parquet")
        frame.geometry = [*frame.geometry[:4], BOW_TIE]
        save(frame, workspace / "official" / "lsoa21_england.parquet")
        first, second = Faults(), Faults()
        built = read_official_areas(workspace, 2021, first)
        monkeypatch.setattr(areas_module, "read_file7", None)
        taken = read_official_areas(workspace, 2021, second)
        for name in ("areas", "surroundings", "boroughs", "icbs"):
            pd.testing.assert_frame_equal(getattr(taken, name), getattr(built, name))
        assert first.found == second.found
        assert len(first) == 1

    def test_other_files_make_another_cache(self, workspace: Path) -> None:
        read_official_areas(workspace, 2021)
        need_rows(CODES, 2021, 2024).assign(**{"Total population: mid 2022": 5}).to_csv(
            workspace / "official" / "iod2025.csv", index=False
        )
        assert read_official_areas(workspace, 2021).areas["population"].tolist() == [5, 5, 5]
        assert len(cache_of(workspace)) == 2

    @pytest.mark.parametrize("name", ["areas.parquet", "warnings.json"])
    def test_a_damaged_cache_is_built_anew(self, workspace: Path, name: str) -> None:
        read_official_areas(workspace, 2021)
        (folder,) = (workspace / "cache").iterdir()
        (folder / name).write_bytes(b"{")
        assert len(read_official_areas(workspace, 2021).areas) == 3

    def test_a_workspace_that_cannot_be_written_to(self, workspace: Path) -> None:
        (workspace / "cache").write_text("in the way")
        assert len(read_official_areas(workspace, 2021).areas) == 3

    def test_missing_files_are_named_with_the_way_out(self, tmp_path: Path) -> None:
        assert missing_files(tmp_path, 2021) == ("iod2025", "lsoa21_england")
        assert missing_files(tmp_path, 2011) == ("iod2019",)
        with pytest.raises(UnavailableError, match="atlas data pull iod2025 lsoa21_england --from DIR"):
            read_official_areas(tmp_path, 2021)

    def test_files_that_do_not_fit_together(self, workspace: Path) -> None:
        save(squares(2), workspace / "official" / "lsoa21_london.parquet")
        need_rows({**CODES, "E01000009": WEST}, 2021, 2024).to_csv(workspace / "official" / "iod2025.csv", index=False)
        with pytest.raises(DataError) as caught:
            read_official_areas(workspace, 2021)
        assert [(fault.file, fault.problem, fault.value) for fault in caught.value.faults] == [
            ("lsoa21_london.parquet", "2 LSOAs missing", "E01000002, E01000009"),
        ]
        assert not (workspace / "cache").exists()

    def test_faults_of_all_files_at_once(self, workspace: Path) -> None:
        folder = workspace / "official"
        (folder / "iod2025.csv").write_bytes(b"")
        (folder / "lsoa21_england.parquet").write_bytes(b"PAR1")
        (folder / "lsoa21_lookup.csv").write_bytes(b"")
        with pytest.raises(DataError) as caught:
            read_official_areas(workspace, 2021)
        assert {fault.file for fault in caught.value.faults} == {
            "iod2025.csv",
            "lsoa21_england.parquet",
            "lsoa21_lookup.csv",
        }

    @pytest.mark.parametrize("vintage", [2011, 2021])
    def test_eastings_and_northings_that_changed_places(self, workspace: Path, vintage: int) -> None:
        frame = squares(3).rename(columns={"LSOA21CD": f"LSOA{vintage - 2000}CD"})
        frame.geometry = shapely.transform(frame.geometry.to_numpy(), lambda xy: xy[:, ::-1])
        save(frame, workspace / "official" / f"lsoa{vintage - 2000}_london.parquet")
        with pytest.raises(DataError, match="3 LSOAs lie outside London, found 'E01000000 at 180000; 530000'"):
            read_official_areas(workspace, vintage)

    def test_a_release_that_lacks_areas(self, workspace: Path) -> None:
        need_rows({"E01000000": WEST}, 2011, 2019).to_csv(workspace / "official" / "iod2019.csv", index=False)
        with pytest.raises(DataError) as caught:
            read_official_areas(workspace, 2011)
        assert [fault.value for fault in caught.value.faults] == ["E01000001, E01000002, E01000003"]

    def test_need_of_another_year_is_refused_with_the_way_out(self, workspace: Path) -> None:
        need_rows(CODES, 2021, 2024).to_csv(workspace / "official" / "iod2019.csv", index=False)
        with pytest.raises(VintageError, match="atlas data pull iod2019"):
            read_official_areas(workspace, 2011)

    def test_codes_of_another_year(self, workspace: Path) -> None:
        frame = squares(3).rename(columns={"LSOA21CD": "LSOA11CD"})
        save(frame, workspace / "official" / "lsoa21_london.parquet")
        with pytest.raises(DataError, match="codes of another year, found 2011, expected LSOAs of 2021"):
            read_official_areas(workspace, 2021)
