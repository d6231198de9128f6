"""The larger areas that LSOAs lie in, from lookups or from their names."""

from __future__ import annotations

import pandas as pd


def msoas_of(
    names: pd.Series[str], lookup: pd.DataFrame | None = None, everyday: pd.DataFrame | None = None
) -> pd.DataFrame:
    """Each LSOA's MSOA and its name, by the best lookup that is there.

    Parameters
    ----------
    names : pandas.Series
        Names of the LSOAs, by code.
    lookup, everyday : pandas.DataFrame, optional
        As `read_lookup` gives them: by LSOA, and by MSOA.

    Returns
    -------
    pandas.DataFrame
        `msoa` (code, or official name where no lookup has codes), `msoa_name`, on the index of `names`.

    Examples
    --------
    >>> msoas_of(pd.Series({"E01000001": "City of London 001A"}))["msoa_name"].tolist()
    ['City of London 001']
    """
    # An LSOA is named after its MSOA: Barnet 012C lies in Barnet 012.
    official = names.str[:-1]
    msoas = pd.DataFrame({"msoa": official, "msoa_name": official}, index=names.index)
    if lookup is not None:
        found = lookup.reindex(names.index)
        for column in ("msoa", "msoa_name", "msoa_everyday_name"):
            if column in found.columns:
                target = column.replace("everyday_", "")
                msoas[target] = found[column].where(found[column].fillna("") != "", msoas[target])
    if everyday is not None:
        found = everyday.reset_index().set_index("name").reindex(official)
        for target, column in (("msoa", "msoa"), ("msoa_name", "everyday_name")):
            if column in found.columns:
                values = found[column].set_axis(names.index)
                msoas[target] = values.where(values.fillna("") != "", msoas[target])
    return msoas


def wards_of(codes: pd.Index[str], lookup: pd.DataFrame | None = None) -> pd.DataFrame:
    """Each LSOA's ward (`ward`, `ward_name`), by best fit; no column that the lookup lacks for any of them."""
    columns = [column for column in ("ward", "ward_name") if lookup is not None and column in lookup.columns]
    wards = pd.DataFrame(index=codes) if lookup is None else lookup[columns].reindex(codes)
    return wards.dropna(axis="columns")
