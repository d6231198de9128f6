"""The map of a page: Folium's, with our own layers, our own files and nothing from elsewhere."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import folium
from branca.element import Figure
from folium.template import Template
from jinja2 import Environment, PackageLoader

from atlas.errors import UnavailableError
from atlas.gaps.sentences import boroughs_words, distance_words, headline, left_out_words, reach_words
from atlas.graph.wording import listed
from atlas.maps import geometry, style, text
from atlas.maps.layers import LAYERS, Layer
from atlas.maps.legend import keys, legend
from atlas.maps.values import values
from atlas.vocabulary import Verdict, label

if TYPE_CHECKING:
    from atlas.snapshot import Atlas

SCRIPTS: Final = (
    "js/atlas-topology.js",
    "js/atlas-shapes.js",
    "vendor/leaflet/leaflet.js",
    "js/atlas-canvas.js",
    "js/atlas-map.js",
    "js/atlas-layers.js",
    "js/atlas-panels.js",
    "js/atlas-hash.js",
    "js/atlas-address.js",
)
"""Scripts of the map, in the order in which they must run."""

STYLES: Final = ("vendor/leaflet/leaflet.css", "css/atlas-map.css")
"""Style sheets of the map."""

STATIC: Final = Path(__file__).resolve().parents[2] / "web" / "static"
"""Our script and style sheets: beside this package in a checkout as in an installation."""

WORDS: Final = "Map of need and anchors in London"
"""What a map of all London shows."""

_ADDRESSES: Final = re.compile(r"url\((?!data:)[^)]*\)|//# sourceMappingURL=\S*")
"""What Leaflet's files name besides themselves: pictures that this map does not use, and maps of their source."""

PAGES: Final = {
    "gap_area": "/gaps/{id}",
    "institution": "/institutions/{id}",
    "network": "/networks/{id}",
    "programme": "/programmes/{id}",
    "borough": "/boroughs/{id}",
}


@dataclass(frozen=True)
class Urls:
    """Where the map's page finds things.

    Parameters
    ----------
    geometry, values : str
        Addresses of the shapes and of the values; or ``#id`` of an element of the page that holds the JSON.
    asset : callable
        Address of a static file, given its path.
    pages : mapping of str to str
        Address of the page of a gap_area, institution, network, programme or borough, with ``{id}`` where its id
        (a node's without its kind) stands; nothing is linked whose page is not here.
    scripts, styles : tuple of str
        Paths of the static files to run and to style with, in this order; a server that joins `SCRIPTS` or `STYLES`
        into one file names that one.
    """

    geometry: str
    values: str
    asset: Callable[[str], str] = "/static/{}".format
    pages: Mapping[str, str] = field(default_factory=lambda: dict(PAGES))
    scripts: tuple[str, ...] = SCRIPTS
    styles: tuple[str, ...] = STYLES


@dataclass(frozen=True, slots=True)
class Fragments:
    """A map in three pieces, for a page that is made elsewhere.

    Parameters
    ----------
    header : str
        HTML for the head: links to files and data, no inline block.
    html : str
        HTML for the place where the map stands: no style attributes, no event handlers.
    script : str
        JavaScript for one inline ``<script>``, anywhere in the page; carries no names from the data.
    """

    header: str
    html: str
    script: str


class AtlasMap(folium.Map):
    """A map without tiles that loads its shapes and values by itself.

    Folium's own map loads nine files from other hosts; this one loads `SCRIPTS` and `STYLES`.

    Parameters
    ----------
    atlas : Atlas
        What is shown.
    urls : Urls
        Where the page finds things.
    focus : str, optional
        Id of a gap area, GSS code of a borough, or id of a network, programme or institution to start from; the
        whole of London if not given, or not there.
    name : str
        Name of the element and of the variable.
    small : bool
        Whether it has no room for an open legend.

    Examples
    --------
    Any of Folium's own elements can be added: ``folium.Marker([51.5, -0.1]).add_to(build_map(atlas, urls))``.
    """

    _template = Template(
        """
        {%- macro header(this, kwargs) -%}{{ this.links() }}{%- endmacro -%}
        {%- macro html(this, kwargs) -%}{{ this.frame() }}{%- endmacro -%}
        {%- macro script(this, kwargs) -%}
        const {{ this.get_name() }} = atlas.map("{{ this.get_name() }}", {{ this.json }});
        {%- endmacro -%}
        """
    )

    words: str = WORDS
    """What the map shows, for whoever does not see it."""

    first_colouring: str = next(iter(style.COLOURINGS))
    """What areas are coloured by at the start."""

    def __init__(
        self, atlas: Atlas, urls: Urls, *, focus: str | None = None, name: str = "atlas_map", small: bool = False
    ) -> None:
        self._fixed_name = name
        super().__init__(location=None, tiles=None)
        # Lists of its own: Folium adds a map's links to those of its class, and so to every other map.
        self.default_js, self.default_css = [], []
        self.urls = urls
        self.words = focus_words(atlas, focus)
        self.settings: dict[str, Any] = {
            "geometry": urls.geometry,
            "values": urls.values,
            "bounds": geometry.bounds(atlas.inputs.areaset),
            "focus": focus,
            "pages": dict(urls.pages),
            "verdicts": [label(verdict) for verdict in sorted(Verdict, key=style.VERDICT_DIGITS.__getitem__)],
        }
        self.legend, self.keys = legend(atlas, is_open=not small), keys(atlas)
        for layer in self.layers():
            self.add_child(layer)

    def layers(self) -> tuple[Layer, ...]:
        """What lies on the map, the lowest first."""
        return tuple(layer() for layer in LAYERS)

    def get_name(self) -> str:
        """The name given, where the library draws one by lot."""
        return self._fixed_name

    @property
    def json(self) -> str:
        """The settings, to stand in a script."""
        return text.as_json(self.settings)

    def links(self) -> str:
        """Links for the head: data first, since they are the last to arrive."""
        data = [url for url in (self.urls.geometry, self.urls.values) if not url.startswith("#")]
        asset = self.urls.asset
        return "\n".join(
            [
                *(f'<link rel="preload" as="fetch" href="{text.as_html(url)}" crossorigin>' for url in data),
                *(f'<link rel="stylesheet" href="{text.as_html(asset(path))}">' for path in self.urls.styles),
                *(f'<script defer src="{text.as_html(asset(path))}"></script>' for path in self.urls.scripts),
            ]
        )

    def frame(self) -> str:
        """The element of the map, its legend, and words until it is drawn."""
        name = self.get_name()
        return (
            f'<div class="atlas-frame" data-colours="{self.first_colouring}">\n<div class="atlas-stage">\n'
            f'<div class="atlas-map" id="{name}" role="region" aria-label="{text.as_html(self.words)}"></div>\n'
            f'<p class="atlas-message" id="{name}_message" role="status">Drawing the map…</p>\n'
            f"{self.legend}\n</div>\n{self.keys}\n</div>"
        )


def focus_words(atlas: Atlas, focus: str | None) -> str:
    """What a map shows that starts from something: a gap area, borough, board, network, programme or institution."""
    inputs = atlas.inputs
    names = inputs.areaset.borough_names() | {area.id: area.name for area in atlas.gap_areas}
    names |= {str(code): str(name) for code, name in inputs.areaset.icbs["name"].items()}
    name = names.get(focus or "") or inputs.graph.nodes.get(focus or "", {}).get("name")
    return f"Map of {name}: need and anchors" if name else WORDS


def build_map(
    atlas: Atlas, urls: Urls, *, focus: str | None = None, name: str = "atlas_map", small: bool = False
) -> AtlasMap:
    """Make the map of a page.

    Parameters
    ----------
    atlas, urls, focus, name, small
        As `AtlasMap` has them.
    """
    return AtlasMap(atlas, urls, focus=focus, name=name, small=small)


def fragments(map_: AtlasMap) -> Fragments:
    """The pieces of a map, with whatever was added to it.

    Parameters
    ----------
    map_ : AtlasMap
        Made by `build_map`.

    Returns
    -------
    Fragments
        The same text for the same map.
    """
    figure = map_.get_root()
    assert isinstance(figure, Figure)  # noqa: S101 -- Folium puts every map in one
    map_.render()  # type: ignore[no-untyped-call]
    header, html, script = (
        "\n".join(child.render().strip() for name, child in part._children.items() if name != "meta_http")  # noqa: SLF001
        for part in (figure.header, figure.html, figure.script)
    )
    # Deferred scripts have run by then, wherever in the page this one stands.
    return Fragments(header, html, f'addEventListener("DOMContentLoaded", () => {{\n{script}\n}});')


def standalone(atlas: Atlas, static: Path = STATIC) -> str:
    """The map with its list of gap areas as one HTML page that holds everything it needs.

    Parameters
    ----------
    atlas : Atlas
        What is shown.
    static : Path
        Folder of the script and the style sheets.

    Returns
    -------
    str
        The same page for the same atlas. Its policy forbids every request.

    Raises
    ------
    UnavailableError
        If Leaflet has not been vendored.
    """
    pieces = fragments(build_map(atlas, Urls("#geometry", "#values", pages={})))
    templates = Environment(loader=PackageLoader("atlas.maps"), autoescape=True, trim_blocks=True, lstrip_blocks=True)
    templates.filters |= {"distance": distance_words, "reach": reach_words, "verdict": label}
    summary, names = atlas.summary, atlas.inputs.areaset.borough_names()
    return templates.get_template("standalone.html").render(
        atlas=atlas,
        headline=headline(summary.areas, summary.people, atlas.parameters),
        sure=sure(atlas),
        map=pieces.html,
        script=text.as_block(pieces.script, "script"),
        scripts=[_read(static, path, "script") for path in SCRIPTS],
        styles=[_read(static, path, "style") for path in STYLES],
        data={
            "geometry": text.as_json(json.loads(geometry.topology(atlas.inputs.areaset))),
            "values": text.as_json(values(atlas)),
        },
        unsurveyed={label(sector): boroughs_words(codes, names) for sector, codes in atlas.unsurveyed().items()},
        sectors=listed([label(sector).lower() for sector in atlas.parameters.sectors]),
        need=_need(atlas),
    )


def sure(atlas: Atlas) -> str:
    """How sure that is."""
    summary = atlas.summary
    known = f"{summary.robust:,} robust, {summary.fragile:,} fragile. {left_out_words(atlas.people_left_out())}".strip()
    if not summary.unknown:
        return known
    more = f"{summary.unknown:,} more ({summary.unknown_people:,} people)"
    return f"{known} {more} cannot be judged: not all anchors there are surveyed."


def _need(atlas: Atlas) -> str:
    if atlas.inputs.deprivation.is_estimate:
        return "Atlas's own estimate, not the official index"
    return f"{label(atlas.inputs.release)}, {label(atlas.parameters.need_domain).lower()}"


def _read(static: Path, path: str, tag: str) -> str:
    try:
        code = (static / path).read_text(encoding="utf-8")
    except FileNotFoundError:
        way_out = "run `npm ci --ignore-scripts && npm run vendor`"
        raise UnavailableError(f"{static / path} is not here: {way_out}") from None
    return text.as_block(_ADDRESSES.sub("none" if tag == "style" else "", code), tag)
