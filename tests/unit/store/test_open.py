from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import Any

import psycopg
import pytest
import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory

from atlas.errors import UnavailableError
from atlas.store import migrate, open_store
from atlas.store.database import Database
from atlas.store.migrate import head
from atlas.store.schema import metadata
from tests.unit.store.cleaned import asset, bring, cleaned

OPEN = """
import sys
from atlas.store import open_store
print("ready", flush=True)
sys.stdin.readline()
with open_store(sys.argv[1]) as store:
    print(store.revision())
"""


def every(table: str) -> sa.Select[Any]:
    return sa.select(sa.literal_column("*")).select_from(sa.table(table))


def test_what_was_kept_is_there_when_it_is_opened_again(store_url: str) -> None:
    with open_store(store_url) as store:
        bring(store, cleaned([asset("hall")]))
        revision = store.revision()
    with open_store(store_url) as store:
        assert store.assets().index.tolist() == ["asset:lewisham-hall"]
        assert store.revision() == revision


def test_a_file_is_made_with_its_folder_and_a_write_ahead_log(tmp_path: Path) -> None:
    path = tmp_path / "a folder" / "deep" / "atlas.db"
    with open_store(f"sqlite:///{path}") as store, store._database.reading() as connection:
        pragmas = [connection.exec_driver_sql(f"PRAGMA {name}").scalar() for name in ("journal_mode", "foreign_keys")]
    assert pragmas == ["wal", 1]
    assert path.is_file()


def test_two_stores_are_never_taken_for_one(tmp_path: Path) -> None:
    with open_store(f"sqlite:///{tmp_path}/a.db") as one, open_store(f"sqlite:///{tmp_path}/b.db") as other:
        assert one.revision() != other.revision()


def test_of_two_processes_that_start_at_once_both_succeed(store_url: str) -> None:
    started = [
        subprocess.Popen(
            [sys.executable, "-c", OPEN, store_url], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
        for _ in range(3)
    ]
    for process in started:
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n"
    for process in started:
        assert process.stdin is not None
        process.stdin.write("\n")
        process.stdin.flush()
    said = [process.communicate()[0] for process in started]
    assert [process.returncode for process in started] == [0, 0, 0]
    assert len(set(said)) == 1


def test_each_step_is_in_the_file_that_bears_its_name() -> None:
    steps = list(ScriptDirectory(str(migrate._STEPS)).walk_revisions())
    assert tuple(sorted(step.revision for step in steps)) == migrate._known()
    assert steps[0].revision == head()


def test_migrations_make_the_tables_that_the_code_speaks_of(sqlite_url: str) -> None:
    with open_store(sqlite_url) as store, store._database.reading() as connection:
        assert compare_metadata(MigrationContext.configure(connection), metadata) == []


def test_both_databases_have_the_same_tables(store_url: str) -> None:
    with open_store(store_url) as store, store._database.reading() as connection:
        names = {name: set(connection.execute(every(name)).keys()) for name in metadata.tables}
    assert {name: columns - {"geometry"} for name, columns in names.items()} == {
        name: set(table.columns.keys()) for name, table in metadata.tables.items()
    }


def test_a_database_of_a_newer_atlas_is_left_alone(store_url: str) -> None:
    open_store(store_url).close()
    database = Database(store_url)
    with database.writing() as connection:
        connection.execute(sa.text("UPDATE alembic_version SET version_num = '9999'"))
    database.close()
    with pytest.raises(UnavailableError, match=rf"newer Atlas .*revision 9999.*knows {head()}.*update Atlas"):
        open_store(store_url)


@pytest.mark.parametrize(
    ("url", "said"),
    [
        ("secret", "no address of a database"),
        ("", "no address of a database"),
        ("postgresql://me:secret@host:port/name", "no address of a database"),
        ("mysql://me:secret@host/name", "in SQLite or PostgreSQL, not in mysql"),
        ("sqlite://", "needs a file"),
        ("sqlite:///:memory:", "needs a file"),
        (
            "postgresql://me:secret@127.0.0.1:1/name?connect_timeout=2",
            "postgresql://me@127.0.0.1:1/name cannot",
        ),
        ("postgres://me:secret@127.0.0.1:1/name", "cannot be used"),
        ("postgresql://me@127.0.0.1:1/name?password=secret", "cannot be used"),
    ],
)
def test_a_wrong_address_is_said_without_its_password(url: str, said: str) -> None:
    with pytest.raises(UnavailableError, match=said) as caught:
        open_store(url)
    assert "secret" not in str(caught.value)
    assert caught.value.__cause__ is None


def test_a_file_that_is_no_database_is_refused(tmp_path: Path) -> None:
    (tmp_path / "atlas.db").write_text("no database at all, and long enough to be looked at as one" * 20)
    with pytest.raises(UnavailableError, match="cannot be used: file is not a database"):
        open_store(f"sqlite:///{tmp_path}/atlas.db")


def test_a_folder_that_cannot_be_made_is_said(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(UnavailableError, match=r"the folder of the database .* cannot be made"):
        open_store(f"sqlite:///{tmp_path}/file/atlas.db")


def test_a_database_that_is_not_there_is_said(server: str) -> None:
    with pytest.raises(UnavailableError, match=r"database .nowhere. does not exist"):
        open_store(server.replace("/postgres?", "/nowhere?"))


def test_postgis_is_added_or_asked_for(server: str) -> None:
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute("CREATE DATABASE atlas_bare TEMPLATE template0")
        connection.execute("CREATE ROLE atlas_guest LOGIN")
        connection.execute("GRANT ALL ON DATABASE atlas_bare TO atlas_guest")
    try:
        bare = server.replace("/postgres?", "/atlas_bare?")
        with psycopg.connect(bare, autocommit=True) as connection:
            connection.execute("GRANT ALL ON SCHEMA public TO atlas_guest")
        with pytest.raises(UnavailableError, match="have its administrator run CREATE EXTENSION postgis"):
            open_store(bare.replace("postgres@", "atlas_guest@"))
        with open_store(bare) as store:
            assert len(store.assets()) == 0
    finally:
        with psycopg.connect(server, autocommit=True) as connection:
            connection.execute("DROP DATABASE atlas_bare WITH (FORCE)")
            connection.execute("DROP ROLE atlas_guest")
