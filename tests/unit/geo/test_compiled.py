from __future__ import annotations

from typing import Any

import pytest

from atlas.geo import compiled as module


def test_compiles_without_a_cache_where_no_folder_may_be_written(monkeypatch: pytest.MonkeyPatch) -> None:
    compile_ = module.numba.njit
    # numba decorates its own by that name when something is first compiled
    compile_("float64(float64)")(lambda x: x)

    def no_folder(signature: str, *, cache: bool = False, nogil: bool, **_: Any) -> Any:
        if cache:
            raise RuntimeError("cannot cache function: no locator available")
        return compile_(signature, nogil=nogil)

    monkeypatch.setattr(module.numba, "njit", no_folder)
    assert module.compiled("float64(float64)")(lambda x: 2 * x)(4.0) == 8.0
