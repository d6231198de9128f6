from __future__ import annotations

import subprocess
from collections.abc import Iterator
from urllib.parse import parse_qs, unquote, urlsplit

import numpy as np
import psycopg
import pytest
from psycopg import sql

from atlas.store import Store, open_store
from tests.unit.store.cleaned import SQUARE, asset, bring, cleaned

IN_WINDOW = """
SELECT count(*) FROM standing_assets WHERE geometry && ST_MakeEnvelope(500000, 170000, 500100, 170100, 27700)
"""


@pytest.fixture
def postgis(postgresql_url: str) -> Iterator[Store]:
    """A store in PostgreSQL."""
    with open_store(postgresql_url) as store:
        yield store


def asked(store: Store, question: str) -> list[tuple[object, ...]]:
    with store._database.reading() as connection:
        return [tuple(row) for row in connection.exec_driver_sql(question)]


def schema_of(url: str) -> str:
    return unquote(parse_qs(urlsplit(url).query)["options"][0]).partition("=")[2].partition(",")[0]


def test_an_asset_is_its_outline_else_its_point_else_nowhere(postgis: Store) -> None:
    nowhere = asset("nowhere", x_m=np.nan, y_m=np.nan, placed_by="nowhere")
    bring(postgis, cleaned([asset("hall"), asset("park", wkb=SQUARE), nowhere]))
    question = "SELECT ST_AsText(geometry), ST_SRID(geometry) FROM standing_assets ORDER BY asset"
    assert asked(postgis, question) == [
        ("POINT(537000.25 173000.75)", 27700),
        (None, None),
        ("POLYGON((537020 173000,537020 173030,537000 173030,537000 173000,537020 173000))", 27700),
    ]


def test_a_window_of_the_map_is_found_by_the_index(postgis: Store) -> None:
    rows = [asset(f"a{at}", x_m=500_000.0 + 10 * at, y_m=170_000.0 + 3 * at) for at in range(3_000)]
    bring(postgis, cleaned(rows))
    with postgis._database.writing() as connection:
        connection.exec_driver_sql("ANALYZE asset_versions")
    assert "asset_versions_geometry" in " ".join(str(line) for line in asked(postgis, f"EXPLAIN {IN_WINDOW}"))
    assert asked(postgis, IN_WINDOW) == [(11,)]


def test_other_programs_read_the_view_as_a_layer(postgis: Store, postgresql_url: str) -> None:
    bring(postgis, cleaned([asset("hall"), asset("park", wkb=SQUARE)]))
    parts = urlsplit(postgresql_url)
    host = parse_qs(parts.query)["host"][0]
    address = f"PG:host={host} user={parts.username} dbname={parts.path[1:]} active_schema={schema_of(postgresql_url)}"
    said = subprocess.run(
        ["ogrinfo", "-so", address, "standing_assets"], check=True, capture_output=True, text=True
    ).stdout
    assert "Feature Count: 2" in said
    assert "British National Grid" in said
    assert "fid: Integer64" in said


def test_a_role_that_may_read_the_public_view_reads_nothing_else(postgis: Store, postgresql_url: str) -> None:
    bring(postgis, cleaned([asset("hall"), asset("house", use="refuge"), asset("flat", visibility="owner")]))
    schema = sql.Identifier(schema_of(postgresql_url))
    role = sql.Identifier(f"guest_{schema_of(postgresql_url)}")
    with psycopg.connect(postgresql_url, autocommit=True) as connection:
        connection.execute(sql.SQL("CREATE ROLE {}").format(role))
        connection.execute(sql.SQL("GRANT USAGE ON SCHEMA {} TO {}").format(schema, role))
        connection.execute(sql.SQL("GRANT SELECT ON public_assets TO {}").format(role))
        try:
            connection.execute(sql.SQL("SET ROLE {}").format(role))
            assert connection.execute("SELECT name FROM public_assets").fetchall() == [("Hall",)]
            for hidden in ("asset_versions", "standing_assets", "findings", "audit"):
                with pytest.raises(psycopg.errors.InsufficientPrivilege):
                    connection.execute(sql.SQL("SELECT 1 FROM {}").format(sql.Identifier(hidden)))
        finally:
            connection.execute("RESET ROLE")
            connection.execute(sql.SQL("DROP OWNED BY {}").format(role))
            connection.execute(sql.SQL("DROP ROLE {}").format(role))


def test_a_number_of_a_version_is_never_given_again(store: Store) -> None:
    bring(store, cleaned([asset("hall")]))
    before = asked(store, "SELECT fid FROM standing_assets")
    bring(store, cleaned([asset("hall", name="New")]))
    store.undo(2, "a person")
    assert asked(store, "SELECT fid FROM standing_assets") == before
    bring(store, cleaned([asset("hall", name="Newest")]))
    assert asked(store, "SELECT fid FROM standing_assets") == [(3,)]
