from __future__ import annotations

from pathlib import Path

import geopandas as gpd
import networkx as nx
import pandas as pd
import pytest
import shapely

from atlas import estate
from atlas.errors import QueryError, UnavailableError
from atlas.estate import Partner, Request, find_partner, import_register
from atlas.settings import Settings
from atlas.store import Store, open_store


@pytest.fixture
def graph() -> nx.MultiDiGraph[str]:
    found: nx.MultiDiGraph[str] = nx.MultiDiGraph()
    found.add_node("institution:lewisham-council", kind="institution", name="Lewisham Council", gss_code="E09000023")
    return found


@pytest.mark.parametrize(
    "wanted", ["institution:lewisham-council", "lewisham-council", "Lewisham Council", "E09000023"]
)
def test_a_partner_is_found_by_what_people_call_it(graph: nx.MultiDiGraph[str], wanted: str) -> None:
    found = find_partner(graph, wanted)
    assert (found.id, found.name, found.home, found.is_known) == (
        "institution:lewisham-council",
        "Lewisham Council",
        "E09000023",
        True,
    )


def test_a_partner_nobody_knows_gets_an_id_of_its_own_and_near_names(graph: nx.MultiDiGraph[str]) -> None:
    found = find_partner(graph, "lewisham-counsil")
    assert (found.id, found.name, found.is_known) == ("institution:lewisham-counsil", "Lewisham counsil", False)
    assert found.near


def test_nothing_is_no_partner(graph: nx.MultiDiGraph[str]) -> None:
    with pytest.raises(QueryError, match="no id of a partner"):
        find_partner(graph, "institution:")


@pytest.mark.parametrize(
    ("step", "said"),
    [("match_register", "its places were not looked for"), ("remember", "what its columns hold is not remembered")],
)
def test_what_fails_after_a_register_is_in_is_said_and_undoes_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, step: str, said: str
) -> None:
    def fails(*_: object) -> None:
        raise UnavailableError("another import is being written\nsince long")

    monkeypatch.setattr(estate if step == "match_register" else Store, step, fails)
    file = tmp_path / "register.csv"
    file.write_text("Reference,Name,Easting,Northing,Tnr\nA1,Depot,537684,173666,F\n", encoding="utf-8")
    boroughs = gpd.GeoDataFrame(
        {"name": ["Lewisham"]}, geometry=[shapely.box(530_000, 170_000, 540_000, 180_000)], crs=27700
    )
    boroughs.index = pd.Index(["E09000023"], name="lad")
    settings = Settings(workspace=tmp_path)
    request = Request(file, Partner("institution:council", "Council"), columns={"Tnr": "tenure"})
    with open_store(settings.database) as store:
        done = import_register(settings, store, request, boroughs)
        assert store.assets()["name"].tolist() == ["Depot"]
    (trouble,) = done.troubles
    assert trouble.startswith(said)
    assert trouble.endswith("(another import is being written)")
    assert done.record.added == 1
