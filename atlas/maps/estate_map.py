"""The map of every partner's land and property."""

from __future__ import annotations

from typing import TYPE_CHECKING

import folium

from atlas.maps import geometry, style
from atlas.maps.layers import Layer, PlaceNames
from atlas.maps.page import AtlasMap, Urls

if TYPE_CHECKING:
    from atlas.snapshot import Atlas


class EstateGround(Layer):
    """Boroughs, gap areas in outline, and anchor sites as small squares, under the assets."""

    function = "estateGround"

    def __init__(self) -> None:
        super().__init__(colour=style.BAND)


class EstateAssets(Layer):
    """Assets of a choice: clusters when far, marks and outlines when near."""

    function = "estateAssets"


class EstateDrawing(Layer):
    """An area drawn by the reader."""

    function = "estateDrawing"


class EstateMap(AtlasMap):
    """A map of assets; areas have no colours of need on it.

    Parameters
    ----------
    atlas : Atlas
        What is shown.
    urls : Urls
        Where the page finds things.
    state : str
        ``#id`` of the element of the page that holds the JSON that the layer of assets follows.
    draws : bool
        Whether areas can be drawn on it.
    """

    words = "Map of land and property"

    def __init__(
        self,
        atlas: Atlas,
        urls: Urls,
        state: str = "#estate-state",
        *,
        draws: bool = True,
    ) -> None:
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
        layers = [EstateGround(), PlaceNames(), EstateAssets(state=state)]
        for layer in [*layers, EstateDrawing()] if draws else layers:
            self.add_child(layer)
