"""Rows put aside while a long work goes on: on disk beyond some megabytes, and gone when it ends, however it ends."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from tempfile import SpooledTemporaryFile
from types import TracebackType
from typing import Final, Self

import numpy as np
import pandas as pd
import pyarrow as pa
from numpy.typing import NDArray

HELD_BYTES: Final = 64_000_000
"""So much is held before anything goes to disk."""


class Spool:
    """Frames of the same columns, one after another, to be read again by rows.

    Parameters
    ----------
    folder : Path
        Where the file is; it has no name there, and nobody else can open it.
    held_bytes : int
        Bytes that are held before it is made.

    Examples
    --------
    >>> with Spool(Path(".")) as spool:
    ...     spool.append(pd.DataFrame({"x": [1.0, 2.0]}, index=["a", "b"]))
    ...     spool.append(pd.DataFrame({"x": [3.0]}, index=["c"]))
    ...     spool.read(np.array([False, True, True]))["x"].to_dict()
    {'b': 2.0, 'c': 3.0}
    """

    def __init__(self, folder: Path, held_bytes: int = HELD_BYTES) -> None:
        self._file = SpooledTemporaryFile(held_bytes, dir=str(folder))  # noqa: SIM115 -- closed at the end of `with`
        self._sizes: list[int] = []
        self._ends: list[int] = []

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._file.close()

    def __len__(self) -> int:
        """Rows so far."""
        return self._ends[-1] if self._ends else 0

    def append(self, frame: pd.DataFrame) -> None:
        """Put some rows aside."""
        table = pa.Table.from_pandas(frame)
        sink = pa.BufferOutputStream()
        with pa.ipc.new_stream(sink, table.schema) as stream:
            stream.write_table(table)
        self._file.seek(0, os.SEEK_END)
        self._sizes.append(self._file.write(sink.getvalue()))
        self._ends.append(len(self) + len(frame))

    def read(self, wanted: NDArray[np.bool_]) -> pd.DataFrame:
        """Those rows that are wanted, in their order.

        Parameters
        ----------
        wanted : numpy.ndarray of bool, shape (n,)
            One for each row.

        Returns
        -------
        pandas.DataFrame
            Without columns where none is wanted.

        Raises
        ------
        ValueError
            If it is longer or shorter than the rows are.
        """
        if len(wanted) != len(self):
            raise ValueError(f"{len(wanted)} flags for {len(self)} rows")
        tables = [*self._read(wanted)]
        if not tables:
            return pd.DataFrame()
        # a column that says nothing in some rows is of no kind there
        whole = pa.concat_tables(tables, promote_options="permissive")
        del tables
        frame: pd.DataFrame = whole.to_pandas(self_destruct=True, split_blocks=True)
        return frame

    def _read(self, wanted: NDArray[np.bool_]) -> Iterator[pa.Table]:
        start = begin = 0
        for size, end in zip(self._sizes, self._ends, strict=True):
            here = wanted[start:end]
            if here.any():
                self._file.seek(begin)
                with pa.ipc.open_stream(self._file.read(size)) as stream:
                    yield stream.read_all().filter(pa.array(here))
            start, begin = end, begin + size
