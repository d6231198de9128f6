"""What the parts of the estate hand to one another: a register as read, as cleaned, and the estate as a whole."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Final, Literal

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray

from atlas.assets import ASSET_COLUMNS
from atlas.vocabulary.estate import SENSITIVE_USES, Tenure, Visibility

UNIT_UNKNOWN: Final = "?"
"""Unit of a column of areas that states none, and whose numbers fit none."""
_SURE: Final = 90

How = Literal["given", "remembered", "name", "fuzzy", "values", "taken", "none"]


@dataclass(frozen=True, eq=False)
class RawChunk:
    """Some rows of a register as they stand in the file.

    Parameters
    ----------
    cells : pandas.DataFrame
        Text, outer spaces kept; indexed by row as a spreadsheet counts it (index name ``row``), one column for each
        of `RawRegister.columns`. Empty cells are empty text.
    geometry : geopandas.GeoSeries, optional
        Same index, EPSG:27700; None where the row has none. Only files that carry geometry have it.
    ragged : mapping of int to str
        Rows with more or fewer cells than columns, and what is odd about each in words.
    """

    cells: pd.DataFrame
    geometry: gpd.GeoSeries | None = None
    ragged: Mapping[int, str] = field(default_factory=dict)


@dataclass(frozen=True, eq=False)
class RawRegister:
    """A register as it stands in a file.

    Parameters
    ----------
    file : str
        The file's name, without its folder.
    sha256 : str
        Hash of its bytes.
    size_bytes : int
        How large it is.
    form : str
        What it is, in words: "CSV, cp1252, separated by semicolons", "Excel workbook, sheet Assets" …
    columns : tuple of str
        Headers, each made unique: a second ``Organisation`` is ``Organisation (2)``, one without a name ``column 7``.
    header_row : int
        Row of the (last line of the) header as a spreadsheet counts it.
    notes : tuple of str
        What was done to read it, in sentences: title rows passed over, headers of two lines joined …
    sample : pandas.DataFrame
        The first rows, as `RawChunk.cells`: at most 200.
    chunks : callable
        Gives the rows from the first on, in chunks of at most so many; may be called again.
    sample_geometry : geopandas.GeoSeries, optional
        Of the first rows, as `RawChunk.geometry`; None where the file carries none besides its columns.
    """

    file: str
    sha256: str
    size_bytes: int
    form: str
    columns: tuple[str, ...]
    header_row: int
    notes: tuple[str, ...]
    sample: pd.DataFrame
    chunks: Callable[[int], Iterator[RawChunk]]
    sample_geometry: gpd.GeoSeries | None = None

    @property
    def has_geometry(self) -> bool:
        """Whether the file carries geometry besides its columns."""
        return self.sample_geometry is not None


@dataclass(frozen=True, slots=True)
class ColumnMatch:
    """Which field a column of a register holds.

    Parameters
    ----------
    column : str
        Its header, as in `RawRegister.columns`.
    field : str or None
        Name of the field of `atlas.assets.FIELDS`; None where its cells go to `extra`.
    confidence : int
        0 to 100.
    how : {"given", "remembered", "name", "fuzzy", "values", "taken", "none"}
        By whom or what: the user now, the user before, the table of synonyms, a like name, the values; no field because
        another column has it, or because nothing tells of one.
    examples : tuple of str
        A few of its values.
    unit : str
        Of a column of areas: the unit that the user says, or that the rows' outlines tell; `?` where nothing does and
        its numbers fit none; empty where the header or its cells state it, or it is the field's own.
    """

    column: str
    field: str | None
    confidence: int
    how: How
    examples: tuple[str, ...] = ()
    unit: str = ""

    @property
    def said(self) -> str:
        """Field and unit as a user would say them.

        Examples
        --------
        >>> ColumnMatch("Size", "land_ha", 100, "given", unit="acres").said, ColumnMatch("Colour", None, 0, "none").said
        ('land_ha:acres', '')
        """
        return f"{self.field}:{self.unit}" if self.unit and not self.lacks_unit else self.field or ""

    @property
    def lacks_unit(self) -> bool:
        """Whether nothing states the unit of its numbers, and they fit none."""
        return self.unit == UNIT_UNKNOWN

    @property
    def has_drawn_unit(self) -> bool:
        """Whether the unit of its numbers is told by the rows' outlines."""
        return bool(self.unit) and not (self.lacks_unit or self.is_by_user)

    @property
    def is_by_user(self) -> bool:
        """Whether the user said what it holds, now or before."""
        return self.how in {"given", "remembered"}

    @property
    def is_doubtful(self) -> bool:
        """Whether a user should look at it: a field by little more than a guess, or an area of an unknown unit."""
        is_guess = self.field is not None and self.confidence < _SURE
        return not self.is_by_user and (is_guess or self.lacks_unit)


FINDING_COLUMNS: Final = ("row", "column", "field", "kind", "code", "before", "after", "why")
"""One thing found in a row: `kind` is a `FindingKind`, `code` a short name of the rule, `column` the file's header."""

SET_ASIDE_COLUMNS: Final = ("row", "why", "raw")
"""A row that became no asset: why, in a sentence, and its cells as a JSON object by header."""


@dataclass(frozen=True, eq=False)
class Cleaned:
    """A chunk of a register after cleaning: every row is in `assets` or in `set_aside`, and in one only.

    Parameters
    ----------
    assets : pandas.DataFrame
        `ASSET_COLUMNS`, indexed by asset id; `outcome` is repaired where `findings` has a repair of the row.
    findings : pandas.DataFrame
        `FINDING_COLUMNS`, all text but `row`.
    set_aside : pandas.DataFrame
        `SET_ASIDE_COLUMNS`.
    """

    assets: pd.DataFrame
    findings: pd.DataFrame
    set_aside: pd.DataFrame


@dataclass(frozen=True, slots=True)
class Viewer:
    """Who looks: everybody, a partner, or the owner of the whole (the command line).

    Parameters
    ----------
    sees : Visibility
        The most guarded that is shown of everybody's assets.
    partner : str
        Id of the institution whose own assets are all shown; empty for none.

    Examples
    --------
    >>> Viewer.public().sees, Viewer.owner().sees
    (<Visibility.PUBLIC: 'public'>, <Visibility.OWNER: 'owner'>)
    """

    sees: Visibility
    partner: str = ""

    @classmethod
    def public(cls) -> Viewer:
        """Everybody."""
        return cls(Visibility.PUBLIC)

    @classmethod
    def of_partner(cls, partner: str) -> Viewer:
        """One of the partners."""
        return cls(Visibility.PARTNERS, partner)

    @classmethod
    def owner(cls) -> Viewer:
        """Whoever runs Atlas."""
        return cls(Visibility.OWNER)


def may_see(viewer: Viewer, assets: pd.DataFrame) -> NDArray[np.bool_]:
    """Tell which assets a viewer may see.

    A sensitive asset counts as owner's, whatever its visibility says; what says nothing known counts as owner's too.

    Parameters
    ----------
    viewer : Viewer
        Who looks.
    assets : pandas.DataFrame
        `partner`, `visibility`, `use`, `is_sensitive`.

    Returns
    -------
    numpy.ndarray of bool, shape (n,)
    """
    order = list(Visibility)
    guarded = assets["visibility"].map({level.value: rank for rank, level in enumerate(order)})
    level = guarded.fillna(order.index(Visibility.OWNER)).to_numpy(int)
    is_sensitive = assets["is_sensitive"].to_numpy(bool) | assets["use"].isin(SENSITIVE_USES).to_numpy(bool)
    level = np.where(is_sensitive, order.index(Visibility.OWNER), level)
    own = (assets["partner"] == viewer.partner).to_numpy(bool) if viewer.partner else np.zeros(len(assets), dtype=bool)
    return np.asarray((level <= order.index(viewer.sees)) | own)


NAMES_ANOTHER: Final = frozenset({"same_place"})
"""Codes of findings whose words tell of another row of the register, which may be hidden from who sees this one."""

REGISTER_COLUMNS: Final = (
    "partner",  # id of an institution
    "partner_name",
    "title",  # what it is called
    "visibility",  # of assets that do not say otherwise
    "as_of",  # day that it speaks of, ISO; empty where unknown
    "imported_at",  # ISO moment of the last import
    "file",  # name of the last file
    "rows",  # rows of the last file
    "assets",  # assets that stand
    "set_aside",  # rows of the last file that were set aside
)
"""Columns of a frame of registers, indexed by id (index name ``register``)."""

NOBODY: Final = "nobody"
"""Stands in place of a partner's id where an asset is on its register and not held by it."""

MATCH_COLUMNS: Final = ("left", "right", "rule", "score", "reasons", "decision")
"""A pair of assets that may be one place: ids (left < right), `MatchRule`, 0 to 1, words, `Decision`."""


@dataclass(frozen=True, eq=False)
class Estate:
    """Everything that one viewer may see of all partners' land and property; nothing else is in it.

    Parameters
    ----------
    assets : pandas.DataFrame
        `ASSET_COLUMNS`, indexed by asset id, sorted.
    registers : pandas.DataFrame
        `REGISTER_COLUMNS`.
    matches : pandas.DataFrame
        `MATCH_COLUMNS`; only pairs of which the viewer may see both.
    findings : pandas.DataFrame
        `asset` and those of `FINDING_COLUMNS`: doubts about the assets that are here.
    revision : str
        The store's, which moves with every change and is no other store's; empty without a store.
    viewer : Viewer
        For whom this is.
    """

    assets: pd.DataFrame
    registers: pd.DataFrame
    matches: pd.DataFrame
    findings: pd.DataFrame
    revision: str = ""
    viewer: Viewer = field(default_factory=Viewer.public)

    @classmethod
    def empty(cls) -> Estate:
        """No assets at all."""
        return cls(
            pd.DataFrame({name: [] for name in ASSET_COLUMNS}, index=pd.Index([], name="asset", dtype="str")),
            pd.DataFrame({name: [] for name in REGISTER_COLUMNS}, index=pd.Index([], name="register", dtype="str")),
            pd.DataFrame({name: [] for name in MATCH_COLUMNS}),
            pd.DataFrame({name: [] for name in ("asset", *FINDING_COLUMNS)}),
        )

    def __len__(self) -> int:
        return len(self.assets)

    def seen_by(self, viewer: Viewer) -> Estate:
        """The part of it that a viewer may see: the one place where visibility is decided."""
        seen = may_see(viewer, self.assets)
        assets, hidden = self.assets[seen], self.assets[~seen]
        here = assets.index
        matches = self.matches[self.matches["left"].isin(here) & self.matches["right"].isin(here)]
        registers = self.registers[self._may_be_named(viewer, assets)]
        findings = self.findings[self.findings["asset"].isin(here)]
        guarded = self.assets.index[self.assets["register"].isin(hidden["register"].unique())]
        findings = findings[~(findings["code"].isin(NAMES_ANOTHER) & findings["asset"].isin(guarded))]
        return replace(self, assets=assets, registers=registers, matches=matches, findings=findings, viewer=viewer)

    def _may_be_named(self, viewer: Viewer, assets: pd.DataFrame) -> NDArray[np.bool_]:
        as_assets = self.registers[["partner", "visibility"]].assign(use="", is_sensitive=False)
        return np.asarray(may_see(viewer, as_assets) | self.registers.index.isin(assets["register"]))

    @cached_property
    def speaking(self) -> pd.DataFrame:
        """The registers that an asset is here of: one of which no row could be used is none to be counted."""
        return self.registers[self.registers.index.isin(self.assets["register"])]

    @cached_property
    def holder(self) -> pd.Series[str]:
        """Id of the partner that holds each asset: its register's, or `NOBODY`."""
        return self.assets["partner"].mask(self.assets["tenure"] == Tenure.NOT_HELD, NOBODY)

    @cached_property
    def partner_names(self) -> dict[str, str]:
        """Names of partners by id, as their registers have them."""
        names = zip(self.registers["partner"].astype(str), self.registers["partner_name"].astype(str), strict=True)
        return {**dict(names), NOBODY: "Not held by a partner"}

    @cached_property
    def xy(self) -> NDArray[np.float64]:
        """Eastings and northings, metres, shape (n, 2); NaN for an asset that is nowhere."""
        return self.assets[["x_m", "y_m"]].to_numpy(float)

    @cached_property
    def has_outline(self) -> NDArray[np.bool_]:
        """Whether each asset has an outline."""
        return self.assets["wkb"].notna().to_numpy(bool)

    @cached_property
    def outlines(self) -> gpd.GeoSeries:
        """Outlines of the assets that have one, by asset id, EPSG:27700."""
        found = self.assets["wkb"][self.has_outline]
        return gpd.GeoSeries(shapely.from_wkb(found.to_numpy(object)), index=found.index, crs="EPSG:27700")

    @cached_property
    def group(self) -> NDArray[np.int64]:
        """Number of the place that each asset is an interest in: those joined by accepted matches share one."""
        from scipy.sparse import coo_matrix  # noqa: PLC0415 -- only estates with matches need it
        from scipy.sparse.csgraph import connected_components  # noqa: PLC0415

        accepted = self.matches[self.matches["decision"] == "accepted"]
        ends = [self.assets.index.get_indexer(pd.Index(accepted[side])) for side in ("left", "right")]
        size = len(self.assets)
        ties = coo_matrix((np.ones(len(accepted)), (ends[0], ends[1])), shape=(size, size))
        return np.asarray(connected_components(ties, directed=False)[1], dtype=np.int64)

    @cached_property
    def fingerprint(self) -> str:
        """Twelve hexadecimal digits that change with the store's revision and with who looks."""
        text = f"{self.revision}:{self.viewer.sees}:{self.viewer.partner}"
        return hashlib.sha256(text.encode()).hexdigest()[:12]


def empty_findings() -> pd.DataFrame:
    """A frame of no findings."""
    return pd.DataFrame({name: [] for name in FINDING_COLUMNS})


def findings_of(rows: Sequence[tuple[object, ...]]) -> pd.DataFrame:
    """A frame of findings from rows in the order of `FINDING_COLUMNS`."""
    return pd.DataFrame(rows, columns=list(FINDING_COLUMNS))
