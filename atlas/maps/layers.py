"""The layers of the map: each writes one call of our script, its settings as JSON."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar, Final

from branca.element import MacroElement
from folium.template import Template

from atlas.maps import style, text
from atlas.vocabulary import Sector, Verdict, label

BOARDS: Final = (("icb26", "Four, since April 2026"), ("icb22", "Five, 2022 to March 2026"))


class Layer(MacroElement):
    """A layer of an `AtlasMap`: calls a function of `atlas-layers.js` or `atlas-panels.js` with the map and settings.

    Parameters
    ----------
    **settings
        JSON values.
    """

    function: ClassVar[str]

    _template = Template(
        """
        {%- macro script(this, kwargs) -%}
        atlas.{{ this.function }}({{ this._parent.get_name() }}, {{ this.json }});
        {%- endmacro -%}
        """
    )

    def __init__(self, **settings: Any) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self._name = type(self).__name__
        self.settings = settings

    def get_name(self) -> str:
        """The same name in every run, where the library draws one by lot."""
        return f"{self._parent.get_name()}_{self._name}" if self._parent else self._name

    @property
    def json(self) -> str:
        """The settings, to stand in a script."""
        return text.as_json(self.settings)


class AreaColours(Layer):
    """Areas by need and anchors, by how sure a gap is, or by verdict; hatched where anchors have not been surveyed.

    Parameters
    ----------
    first : mapping of str to (str, tuple of str), optional
        Words and palette of what they are coloured by before these.
    """

    function = "areaColours"

    def __init__(self, first: Mapping[str, tuple[str, tuple[str, ...]]] | None = None) -> None:
        verdicts = sorted(style.VERDICTS, key=style.VERDICT_DIGITS.__getitem__)
        palettes = {
            "need": list(style.PALETTE),
            "sure": list(style.SURE),
            "verdict": [style.VERDICTS[verdict] for verdict in verdicts],
        }
        super().__init__(
            title="Areas coloured by",
            colourings=[
                *({"id": name, "words": words, "palette": list(own)} for name, (words, own) in (first or {}).items()),
                *({"id": name, "words": words, "palette": palettes[name]} for name, words in style.COLOURINGS.items()),
            ],
            unknown={"digit": style.VERDICT_DIGITS[Verdict.UNKNOWN], "colour": style.HATCH},
        )


class Boundaries(Layer):
    """Boroughs, and integrated care boards as they stand and as they stood in 2022."""

    function = "boundaries"

    def __init__(self) -> None:
        super().__init__(colour=style.BAND, boards=[{"column": column, "words": words} for column, words in BOARDS])


class Footprints(Layer):
    """Where one network or programme works."""

    function = "footprints"

    def __init__(self) -> None:
        super().__init__(colour=style.BAND)


class GapAreas(Layer):
    """Outlines and numbers of gap areas.

    Parameters
    ----------
    shown_at_once : int
        Most numbers on the map at one time; nearer in there is room for more of them.
    """

    function = "gapAreas"

    def __init__(self, shown_at_once: int = 12) -> None:
        super().__init__(robust=style.VERDICT_DIGITS[Verdict.ROBUST], shownAtOnce=shown_at_once)


class AnchorSites(Layer):
    """Sites of anchors, a shape for each sector."""

    function = "anchorSites"

    def __init__(self) -> None:
        super().__init__(marks={sector: {"label": label(sector), "path": style.MARKS[sector]} for sector in Sector})


class PlaceNames(Layer):
    """Names of boroughs, and of the places in them where the map is near."""

    function = "placeNames"


class Answers(Layer):
    """Words under the pointer, and a panel at a click."""

    function = "answers"


class LayerControl(Layer):
    """Layers on and off."""

    function = "layerControl"


class Address(Layer):
    """What the reader sees of the map, in the address of the page."""

    function = "address"


LAYERS: Final = (
    AreaColours, Boundaries, Footprints, GapAreas, AnchorSites, PlaceNames, Answers, LayerControl, Address,
)  # fmt: skip
"""Every layer, the lowest first."""
