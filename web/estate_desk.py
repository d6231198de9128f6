"""What the pages and the interface of imports share: what was asked for, and bringing it in."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, cast

from flask import current_app, g

from atlas.errors import AtlasError, DataError, Fault
from atlas.estate import find_partner
from atlas.records import slug
from atlas.settings import Settings
from atlas.sources.registers.limits import Limits
from atlas.vocabulary.estate import Visibility
from web.estate_session import WHO, ImportsOffError
from web.estate_uploads import upload_bytes
from web.refresh import REFRESHER, Refresher
from web.visit import visit

if TYPE_CHECKING:
    import pandas as pd

    from atlas.estate import Partner
    from atlas.estate_import import Look, Request
    from atlas.geo.estate.imports import Imported, Report
    from atlas.store import Store

STORE: Final = "atlas-estate-store"
SWAP_S: Final = 5.0
"""How long a reader waits to see on the map what was just changed."""
LONGEST: Final = 200
FIELDS: Final = ("partner", "register", "visibility", "as_of", "sheet")
"""What is asked for besides the file."""


def store() -> Store:
    """What users added.

    Raises
    ------
    ImportsOffError
        If this application has none.
    """
    found = current_app.extensions[STORE]
    if found is None:
        raise ImportsOffError
    return cast("Store", found)


def settings() -> Settings:
    """The settings of the application at work."""
    return cast("Settings", current_app.config["ATLAS_SETTINGS"])


def swap(wait_s: float = SWAP_S) -> None:
    """Have what was just changed served, and wait a little until it is."""
    refresher: Refresher = current_app.extensions[REFRESHER]
    refresher.now(wait_s)
    for name in ("house", "visit"):
        g.pop(name, None)


@dataclass(frozen=True, slots=True)
class Asked:
    """What was asked for, as it was typed.

    Parameters
    ----------
    partner : str
        Whose register it is: id or name.
    register : str
        Name of the register; empty for the partner's main one.
    visibility : str
        Of assets that do not say otherwise.
    as_of : str
        Day that it speaks of.
    sheet : str
        Sheet or layer; empty for the one that looks most like a register.
    """

    partner: str = ""
    register: str = ""
    visibility: str = Visibility.PUBLIC.value
    as_of: str = ""
    sheet: str = ""

    @classmethod
    def of(cls, fields: Mapping[str, str]) -> Asked:
        """What the fields of a form or an address ask for."""
        typed = {name: fields.get(name, "").strip()[:LONGEST] for name in FIELDS}
        typed["visibility"] = typed["visibility"] or Visibility.PUBLIC.value
        return cls(**typed)

    def fields(self) -> dict[str, Any]:
        """As fields of an address."""
        return {name: value for name in FIELDS if (value := getattr(self, name))}

    def faults(self) -> list[Fault]:
        """What cannot be granted, all of it."""
        found = []
        if not slug(self.partner):
            found.append(Fault("form", "it was not said whose register it is", "a partner", column="partner"))
        if self.visibility not in set(Visibility):
            expected = "one of " + ", ".join(Visibility)
            found.append(Fault("form", "no such visibility", expected, column="visibility", value=self.visibility))
        if self.as_of and not _is_day(self.as_of):
            expected = "a day such as 2021-03-31"
            found.append(Fault("form", "that is no day", expected, column="as_of", value=self.as_of))
        elif self.as_of > (datetime.now(UTC) + timedelta(days=1)).date().isoformat():
            expected = "a day that has been"
            found.append(Fault("form", "that day is still to come", expected, column="as_of", value=self.as_of))
        if self.register and not slug(self.register):
            expected = "a name with letters or digits"
            found.append(
                Fault("form", "that is no name of a register", expected, column="register", value=self.register)
            )
        return found

    def whose(self) -> Partner:
        """Whose register it is, on record or not."""
        return find_partner(visit().atlas.graph, self.partner)

    def request(self, path: Path, name: str, columns: Mapping[str, str | None] | None = None) -> Request:
        """What is to be imported.

        Raises
        ------
        DataError
            With everything that cannot be granted.
        """
        from atlas.estate_import import Request  # noqa: PLC0415 -- reading registers takes 10 MB: only for who brings one in

        faults = self.faults()
        if faults:
            raise DataError("This cannot be imported as it was asked for", faults)
        return Request(
            path=path,
            partner=self.whose(),
            register=self.register,
            title=self.register,
            visibility=Visibility(self.visibility),
            as_of=self.as_of,
            columns=columns or {},
            sheet=self.sheet or None,
            file=name,
            who=WHO,
        )


def _is_day(typed: str) -> bool:
    try:
        return bool(date.fromisoformat(typed)) and len(typed) == len("2021-03-31")
    except ValueError:
        return False


def look_at(request: Request) -> Look:
    """What a file is and what its columns are taken for, within what is taken from the web."""
    from atlas.estate_import import look  # noqa: PLC0415 -- reading registers takes 10 MB: only for who brings one in

    return look(request, store(), _limits())


def look_as_shown(request: Request, shown: Mapping[int, str]) -> Look:
    """The same, with each column as a reader was shown it."""
    from atlas import estate_import  # noqa: PLC0415 -- reading registers takes 10 MB: only for who brings one in

    return estate_import.look_as_shown(request, store(), shown, _limits())


def _limits() -> Limits:
    return replace(Limits.of_web(), bytes=upload_bytes(settings()))


def bring_in(request: Request) -> Imported:
    """Import, and have it served."""
    from atlas.estate_import import import_register  # noqa: PLC0415 -- reading registers takes 10 MB: only for who brings one in

    boroughs = visit().atlas.inputs.areaset.boroughs
    done = import_register(settings(), store(), request, boroughs, limits=_limits())
    swap()
    return done


def differences(import_id: int, assets: Collection[str] | None = None) -> pd.DataFrame:
    """What an import changed, field by field, but of sensitive sites: those are for the command line."""
    found = store().differences(import_id, assets)
    return found[~found["is_sensitive"]]


def with_differences(report: Report) -> Report:
    """The report of an import with all that it changed, as `differences` has it."""
    return replace(report, differences=differences(report.record.id))


def told(error: AtlasError) -> tuple[str, list[Fault]]:
    """An error in a sentence, and every fault behind it."""
    if isinstance(error, DataError):
        return error.what, list(error.faults)
    return str(error), []


def choices() -> list[tuple[str, str]]:
    """Who may see an asset: spellings and words."""
    words = {
        Visibility.PUBLIC: "Everybody",
        Visibility.PARTNERS: "Partners",
        Visibility.OWNER: "Its owner alone",
    }
    return [(level.value, words[level]) for level in Visibility]
