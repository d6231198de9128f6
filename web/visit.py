"""One request: what the reader chose, the atlas that answers, and the page made of them."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, Final, cast
from urllib.parse import urlencode

import pandas as pd
from flask import Response, current_app, g, has_request_context, render_template, request, url_for
from markupsafe import Markup

from atlas.snapshot import Atlas
from web.assets import Assets
from web.choices import Choices, Reader, read_choices
from web.library import Library
from web.memo import Memo
from web.names import Name, all_names
from web.passed_over import LONGEST, passed_over
from web.payloads import Body, Payloads
from web.security import Inline

WHOLE_S: Final = 30.0
"""How long a program waits for all draws."""

EXTENSION: Final = "atlas"


@dataclass(frozen=True, slots=True)
class House:
    """What one application holds.

    Parameters
    ----------
    library : Library
        Every atlas.
    payloads : Payloads
        Finished bodies.
    assets : Assets
        Static files.
    build : str
        Hash of the code and templates: part of every tag.
    method : Markup
        The methods page.
    before : House, optional
        What was served before the last swap, for addresses of pages that were read then.
    """

    library: Library
    payloads: Payloads
    assets: Assets
    build: str
    method: Markup
    names: Memo[tuple[Name, ...]] = field(default_factory=lambda: Memo(8))
    before: House | None = None


def house() -> House:
    """What the application held when the request at work began; before its last swap, where its address is of then."""
    if "house" not in g:
        held = cast("House", current_app.extensions[EXTENSION])
        build = (request.view_args or {}).get("build") if has_request_context() else None
        is_before = held.before is not None and build == held.before.build != held.build
        g.house = held.before if is_before else held
    return cast("House", g.house)


@dataclass(frozen=True)
class Visit:
    """One request's choices and the atlas that answers them.

    Parameters
    ----------
    library : Library
        Every atlas.
    reader : Reader
        The address.
    choices : Choices
        What was chosen in it.
    """

    library: Library
    reader: Reader
    choices: Choices

    @cached_property
    def atlas(self) -> Atlas:
        """The atlas under these choices; every fault of the address is raised first."""
        self.reader.done()
        return self.library.atlas(self.choices.release, self.choices.parameters)

    def whole(self) -> Atlas:
        """The atlas under these choices with all its draws, waited for; every fault of the address is raised first."""
        self.reader.done()
        return self.library.whole(self.choices.release, self.choices.parameters, WHOLE_S)

    @property
    def query(self) -> dict[str, str]:
        """The choices as fields of an address, the borough left out."""
        return self.choices.query(self.library.releases[0], borough=False)

    def is_working(self) -> bool:
        """Whether what is shown is a first look, or lacks its tests, and more is to come."""
        # of this very atlas, not of how far the work has come: the page is kept, the work goes on
        return self.library.finishes and self.atlas.assurance is None

    def link(self, endpoint: str, **values: Any) -> str:
        """Address of another page under the same choices."""
        return url_for(endpoint, **{**self.query, **values})

    def address(self) -> str:
        """The shortest address of this very page: the choices, and what else it takes."""
        chosen = self.choices.query(self.library.releases[0])
        own = [(name, value) for name in g.get("takes", ()) for value in self.reader.query.getlist(name) if value]
        return address_of([*chosen.items(), *own])


def visit() -> Visit:
    """The request at work, read once."""
    if "visit" not in g:
        g.visit = visit_of(Reader(request.args))
    return cast("Visit", g.visit)


def visit_of(reader: Reader) -> Visit:
    """The visit of an address, by what this house can offer."""
    library = house().library
    choices = read_choices(
        reader, library.releases, library.domains, library.default.borough, minutes=library.in_minutes
    )
    return Visit(library, reader, choices)


def names() -> tuple[Name, ...]:
    """Everything that has a page under the choices of the request at work."""
    atlas = visit().atlas
    return house().names.get(atlas.revision, lambda: all_names(atlas))


def names_of(frame: pd.DataFrame) -> dict[str, str]:
    """Names of areas by code."""
    return {str(code): str(name) for code, name in frame["name"].items()}


def tag(*parts: str) -> str:
    """A tag for what follows from these parts and the code."""
    return "-".join([*parts, house().build])


def address_of(fields: Mapping[str, str] | Sequence[tuple[str, str]]) -> str:
    """Address of the page at work with these fields."""
    return request.root_path + request.path + ("?" + urlencode(fields, safe=",") if fields else "")


def version_of(atlas: Atlas) -> tuple[str, ...]:
    """What tells one state of an atlas from another: its revision, and whether its tests are made."""
    return (atlas.revision, "whole") if atlas.assurance else (atlas.revision,)


def rendered(template: str, context: Mapping[str, Any]) -> Body:
    """A page as a body, with the policy that allows its own inline blocks."""
    inline = Inline()
    text = render_template(template, inline=inline, **context)
    return Body(text.encode(), "text/html; charset=utf-8", {"Content-Security-Policy": inline.policy()})


def digest(address: str) -> bytes:
    """A digest, since the reader decides how long an address is, and what is kept must be bounded."""
    return hashlib.sha256(address.encode()).digest()


def page(
    template: str, context: Callable[[], Mapping[str, Any]], address: str = "", takes: Sequence[str] = ()
) -> Response:
    """Answer with a page, made once for each state of its atlas and each address.

    Parameters
    ----------
    template : str
        Name of the template.
    context : callable
        Gives what the page shows.
    address : str, optional
        All that the page follows from besides the atlas; `Visit.address` if not given.
    takes : sequence of str, optional
        Fields of the address that it takes besides the choices.
    """
    here = visit()
    version = version_of(here.atlas)
    g.takes = takes
    key = ("page", *version, digest(address or here.address()))
    return page_response(key, lambda: rendered(template, context()), tag(*version), takes)


def page_response(
    key: tuple[object, ...],
    make: Callable[[], Body],
    marks: str,
    takes: Sequence[str] = (),
    unusable: Sequence[str] = (),
) -> Response:
    """Answer with a page that tells of the fields of its address which it does not take.

    Parameters
    ----------
    key : tuple
        What else the page follows from.
    make : callable
        Makes it.
    marks : str
        Its tag.
    takes : sequence of str, optional
        Fields of the address that it takes besides the choices.
    unusable : sequence of str, optional
        Fields that it takes, with values that it cannot use, as they are to be told.
    """
    g.takes = takes
    g.passed_over = (*passed_over(request.args, takes), *((one[:LONGEST], "") for one in unusable))
    if g.passed_over:
        told = digest(repr(g.passed_over)).hex()[:12]
        key, marks = (*key, told), f"{marks}-{told}"
    return house().payloads.respond(request, key, make, tag=marks)
