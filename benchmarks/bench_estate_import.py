"""A messy register from file to database: read, cleaned, placed, kept, compared with what stood, matched.

100,000 rows (`benchmarks.estate_world`; a tenth when ATLAS_BENCH_SMALL is 1), then the same file again, which changes
nothing; with ATLAS_BENCH_LARGE at 1 also 1,000,000 rows. Aims: 12 s for 100,000 rows, 3 minutes for 1,000,000, and a
peak of 1.5 GB. The peer reads the same file with pandas and writes it as it is with `to_sql`: nothing is understood,
repaired or reported. ATLAS_TEST_DATABASE_URL names a PostgreSQL to do the same on.
"""

from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest

from benchmarks.estate_world import register_csv
from benchmarks.subjects import CHECKOUT, _own_peak_mb

SMALL = os.environ.get("ATLAS_BENCH_SMALL") == "1"
SIZES = [10_000] if SMALL else [100_000, *([1_000_000] if os.environ.get("ATLAS_BENCH_LARGE") == "1" else [])]


def bring(register: Path, workspace: Path) -> Any:
    """Atlas: from the file to the register that stands, its pairs proposed."""
    from atlas.estate import Partner, open_workspace_store  # noqa: PLC0415  # own memory
    from atlas.estate_import import Request, import_register  # noqa: PLC0415
    from atlas.settings import Settings  # noqa: PLC0415
    from atlas.sources import embedded  # noqa: PLC0415

    settings = Settings(workspace=workspace)
    boroughs = embedded.read_areas().boroughs
    store = open_workspace_store(settings)
    try:
        partner = Partner("institution:lewisham-council", "Lewisham Council")
        return import_register(settings, store, Request(register, partner), boroughs)
    finally:
        store.close()


def as_it_is(register: Path, workspace: Path) -> Any:
    """The peer: pandas from CSV to SQLite, as text."""
    import pandas as pd  # noqa: PLC0415
    from sqlalchemy import create_engine  # noqa: PLC0415

    workspace.mkdir(parents=True, exist_ok=True)
    engine = create_engine(f"sqlite:///{workspace / 'peer.db'}")
    frame = pd.read_csv(register, dtype=str, encoding="cp1252", on_bad_lines="skip", skiprows=0)
    frame.to_sql("assets", engine, chunksize=50_000, if_exists="replace")
    engine.dispose()
    return frame


WORK = {"bring": bring, "as_it_is": as_it_is}


@pytest.mark.parametrize("rows", SIZES)
def test_import(benchmark: Any, tmp_path: Path, rows: int) -> None:
    register = tmp_path / "register.csv"
    register_csv(register, rows, seed=1)
    first = benchmark.pedantic(bring, args=(register, tmp_path / "workspace"), rounds=1).record
    assert first.rows == first.accepted + first.repaired + first.set_aside
    begin = time.perf_counter()
    again = bring(register, tmp_path / "workspace").record
    again_s = time.perf_counter() - begin
    assert again.unchanged + again.set_aside == again.rows
    peer_s, peer_mb = alone("as_it_is", register, tmp_path / "peer")
    _, peak_mb = alone("bring", register, tmp_path / "alone")
    benchmark.extra_info.update(
        rows=first.rows,
        repaired=first.repaired,
        set_aside=first.set_aside,
        again_s=again_s,
        peak_mb=peak_mb,
        peer="pandas read_csv and to_sql, nothing understood",
        peer_s=peer_s,
        peer_peak_mb=peer_mb,
    )


def alone(work: str, register: Path, workspace: Path) -> tuple[float, float]:
    """Seconds, and peak resident memory in MB, of a process that does nothing else."""
    command = [
        sys.executable,
        "-W",
        "ignore",
        "-m",
        "benchmarks.bench_estate_import",
        work,
        str(register),
        str(workspace),
    ]
    done = subprocess.run(command, cwd=CHECKOUT, check=True, capture_output=True, text=True)  # noqa: S603  # our own
    took_s, peak_mb = map(float, done.stdout.split())
    return took_s, peak_mb


if __name__ == "__main__":
    what, source, target = sys.argv[1:]
    start = time.perf_counter()
    WORK[what](Path(source), Path(target))
    print(time.perf_counter() - start, _own_peak_mb())
