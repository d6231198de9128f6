"""What is read at start, and every atlas derived from it."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import cached_property

from atlas.errors import QueryError
from atlas.maps.geometry import geometry_id
from atlas.parameters import Parameters
from atlas.pipeline import analyse
from atlas.snapshot import Atlas, Inputs
from atlas.vocabulary import NeedDomain, Release
from web.memo import Memo

KEPT = 32
"""Atlases kept besides the default; each holds about 2 MB of its own."""


class Library:
    """Holds the inputs of every release that is here and derives atlases from them, each once.

    Parameters
    ----------
    atlas : Atlas
        The default: its release and parameters are those of an address that names none.
    others : iterable of Inputs
        Further releases.
    derive : callable, optional
        Makes an atlas of inputs and parameters.
    """

    def __init__(
        self,
        atlas: Atlas,
        others: Iterable[Inputs] = (),
        derive: Callable[[Inputs, Parameters], Atlas] = analyse,
    ) -> None:
        self.default = atlas
        self._inputs = {inputs.release: inputs for inputs in (atlas.inputs, *others)}
        self._derive = derive
        self._atlases: Memo[Atlas] = Memo(KEPT)

    @property
    def releases(self) -> tuple[Release, ...]:
        """Releases that are here, the default first."""
        return tuple(self._inputs)

    def inputs(self, release: Release) -> Inputs:
        """Return what was read for a release.

        Raises
        ------
        QueryError
            If it is not here.
        """
        try:
            return self._inputs[release]
        except KeyError:
            raise QueryError(f"release {release} is not here (here now: {', '.join(self._inputs)})") from None

    @cached_property
    def geometries(self) -> dict[Release, str]:
        """Id of the shapes of each release."""
        return {release: geometry_id(inputs.areaset) for release, inputs in self._inputs.items()}

    def domains(self, release: Release) -> tuple[NeedDomain, ...]:
        """Return the domains of need that a release measures."""
        return self.inputs(release).deprivation.domains()

    def atlas(self, release: Release, parameters: Parameters) -> Atlas:
        """Return the atlas of a release under given parameters, deriving it if nobody has asked yet."""
        if (release, parameters) == (self.default.inputs.release, self.default.parameters):
            return self.default
        return self._atlases.get((release, parameters), lambda: self._derive(self.inputs(release), parameters))
