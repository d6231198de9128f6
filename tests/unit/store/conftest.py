"""Each test of the store runs on both databases."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from uuid import uuid4

import psycopg
import pytest

from atlas.store import Store, open_store

SERVER = "ATLAS_TEST_DATABASE_URL"


@pytest.fixture(scope="session")
def server() -> str:
    """A PostgreSQL server of our own; under CI its absence is a failure, elsewhere a skip."""
    url = os.environ.get(SERVER)
    if url is None:
        message = f"no PostgreSQL to test on; run under `sh tools/need_postgres.sh`, or set {SERVER}"
        if os.environ.get("CI") == "true":
            pytest.fail(message)
        pytest.skip(message)
    return url


@pytest.fixture
def postgresql_url(server: str) -> Iterator[str]:
    """A schema of its own in that server."""
    schema = f"atlas_{uuid4().hex}"
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(f"CREATE SCHEMA {schema}")
    mark = "&" if "?" in server else "?"
    yield f"{server}{mark}options=-csearch_path%3D{schema}%2Cpublic"
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(f"DROP SCHEMA {schema} CASCADE")


@pytest.fixture
def sqlite_url(tmp_path: Path) -> str:
    """A file of its own."""
    return f"sqlite:///{tmp_path / 'atlas.db'}"


@pytest.fixture(params=["sqlite", "postgresql"])
def store_url(request: pytest.FixtureRequest) -> str:
    """An empty database of either kind."""
    return str(request.getfixturevalue(f"{request.param}_url"))


@pytest.fixture
def store(store_url: str) -> Iterator[Store]:
    """A store that holds nothing, in a database of either kind."""
    with open_store(store_url, wait_s=20) as opened:
        yield opened
