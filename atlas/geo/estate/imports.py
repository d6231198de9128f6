"""What the store says of an import: who brought which file, and what became of each of its rows."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any, Final

import pandas as pd

from atlas.geo.estate.model import ColumnMatch
from atlas.vocabulary.estate import Visibility

STANDING: Final = "standing"
UNDONE: Final = "undone"

ROW_COLUMNS: Final = ("row", "outcome", "asset", "change")
"""What became of a row: an `Outcome`; its asset, empty where it was set aside; a `Change`, empty for none."""

GONE_COLUMNS: Final = ("asset", "name")
"""An asset that stood before an import and is not in its file."""


@dataclass(frozen=True, slots=True)
class RegisterInfo:
    """What is said of a register when it is imported.

    Parameters
    ----------
    id : str
        A slug.
    partner : str
        Id of the institution whose register it is.
    partner_name : str
        What it is called.
    title : str
        What the register is called.
    visibility : Visibility
        Of assets that do not say otherwise.
    as_of : str
        Day that it speaks of, ISO; empty where unknown.
    """

    id: str
    partner: str
    partner_name: str
    title: str
    visibility: Visibility = Visibility.PUBLIC
    as_of: str = ""


@dataclass(frozen=True, slots=True)
class SourceFile:
    """The file that a register came in.

    Parameters
    ----------
    file : str
        Its name, without its folder.
    sha256 : str
        Hash of its bytes.
    size_bytes : int
        How large it is.
    form : str
        What it is, in words.
    notes : tuple of str
        What was done to read it, in sentences.
    kept : str
        Name under which it is kept; empty where it is not.
    """

    file: str
    sha256: str
    size_bytes: int
    form: str
    notes: tuple[str, ...] = ()
    kept: str = ""


@dataclass(frozen=True, slots=True)
class ImportRecord:
    """One import: rows = accepted + repaired + set_aside + unchanged.

    Parameters
    ----------
    id : int
        Number of the import; later ones are higher.
    register, partner, partner_name, title, visibility, as_of : str
        What was said of the register.
    file, sha256, size_bytes, form, notes, kept : str, str, int, str, tuple of str, str
        The file, as in `SourceFile`.
    who, at : str
        Who brought it, and the ISO moment.
    rows : int
        Rows of the file.
    accepted, repaired, set_aside, unchanged : int
        What became of them; a row whose asset already stood with the same content is unchanged.
    added, changed, gone : int
        Assets that had not stood, stood with other content, or stand no more since they are not in the file.
    on_map : int
        Assets of the file that have a place.
    doubts : int
        Findings that a person should look at.
    state : str
        ``standing`` or ``undone``.
    supersedes : int or None
        The import of the same register that stood before.
    """

    id: int
    register: str
    partner: str
    partner_name: str
    title: str
    visibility: str
    as_of: str
    file: str
    sha256: str
    size_bytes: int
    form: str
    notes: tuple[str, ...]
    kept: str
    who: str
    at: str
    rows: int
    accepted: int
    repaired: int
    set_aside: int
    unchanged: int
    added: int
    changed: int
    gone: int
    on_map: int
    doubts: int
    state: str
    supersedes: int | None

    @property
    def changes_nothing(self) -> bool:
        """Whether what stands is what stood before."""
        return not (self.added or self.changed or self.gone)

    @property
    def is_standing(self) -> bool:
        """Whether it has not been undone."""
        return self.state == STANDING


@dataclass(frozen=True, eq=False)
class Report:
    """All that is to be said of an import; every row of the file is in `rows` once.

    Parameters
    ----------
    record : ImportRecord
        Who, when, what, and the counts.
    columns : tuple of ColumnMatch
        What each column of the file was taken for.
    findings : pandas.DataFrame
        `FINDING_COLUMNS`, by row; row 0 is the whole file.
    set_aside : pandas.DataFrame
        `SET_ASIDE_COLUMNS`, by row.
    rows : pandas.DataFrame
        `ROW_COLUMNS`, by row.
    gone : pandas.DataFrame
        `GONE_COLUMNS`, by asset.
    differences : pandas.DataFrame, optional
        `DIFFERENCE_COLUMNS`: what changed in assets that stood before; None where it was not asked for.
    troubles : tuple of str
        What failed after the register was in, in sentences; not kept.
    """

    record: ImportRecord
    columns: tuple[ColumnMatch, ...]
    findings: pd.DataFrame
    set_aside: pd.DataFrame
    rows: pd.DataFrame
    gone: pd.DataFrame
    differences: pd.DataFrame | None = None
    troubles: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Imported:
    """An import as it ended; `Report` says all of it, and is read where somebody wants it.

    Parameters
    ----------
    record : ImportRecord
        Who, when, what, and the counts.
    troubles : tuple of str
        What failed after the register was in, in sentences; not kept.
    """

    record: ImportRecord
    troubles: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class AuditEntry:
    """One change of the store.

    Parameters
    ----------
    at, who, action : str
        ISO moment, who did it, and what was done in a word or two.
    register : str
        Id of the register concerned; empty for none.
    import_id : int or None
        The import concerned.
    file, sha256 : str
        The file concerned; empty for none.
    details : mapping
        What else is to be said.
    """

    at: str
    who: str
    action: str
    register: str = ""
    import_id: int | None = None
    file: str = ""
    sha256: str = ""
    details: Mapping[str, Any] = field(default_factory=dict)


def record_of(row: Mapping[str, Any]) -> ImportRecord:
    """An import from its row of the table."""
    told = {name: row[name] for name in ImportRecord.__slots__}
    return ImportRecord(**told | {"notes": tuple(json.loads(row["notes"]))})


def columns_as_text(columns: tuple[ColumnMatch, ...]) -> str:
    """Matches of columns as JSON.

    Examples
    --------
    >>> columns_of(columns_as_text((ColumnMatch("Tnr", "tenure", 90, "given"),)))
    (ColumnMatch(column='Tnr', field='tenure', confidence=90, how='given', examples=(), unit=''),)
    """
    return json.dumps([asdict(column) for column in columns], ensure_ascii=False)


def columns_of(text: str) -> tuple[ColumnMatch, ...]:
    """Matches of columns from JSON."""
    return tuple(ColumnMatch(**column | {"examples": tuple(column["examples"])}) for column in json.loads(text))
