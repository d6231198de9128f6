"""The catalogue of official files: whose each is, where it is, on what terms, and how to tell that it is whole."""

from __future__ import annotations

import re
import tomllib
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path, PurePosixPath
from typing import Any, Final, Literal, Self
from urllib.parse import urlsplit

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from atlas.errors import Faults, NotFoundError
from atlas.sources.embedded import data_folder
from atlas.sources.textfiles import read_text
from atlas.vocabulary import Release

Kind = Literal["deprivation", "areas", "boroughs", "icbs", "wards", "lookup"]
Format = Literal["csv", "csv.gz", "parquet", "gpkg", "geojson", "zip", "arcgis"]

OFFICIAL: Final = "official"
"""Folder of the workspace that official files are kept in."""


class Keep(BaseModel):
    """Which rows of a wider file or layer are meant: those whose value in `column` begins with one of `begins`."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    column: str = Field(pattern=r"^\w+$")
    begins: tuple[str, ...] = Field(min_length=1)

    def where(self) -> str:
        """Return the same as a condition in SQL.

        Examples
        --------
        >>> Keep(column="LAD24CD", begins=("E09",)).where()
        "LAD24CD LIKE 'E09%'"
        """
        return " OR ".join(f"{self.column} LIKE '{begin.replace(chr(39), chr(39) * 2)}%'" for begin in self.begins)


class Entry(BaseModel):
    """One official file.

    Examples
    --------
    >>> entry = Entry(name="lads", title="Districts", publisher="ONS", licence="OGL v3.0", attribution="Source: ONS",
    ...               address="https://example.org/layer/FeatureServer/0/query", kind="boroughs", format="arcgis",
    ...               filename="lads.parquet", vintage="2024")
    >>> entry.published_name, entry.rows
    ('layer', None)
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: str = Field(pattern=r"^[a-z0-9_]+$", description="what `atlas data pull NAME` says")
    title: str = Field(min_length=1, description="its publisher's title")
    publisher: str = Field(min_length=1, description="who publishes it")
    licence: str = Field(min_length=1, description="terms under which it may be used")
    attribution: str = Field(min_length=1, description="words that its terms ask for")
    address: str = Field(pattern=r"^https?://", description="where it is fetched from")
    kind: Kind = Field(description="what it holds")
    format: Format = Field(description="how it is published")
    filename: str = Field(pattern=r"^\w+\.(csv|parquet)$", description="its name in the workspace")
    vintage: str = Field(min_length=1, description="what time it speaks of, in words")
    census_year: Literal[2011, 2021] | None = Field(None, description="year of its LSOA or MSOA codes")
    rows: int | None = Field(None, gt=0, description="how many there must be, where known")
    sha256: str | None = Field(None, pattern=r"^[0-9a-f]{64}$", description="hash of the file as published")
    columns: tuple[str, ...] = Field((), description="which there must be, whatever their case; of a|b, one")
    keep: Keep | None = Field(None, description="which rows of a wider file are meant; all where empty")
    fields: tuple[str, ...] = Field(("*",), description="columns of an ArcGIS layer to ask for")
    needed_by: tuple[Release, ...] = Field((), description="releases that want it")
    aliases: tuple[str, ...] = Field((), description="paths under a --from folder where it may lie")

    @model_validator(mode="after")
    def _named_alike(self) -> Self:
        if PurePosixPath(self.filename).stem != self.name:
            msg = f"the filename must be the name and .csv or .parquet, found {self.filename!r}"
            raise ValueError(msg)
        if any(PurePosixPath(alias).is_absolute() or ".." in PurePosixPath(alias).parts for alias in self.aliases):
            msg = "aliases must be paths below the folder"
            raise ValueError(msg)
        return self

    @property
    def published_name(self) -> str:
        """What its publisher calls the file, or the ArcGIS service."""
        parts = urlsplit(self.address).path.split("/")
        if "FeatureServer" in parts:
            return parts[parts.index("FeatureServer") - 1]
        return parts[-1]

    @property
    def host(self) -> str:
        """The host that the address is on."""
        return urlsplit(self.address).netloc

    def path(self, workspace: Path) -> Path:
        """Where it lies in the workspace, once pulled."""
        return official_path(workspace, self.filename)


@dataclass(frozen=True, slots=True)
class Catalogue:
    """Every official file, in the order of the catalogue; iterating gives its entries."""

    entries: tuple[Entry, ...]

    def __iter__(self) -> Iterator[Entry]:
        return iter(self.entries)

    def __len__(self) -> int:
        return len(self.entries)

    def get(self, name: str) -> Entry:
        """Return the entry of this name.

        Raises
        ------
        NotFoundError
            If there is none; suggests near names.
        """
        for entry in self.entries:
            if entry.name == name:
                return entry
        names = [entry.name for entry in self.entries]
        raise NotFoundError("official file", name, get_close_matches(name.lower(), names, n=3, cutoff=0.5))

    def choose(self, names: Iterable[str] = ()) -> tuple[Entry, ...]:
        """Return the entries of these names; without any, all that some release needs.

        Raises
        ------
        NotFoundError
            If a name is not in the catalogue.
        """
        wanted = list(dict.fromkeys(names))
        return tuple(self.get(name) for name in wanted) if wanted else self.needed()

    def needed(self, release: Release | None = None) -> tuple[Entry, ...]:
        """Return what a release needs, or what any does."""
        return tuple(
            entry for entry in self.entries if (entry.needed_by if release is None else release in entry.needed_by)
        )


def official_path(workspace: Path, filename: str) -> Path:
    """Where an official file of this name lies in a workspace."""
    return workspace / OFFICIAL / filename


def read_catalogue(path: Path | None = None) -> Catalogue:
    """Read the catalogue and check it whole.

    Parameters
    ----------
    path : Path, optional
        TOML file: a list `london` of borough names, tables `publishers` and `entries`; Atlas's own unless given.

    Raises
    ------
    DataError
        Naming all that is wrong: bad TOML by row, and each wrong, missing or unknown field by entry.
    UnavailableError
        If there is no such file.

    Examples
    --------
    >>> read_catalogue().get("iod2025").rows
    33755
    """
    path = path or data_folder() / "catalogue.toml"
    faults = Faults()
    text = read_text(path, faults)
    raw: dict[str, Any] = {}
    if text is not None:
        try:
            raw = tomllib.loads(text)
        except tomllib.TOMLDecodeError as error:
            line = re.search(r"at line (\d+)", str(error))
            faults.add(path.name, f"not TOML ({error})", "TOML", row=int(line[1]) if line else len(text.splitlines()))
    faults.raise_errors("the catalogue of official files cannot be read")
    entries = [
        entry
        for name, table in _table(raw, "entries", path.name, faults).items()
        if (entry := _entry(name, table, raw, path.name, faults)) is not None
    ]
    for filename, times in Counter(entry.filename for entry in entries).items():
        if times > 1:
            faults.add(path.name, "two entries have one filename", "one file each", column="filename", value=filename)
    faults.raise_errors("the catalogue of official files cannot be used")
    return Catalogue(tuple(entries))


def _table(raw: Mapping[str, Any], key: str, file: str, faults: Faults) -> dict[str, Any]:
    table = raw.get(key)
    if isinstance(table, dict) and table:
        return table
    faults.add(file, "a table is missing", f"[{key}.NAME] tables", column=key, value=table)
    return {}


def _entry(name: str, table: Any, raw: Mapping[str, Any], file: str, faults: Faults) -> Entry | None:
    if not isinstance(table, dict):
        faults.add(file, "not a table", f"[entries.{name}]", column=f"entries.{name}", value=table)
        return None
    publishers = raw.get("publishers", {})
    publisher = publishers.get(table.get("publisher")) if isinstance(publishers, dict) else None
    if not isinstance(publisher, dict):
        expected = "a publisher declared under [publishers]"
        column = f"entries.{name}.publisher"
        faults.add(file, "no such publisher", expected, column=column, value=table.get("publisher"))
        publisher = {"name": "?", "licence": "?", "attribution": "?"}
    whose = {"publisher": publisher.get("name"), "licence": publisher.get("licence")}
    own = {"name": name, **whose, "attribution": publisher.get("attribution")}
    given = {**table, **own, "keep": _keep(table.get("keep"), raw.get("london"))}
    try:
        return Entry.model_validate(given)
    except ValidationError as error:
        for fault in error.errors():
            column = ".".join(map(str, ("entries", name, *fault["loc"])))
            value = None if fault["type"] == "missing" else fault["input"]
            shown = None if isinstance(value, dict) else value
            expected = "a field that the catalogue has" if fault["type"] == "extra_forbidden" else "a right one"
            faults.add(file, fault["msg"], expected, column=column, value=shown)
        return None


def _keep(keep: Any, london: Any) -> Any:
    """Spell out which rows are meant: one beginning is a list of one, and "london" is each borough's name."""
    if not isinstance(keep, dict) or not isinstance(keep.get("begins"), str):
        return keep
    if keep["begins"] != "london":
        return {**keep, "begins": [keep["begins"]]}
    return {**keep, "begins": [f"{borough} " for borough in london or ()]}
