"""The web: pages, an API and the map's data, all read from one `Atlas`."""

from __future__ import annotations

import hashlib
import re
from collections import Counter
from collections.abc import Iterable
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import pandas as pd
from flask import Flask, g, url_for
from jinja2 import ChoiceLoader, PackageLoader, PrefixLoader
from markdown_it import MarkdownIt
from markupsafe import Markup, escape
from werkzeug.middleware.proxy_fix import ProxyFix

from atlas.errors import AtlasError
from atlas.geo.footprints import WHOLE
from atlas.records import slug
from atlas.vocabulary import Kind
from web import (
    api,
    boroughs,
    brief,
    compare,
    compare_boroughs,
    embed,
    england,
    errors,
    estate,
    estate_api,
    estate_imports,
    estate_imports_api,
    estate_matches,
    estate_session,
    export,
    gaps,
    graph,
    graph_measures,
    graph_queries,
    health,
    home,
    icss,
    maps,
    ogc,
    opportunities,
    partners,
    programs,
    progress,
    reference,
    scenarios,
    search,
    siting,
    text,
)
from web.assets import Assets
from web.below import Below, path_of
from web.estate_desk import STORE
from web.library import Finish, Library
from web.names import node_slug
from web.payloads import Payloads
from web.refresh import REFRESHER, PublicLand, Refresher
from web.scenario_address import MOST_BYTES
from web.security import secure
from web.visit import EXTENSION, House, house, names_of, visit

if TYPE_CHECKING:
    from atlas.settings import Settings
    from atlas.snapshot import Atlas, Inputs
    from atlas.store import Store

FOLDER: Final = Path(__file__).parent
PLAIN: Final = re.compile(r"[a-zA-Z0-9-]+")
ANY: Final = "any-0-page"
COMPONENTS: Final = "govuk_frontend_jinja"
NAVIGATION: Final = (
    ("gaps", "gaps.index", "Find gaps"),
    ("estate", "estate.index", "Map our estate"),
    ("graph", "graph.index", "Get the graph"),
    ("networks", "partners.networks", "Networks"),
    ("institutions", "partners.institutions", "Institutions"),
    ("boroughs", "boroughs.index", "Boroughs"),
    ("data", "reference.data", "Data"),
    ("method", "reference.method", "Method"),
)
"""The three doors, then what they lead through."""
BLUEPRINTS: Final = (
    home,
    gaps,
    partners,
    boroughs,
    icss,
    reference,
    search,
    embed,
    brief,
    api,
    maps,
    england,
    compare,
    compare_boroughs,
    scenarios,
    siting,
    graph,
    graph_measures,
    graph_queries,
    progress,
    export,
    estate,
    estate_api,
    estate_session,
    estate_imports,
    estate_imports_api,
    estate_matches,
    opportunities,
    health,
    programs,
    ogc,
)


def create_app(
    settings: Settings,
    atlas: Atlas,
    others: Iterable[Inputs] = (),
    finish: Finish | None = None,
    changes: pd.DataFrame | None = None,
    store: Store | None = None,
) -> Flask:
    """Make the application.

    Parameters
    ----------
    settings : Settings
        Where Atlas keeps things.
    atlas : Atlas
        What an address without choices is answered from.
    others : iterable of Inputs
        Further releases that a reader may choose.
    finish : callable, optional
        Makes more complete atlases in the background, as `web.library.Library` takes it.
    changes : pandas.DataFrame, optional
        What the areas of 2011 became in 2021, where the lookup is here; without it such releases are not compared.
    store : Store, optional
        What users added; without it nothing can be added from the web, whatever token is set. When its revision
        moves, `web.refresh.Refresher` swaps what is served; whoever serves starts it.

    Returns
    -------
    flask.Flask
        Reads no file of data while it answers.
    """
    app = Flask(__name__, static_folder=None)
    app.url_map.strict_slashes = False
    app.config["ATLAS_SETTINGS"] = settings
    app.config["MAX_CONTENT_LENGTH"] = 2 * MOST_BYTES
    library, payloads = Library(atlas, others, finish=finish, changes=changes), Payloads()
    joined = {**maps.JOINED, **england.JOINED}
    assets = Assets(FOLDER / "static", payloads, joined, path_of(settings.public_url))
    app.extensions[EXTENSION] = House(library, payloads, assets, build_of(library), read_method())
    assets.register(app)
    estate_session.open_gate(app, settings if store is not None else None)
    app.extensions[STORE] = store
    health.watch(app, store)
    england.open_country(app, settings)
    if proxies := settings.trusted_proxies:
        app.wsgi_app = ProxyFix(app.wsgi_app, proxies, proxies, proxies, proxies)  # type: ignore[method-assign]
    if below := path_of(settings.public_url):
        app.wsgi_app = Below(app.wsgi_app, below)  # type: ignore[method-assign]
    if store is not None:
        land = PublicLand(settings, store)
        app.extensions[REFRESHER] = Refresher(app, land, lambda held: build_of(held.library))
    for module in BLUEPRINTS:
        app.register_blueprint(module.blueprint)
    errors.register(app)
    app.after_request(secure)
    components = PrefixLoader({COMPONENTS: PackageLoader(COMPONENTS)})
    app.jinja_loader = ChoiceLoader([app.jinja_loader or components, components])
    app.jinja_env.filters.update(text.FILTERS)
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    app.context_processor(furniture)
    return app


def build_of(library: Library) -> str:
    """Hash of the code, the templates and the releases that are here: what a page follows from besides its atlas."""
    parts = hashlib.sha256()
    for package in (FOLDER, FOLDER.parent / "atlas"):
        for path in sorted(package.rglob("*")):
            if path.suffix in {".py", ".html", ".css", ".js"}:
                parts.update(path.read_bytes())
    for release in library.releases:
        parts.update(library.inputs(release).fingerprint.encode())
    if library.changes is not None:
        parts.update(pd.util.hash_pandas_object(library.changes, index=False).to_numpy().tobytes())
    return parts.hexdigest()[:12]


def read_method() -> Markup:
    """The methods page; raw HTML in it is shown, not obeyed."""
    for path in (FOLDER / "_docs" / "methods.md", FOLDER.parent / "docs" / "methods.md"):
        if path.is_file():
            return method_page(path.read_text(encoding="utf-8"))
    return Markup("<h1>Method</h1><p>The methods page was not installed.</p>")


def method_page(source: str) -> Markup:
    """Markdown as HTML: headings can be linked to, tables scroll by themselves.

    Examples
    --------
    >>> print(method_page("## How sure"))
    <h2 id="how-sure">How sure</h2>
    <BLANKLINE>
    """
    markdown = MarkdownIt("commonmark", {"html": False}).enable("table")
    tokens = markdown.parse(source)
    names: list[str] = []
    heading, under = "", Counter[str]()
    for token, inside in pairwise(tokens):
        if token.type == "heading_open":
            token.attrSet("id", slug(inside.content))
            heading = inside.content.replace("`", "")
        elif token.type == "table_open":
            under[heading] += 1
            names.append(f"{heading}, {under[heading]}" if under[heading] > 1 else heading)
    html = markdown.renderer.render(tokens, markdown.options, {})
    first, *rest = html.split("<table>")
    region = '<div class="scroll" role="region" aria-label="Table: {0}" tabindex="0"><table>{1}{2}'
    html = first + "".join(
        region.format(escape(name), text.caption(name), part) for name, part in zip(names, rest, strict=True)
    )
    return Markup(html.replace("</table>", "</table></div>"))  # noqa: S704 -- no HTML of the source is obeyed


def furniture() -> dict[str, Any]:
    """What every template may use."""
    try:
        atlas: Atlas | None = visit().atlas
    except AtlasError:
        atlas = None
    kept = visit().query if atlas else {}

    alike: dict[str, str] = {}

    def link(endpoint: str, **values: Any) -> str:
        wanted = str(values.get("wanted", ""))
        if len(values) > 1 or not PLAIN.fullmatch(wanted):
            return url_for(endpoint, **{**kept, **values})
        # a page has hundreds of links that differ in their last part alone
        if endpoint not in alike:
            fields: dict[str, Any] = {**kept, "wanted": ANY}
            alike[endpoint] = url_for(endpoint, **fields)
        return alike[endpoint].replace(ANY, wanted)

    def page_of(node_id: str) -> str:
        kind, wanted = node_id.partition(":")[0], node_slug(node_id)
        if kind == Kind.PLACE and wanted in boroughs:
            return borough_page(wanted)
        return link(maps.PAGES[kind], wanted=wanted) if kind in maps.PAGES else ""

    boroughs = names_of(atlas.inputs.areaset.boroughs) if atlas else {}

    def borough_page(code: str) -> str:
        return link("boroughs.borough", wanted=slug(boroughs[code]))

    return {
        "asset": house().assets.url,
        "atlas": atlas,
        "borough_names": boroughs,
        "borough_page": borough_page,
        "kept": kept,
        "offers_england": england.country().is_offered,
        "link": link,
        "navigation": NAVIGATION,
        "page_of": page_of,
        "passed_over": g.get("passed_over", ()),
        "place_names": {**WHOLE, **(names_of(atlas.inputs.areaset.icbs) if atlas else {})},
        "scope": {"in": visit().choices.borough} if visit().choices.borough else {},
        "visit": visit(),
    }
