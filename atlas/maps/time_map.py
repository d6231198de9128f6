"""The map beside the drawing of the graph: where networks and programmes worked on a day, and their boards."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import folium

from atlas.maps import geometry, style
from atlas.maps.layers import Layer, PlaceNames
from atlas.maps.page import AtlasMap, Urls

if TYPE_CHECKING:
    from atlas.snapshot import Atlas

COVERED: Final = ("#f3f2f1", "#d6e2ee", "#a9c3dc", "#6f9bc4", "#37699c")
"""Colour of a borough by how many networks and programmes work in parts of London that it is among."""

COVERED_FROM: Final = (1, 3, 5, 7)
"""From how many on each colour but the first stands."""


class NetworksInTime(Layer):
    """Boroughs by how many networks and programmes work there on a day; the footprint and sites of the one chosen."""

    function = "networksInTime"

    def __init__(self) -> None:
        super().__init__(palette=list(COVERED), bounds=list(COVERED_FROM), colour=style.BAND)


class TimeMap(AtlasMap):
    """A map that follows the slider of the page's graph; areas have no colours of need on it.

    Parameters
    ----------
    atlas : Atlas
        What is shown.
    urls : Urls
        Where the page finds things.
    """

    words = "Map of how many networks and programmes reach each borough"

    def __init__(self, atlas: Atlas, urls: Urls) -> None:
        self._fixed_name = "atlas_map"
        # past AtlasMap, which adds the layers of need
        folium.Map.__init__(self, location=None, tiles=None)
        self.default_js, self.default_css = [], []
        self.urls = urls
        self.settings = {
            "geometry": urls.geometry,
            "values": urls.values,
            "bounds": geometry.bounds(atlas.inputs.areaset),
            "focus": None,
            "pages": dict(urls.pages),
            "verdicts": [],
        }
        self.legend = self.keys = ""
        for layer in (NetworksInTime(), PlaceNames()):
            self.add_child(layer)
