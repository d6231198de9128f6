from __future__ import annotations

import signal
import subprocess
import sys
from pathlib import Path
from threading import Event, Thread

import pandas as pd
import pytest

from atlas.errors import UnavailableError
from atlas.geo.estate.imports import ImportRecord
from atlas.store import Store, open_store
from tests.unit.store.cleaned import AT, COLUMNS, WHO, asset, bring, cleaned, info, source

IMPORT = """
import sys
sys.path.insert(0, sys.argv[2])
from cleaned import AT, COLUMNS, WHO, asset, cleaned, info, source
from atlas.store import open_store
store = open_store(sys.argv[1])
with store.importing(info(title="Newer"), source("newer.csv"), COLUMNS, WHO, AT) as writer:
    for start in range(0, 3_000, 1_000):
        writer.write(cleaned([asset(f"a{at}") for at in range(start, start + 1_000)], first_row=start + 2))
    writer.finish()
    print("written", flush=True)
    sys.stdin.readline()
"""


class Importing(Thread):
    """An import in a thread, which waits in its middle to be let go on."""

    def __init__(self, store: Store, key: str, register: str = "lewisham") -> None:
        super().__init__()
        self.store, self.key, self.register = store, key, register
        self.is_writing, self.may_end = Event(), Event()
        self.record: ImportRecord | None = None
        self.error: Exception | None = None

    def run(self) -> None:
        try:
            with self.store.importing(info(self.register), source(), COLUMNS, WHO, AT) as writer:
                writer.write(cleaned([asset(self.key, self.register)]))
                self.is_writing.set()
                self.may_end.wait()
            self.record = writer.record
        except UnavailableError as error:
            self.error = error


def test_an_import_that_is_killed_leaves_what_stood_before(store_url: str) -> None:
    with open_store(store_url) as store:
        bring(store, cleaned([asset("hall"), asset("a7")]))
        before = (store.assets(), store.registers(), store.revision())
        process = subprocess.Popen(
            [sys.executable, "-c", IMPORT, store_url, str(Path(__file__).parent)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        with process:
            assert process.stdout is not None
            assert process.stdout.readline() == "written\n"
            process.send_signal(signal.SIGKILL)
            process.wait()
    with open_store(store_url) as store:
        pd.testing.assert_frame_equal(store.assets(), before[0])
        pd.testing.assert_frame_equal(store.registers(), before[1])
        assert store.revision() == before[2]
        assert len(store.imports()) == 1
        assert bring(store, cleaned([asset("hall")])).gone == 1


def test_readers_see_the_old_state_and_do_not_wait_while_an_import_is_written(store: Store) -> None:
    bring(store, cleaned([asset("hall")]))
    revision = store.revision()
    importing = Importing(store, "park")
    importing.start()
    assert importing.is_writing.wait(20)
    assert store.assets().index.tolist() == ["asset:lewisham-hall"]
    assert store.registers()["assets"].tolist() == [1]
    assert store.revision() == revision
    importing.may_end.set()
    importing.join()
    assert store.assets().index.tolist() == ["asset:lewisham-park"]


def test_the_second_of_two_imports_works_on_what_the_first_left(store: Store) -> None:
    first, second = Importing(store, "hall"), Importing(store, "hall")
    first.start()
    assert first.is_writing.wait(20)
    second.may_end.set()
    second.start()
    assert not second.is_writing.wait(0.05)
    first.may_end.set()
    first.join()
    second.join()
    assert first.record is not None
    assert second.record is not None
    assert (first.record.added, second.record.unchanged, second.record.supersedes) == (1, 1, first.record.id)


def test_an_import_that_waits_too_long_says_why(store_url: str) -> None:
    with open_store(store_url) as patient, open_store(store_url, wait_s=0.05) as hasty:
        first, second = Importing(patient, "hall"), Importing(hasty, "yard", "camden")
        first.start()
        assert first.is_writing.wait(20)
        second.start()
        second.join()
        assert str(second.error) == "another import is being written (waited 0.05 s): try again when it is done"
        with pytest.raises(UnavailableError, match="another import is being written"):
            hasty.remember("institution:camden", {"Tnr": "tenure"}, WHO)
        first.may_end.set()
        first.join()
        assert hasty.registers().index.tolist() == ["lewisham"]
        assert bring(hasty, cleaned([asset("yard", "camden")]), register="camden").added == 1


def test_many_threads_may_share_a_store(store: Store) -> None:
    threads = [Importing(store, "yard", f"camden-{at}") for at in range(6)]
    for thread in threads:
        thread.may_end.set()
        thread.start()
    for thread in threads:
        thread.join()
    assert store.registers()["assets"].tolist() == [1] * 6
    assert store.revision().endswith("-6")
