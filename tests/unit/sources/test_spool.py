from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from atlas.sources.spool import HELD_BYTES, Spool

ONE = pd.DataFrame({"name": ["hall", "yard"], "x_m": [1.5, np.nan], "wkb": [b"\0a", None]}, index=["a", "b"])
OTHER = pd.DataFrame({"name": ["", "dépôt"], "x_m": [2.0, 3.0], "wkb": [None, None]}, index=["c", "d"])


@pytest.mark.parametrize("held_bytes", [1, HELD_BYTES])
def test_rows_come_back_as_they_were_put_aside(tmp_path: Path, held_bytes: int) -> None:
    with Spool(tmp_path, held_bytes) as spool:
        spool.append(ONE)
        spool.append(OTHER)
        assert len(spool) == 4
        whole = spool.read(np.ones(4, dtype=bool))
        pd.testing.assert_frame_equal(whole, pd.concat([ONE, OTHER]), check_dtype=False)
        assert spool.read(np.array([False, True, False, True])).index.tolist() == ["b", "d"]
        spool.append(ONE.iloc[:1])
        assert spool.read(np.arange(5) == 4)["name"].tolist() == ["hall"]
        # nobody else can open what is in it, and nothing of it stays behind
        assert not list(tmp_path.iterdir())


def test_nothing_wanted_is_nothing_read(tmp_path: Path) -> None:
    with Spool(tmp_path) as spool:
        assert spool.read(np.zeros(0, dtype=bool)).empty
        spool.append(ONE)
        assert spool.read(np.zeros(2, dtype=bool)).empty
        with pytest.raises(ValueError, match="3 flags for 2 rows"):
            spool.read(np.zeros(3, dtype=bool))
