"""A gap area's brief as a PDF: one page of A4 with a map, made once for each revision and day."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from threading import Lock
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from flask import Blueprint, Response, current_app, render_template, request

from atlas.errors import UnavailableError
from atlas.gaps.briefs import GapArea
from atlas.maps.style import PALETTE
from atlas.snapshot import Atlas
from web.below import origin_of
from web.brief_map import brief_svg
from web.embed import attribution
from web.gaps import area_called, brief_context
from web.payloads import Body
from web.visit import house, tag, version_of, visit

if TYPE_CHECKING:
    from atlas.settings import Settings

blueprint = Blueprint("brief", __name__)

PDF: Final = "application/pdf"
VARIANT: Final = "pdf/ua-1"
"""Tagged, for those who hear a page: ISO 14289-1."""

MAP: Final = "atlas:map"
FEWER: Final = frozenset({"rank", "scan", "areas", "driver"})
"""Reasons that the page in the browser has, and one page of paper has no room for."""


class Layout(NamedTuple):
    """How much a page says, and how small."""

    named: int
    """Networks, assets and neighbourhoods that are named; the rest are counted."""

    sheet: float
    """How many times the width and height of A4 are laid out, and brought down to it."""


LAYOUTS: Final = tuple(
    Layout(*one) for one in ((8, 1.0), (6, 1.0), (4, 1.0), (3, 1.0), (2, 1.0), (2, 1.12), (1, 1.3), (1, 1.7), (1, 2.4))
)
"""The first that is one page is taken: fewer names before smaller type."""

WAY_OUT: Final = (
    "the PDF cannot be made here: WeasyPrint needs the libraries of Pango (on Debian: libpango-1.0-0 and"
    " libpangoft2-1.0-0). The page itself prints on one sheet: use the browser's own “Save as PDF”"
)
_MAKING: Final = Lock()


@blueprint.get("/gaps/<wanted>/brief.pdf")
def pdf(wanted: str) -> Response:
    """Answer with a gap area's brief as a PDF; all draws are waited for.

    Raises
    ------
    NotFoundError
        If no gap area has this id under these choices; suggests near ones.
    UnavailableError
        If Pango is not installed; says what to do.
    """
    atlas = visit().whole()
    area = area_called(atlas, wanted)
    today = datetime.now(UTC).date().isoformat()
    version = version_of(atlas)
    headers = {"Content-Disposition": f'inline; filename="atlas-{area.id}-{atlas.revision}.pdf"'}

    def make() -> Body:
        context = pdf_context(atlas, area, today)

        def page(layout: Layout) -> str:
            return render_template("brief_pdf.html", **context, **layout._asdict())

        return Body(made_pdf(page, brief_svg(atlas, area)), PDF, headers)

    key = ("brief pdf", *version, area.id, today, request.url_root)
    return house().payloads.respond(request, key, make, tag=tag(*version, today))


def pdf_context(atlas: Atlas, area: GapArea, today: str) -> dict[str, Any]:
    """What the PDF shows."""
    settings: Settings = current_app.config["ATLAS_SETTINGS"]
    context = brief_context(area)
    return context | {
        "reasons": [reason for reason in context["reasons"] if reason.key not in FEWER],
        "today": today,
        "attribution": attribution(atlas),
        "address": origin_of(settings.public_url, request.host_url) + visit().link("gaps.brief", wanted=area.id),
        "palette": PALETTE,
        "map_address": MAP,
    }


def made_pdf(page: Callable[[Layout], str], drawing: str) -> bytes:
    """Lay a page out as a PDF of one page; nothing is fetched from anywhere, whatever the page says.

    Parameters
    ----------
    page : Callable[[Layout], str]
        HTML of a layout; a picture at `MAP` is the drawing.
    drawing : str
        SVG.

    Raises
    ------
    UnavailableError
        If Pango is not installed.
    """
    try:
        from weasyprint import HTML  # noqa: PLC0415 -- needs libraries that not every machine has
        from weasyprint.urls import URLFetcher, URLFetcherResponse  # noqa: PLC0415 -- as above
    except (ImportError, OSError) as error:
        raise UnavailableError(WAY_OUT) from error

    class Refusing(URLFetcher):  # type: ignore[misc]
        """Gives the drawing, and nothing else."""

        def fetch(self, url: str, *_: object, **__: object) -> Any:
            if url != MAP:
                raise ValueError(f"{url} is not fetched")
            return URLFetcherResponse(url, drawing.encode(), {"Content-Type": "image/svg+xml"})

    # fonts are found once for the whole process, and not by two threads at a time
    with _MAKING:
        for layout in LAYOUTS:
            html = HTML(string=page(layout), base_url=None, url_fetcher=Refusing())
            document = html.render(pdf_variant=VARIANT)
            if len(document.pages) == 1:
                break
        return bytes(document.write_pdf(zoom=1 / layout.sheet, pdf_variant=VARIANT))
