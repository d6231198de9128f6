from __future__ import annotations

from pathlib import Path

import geopandas as gpd
import pandas as pd
import pytest
import shapely

from atlas import estate_import
from atlas.errors import UnavailableError
from atlas.estate import Partner
from atlas.estate_import import Request, import_register
from atlas.settings import Settings
from atlas.store import Store, open_store


@pytest.mark.parametrize(
    ("step", "said"),
    [("match_register", "its places were not looked for"), ("remember", "what its columns hold is not remembered")],
)
def test_what_fails_after_a_register_is_in_is_said_and_undoes_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, step: str, said: str
) -> None:
    def fails(*_: object) -> None:
        raise UnavailableError("another import is being written\nsince long")

    monkeypatch.setattr(estate_import if step == "match_register" else Store, step, fails)
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
