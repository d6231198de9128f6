"""What is read at start, and every atlas derived from it: a first look at once, the whole when it is ready."""

from __future__ import annotations

import copy
import logging
from collections import OrderedDict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from threading import Condition, Thread
from typing import TypeAlias

import pandas as pd

from atlas.comparison import ReleaseComparison, compare_atlases
from atlas.errors import QueryError, UnavailableError
from atlas.maps.geometry import geometry_id
from atlas.parameters import FIRST_LOOK, Parameters
from atlas.pipeline import Counted, analyse, changes_between
from atlas.snapshot import Atlas, Inputs
from atlas.vocabulary import NeedDomain, Release
from web.memo import Memo

logger = logging.getLogger(__name__)

KEPT = 32
"""Atlases kept besides the default; each holds about 2 MB of its own."""

COMPARISONS = 8
"""Comparisons kept; each holds about 5 MB."""

PAUSE_S = 0.3
"""Between a first look and the work that follows it."""

WAITING = 8
"""Choices that wait to be finished; whoever asks for more pushes out the oldest."""

Key: TypeAlias = tuple[Release, Parameters]
Finish: TypeAlias = Callable[[Inputs, Parameters, Counted], Iterator[Atlas]]


@dataclass(frozen=True, slots=True)
class Progress:
    """How far the work on some choices has come.

    Parameters
    ----------
    done, total : int
        Steps of the piece of work at hand; both 0 where it waits, or is over.
    is_over : bool
        Whether no more is to come.
    """

    done: int = 0
    total: int = 0
    is_over: bool = False


def changes_here(workspace: Path, here: Sequence[Inputs]) -> pd.DataFrame | None:
    """What became of each area from one census to the next; None where it is not needed, or has not been pulled."""
    other = next((one for one in here if one.areaset.vintage != here[0].areaset.vintage), None)
    try:
        return None if other is None else changes_between(here[0], other, workspace)
    except UnavailableError:
        return None


class _Closed(Exception):  # noqa: N818 -- nothing went wrong
    """The library was closed while it worked."""


@dataclass(slots=True)
class _Work:
    """The work in the background, shared by a library and those with other land."""

    worker: Thread | None = None
    is_closed: bool = False
    moves: int = 0


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
    finish : callable, optional
        Makes ever more complete ones in the background. With it, `derive` makes a first look only, of few draws;
        without it, all of them while the reader waits.
    changes : pandas.DataFrame, optional
        `lsoa11`, `lsoa21`, `change`: what the areas of 2011 became in 2021; None where it is not here.
    """

    def __init__(
        self,
        atlas: Atlas,
        others: Iterable[Inputs] = (),
        derive: Callable[[Inputs, Parameters], Atlas] = analyse,
        finish: Finish | None = None,
        changes: pd.DataFrame | None = None,
    ) -> None:
        self.default = atlas
        self._inputs = {inputs.release: inputs for inputs in (atlas.inputs, *others)}
        self._derive = derive
        self._finish = finish
        self.changes = changes
        self._comparisons: Memo[ReleaseComparison] = Memo(COMPARISONS)
        self._looks: Memo[Atlas] = Memo(KEPT)
        self._changed = Condition()
        self._better: OrderedDict[Key, Atlas] = OrderedDict()
        self._states: OrderedDict[Key, Progress] = OrderedDict()
        self._waiting: list[Key] = []
        self._work_at_hand = _Work()
        self._dressed: Memo[Atlas] = Memo(KEPT)

    def with_inputs(self, change: Callable[[Inputs], Inputs]) -> Library:
        """The same measures over other inputs, such as other land; work at hand goes on and serves both.

        Parameters
        ----------
        change : callable
            Makes inputs of the same release that measure the same: `Inputs.measured` stays as it is.
        """
        changed = {release: change(inputs) for release, inputs in self._inputs.items()}
        default = replace(self.default, inputs=changed[self.default.inputs.release])
        other = copy.copy(self)
        vars(other).update(_inputs=changed, default=default, _dressed=Memo(KEPT))
        return other

    def _dress(self, atlas: Atlas) -> Atlas:
        """The atlas over this library's own inputs, where it was measured over an earlier one's."""
        inputs = self._inputs[atlas.inputs.release]
        if atlas.inputs is inputs:
            return atlas
        key = (inputs.release, atlas.parameters, atlas.assurance is not None)
        return self._dressed.get(key, lambda: replace(atlas, inputs=inputs))

    def close(self) -> None:
        """Give up what is at hand and what waits; nothing runs in the background any more on return."""
        with self._changed:
            self._work_at_hand.is_closed = True
            self._waiting.clear()
            self._states = OrderedDict((key, Progress(is_over=True)) for key in self._states)
            self._changed.notify_all()
            worker = self._work_at_hand.worker
        if worker is not None:
            worker.join()

    @property
    def is_closed(self) -> bool:
        """Whether the work in the background was given up for good."""
        return self._work_at_hand.is_closed

    @property
    def moves(self) -> int:
        """Grows whenever some choices are answered by another atlas than before."""
        return self._work_at_hand.moves

    @property
    def finishes(self) -> bool:
        """Whether more complete atlases are made in the background."""
        return self._finish is not None

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

    @cached_property
    def _domains(self) -> dict[Release, tuple[NeedDomain, ...]]:
        return {release: inputs.deprivation.domains() for release, inputs in self._inputs.items()}

    def domains(self, release: Release) -> tuple[NeedDomain, ...]:
        """Return the domains of need that a release measures."""
        return self._domains[release]

    def in_minutes(self, release: Release) -> bool:
        """Whether a table of travel times of a release's areas is here."""
        return self.inputs(release).travel_times is not None

    def atlas(self, release: Release, parameters: Parameters) -> Atlas:
        """Return the best atlas of a release under given parameters that is here, and see to it that a better comes."""
        key = (release, parameters)
        with self._changed:
            if key in self._better:
                self._better.move_to_end(key)
                return self._dress(self._better[key])
        look = self._look(key)
        # Only now, or the rest would take the machine from the answer.
        self._want(key)
        return look

    def versions(self, release: Release, parameters: Parameters) -> Iterator[Atlas]:
        """Every atlas of these choices that a page may have been made of, the best first."""
        yield self.atlas(release, parameters)
        yield self._look((release, parameters))

    def sides(self, before: Release, after: Release, parameters: Parameters) -> tuple[Atlas, Atlas]:
        """Return the best atlases of two releases that rest on as many draws: first looks until both are whole."""
        earlier, later = (self.atlas(release, parameters) for release in (before, after))
        if earlier.parameters == later.parameters:
            return earlier, later
        return self._first_look((before, parameters)), self._first_look((after, parameters))

    def comparison(self, before: Atlas, after: Atlas) -> ReleaseComparison:
        """Return two atlases side by side.

        Raises
        ------
        QueryError
            As `compare_atlases` raises it.
        """
        changes = pd.DataFrame() if self.changes is None else self.changes
        key = (before.revision, after.revision)
        return self._comparisons.get(key, lambda: compare_atlases(before, after, changes))

    def _look(self, key: Key) -> Atlas:
        release, parameters = key
        if key == (self.default.inputs.release, self.default.parameters):
            return self.default
        if self._finish:
            return self._first_look(key)
        return self._dress(self._looks.get(key, lambda: self._derive(self.inputs(release), parameters)))

    def _first_look(self, key: Key) -> Atlas:
        release, parameters = key
        few = parameters.model_copy(update={"draws": min(FIRST_LOOK, parameters.draws)})
        return self._dress(self._looks.get((release, few), lambda: self._derive(self.inputs(release), few)))

    def progress(self, release: Release, parameters: Parameters) -> Progress:
        """How far the work on some choices has come; it begins if nobody has asked yet."""
        key = (release, parameters)
        self._want(key)
        with self._changed:
            return self._states.get(key, Progress(is_over=True))

    def whole(self, release: Release, parameters: Parameters, timeout_s: float) -> Atlas:
        """Return an atlas that rests on all draws, waiting for it; the first look if that takes too long or fails."""
        key = (release, parameters)
        found = self.atlas(release, parameters)
        if self.finishes and found.is_first_look:
            with self._changed:
                self._changed.wait_for(
                    lambda: key in self._better or self._states.get(key, Progress()).is_over, timeout_s
                )
            found = self.atlas(release, parameters)
        return found

    def wait(self, release: Release, parameters: Parameters, timeout_s: float) -> Atlas:
        """Return the atlas of some choices when no better is to come, or after a while."""
        with self._changed:
            self._want((release, parameters))
            self._changed.wait_for(lambda: self.progress(release, parameters).is_over, timeout_s)
        return self.atlas(release, parameters)

    def _want(self, key: Key) -> None:
        with self._changed:
            if self._finish is None or self._work_at_hand.is_closed or key in self._states:
                return
            self._states[key] = Progress()
            self._waiting.append(key)
            over = [other for other, state in self._states.items() if state.is_over and other not in self._better]
            for forgotten in over[:-KEPT]:
                del self._states[forgotten]
            for forgotten in self._waiting[:-WAITING]:
                self._waiting.remove(forgotten)
                del self._states[forgotten]
            if self._work_at_hand.worker is None:
                self._work_at_hand.worker = Thread(target=self._work, daemon=True)
                self._work_at_hand.worker.start()

    def _work(self) -> None:
        while True:
            with self._changed:
                # Page and map are asked for one after the other: both are out before the rest begins.
                if self._waiting:
                    self._changed.wait(PAUSE_S)
                if not self._waiting:
                    self._work_at_hand.worker = None
                    return
                # Who asked last is looking now.
                key = self._waiting.pop()
            try:
                self._improve(key)
            except _Closed:
                pass
            except Exception:
                logger.exception("the work on %s could not be finished", key)
            self._say(key, Progress(is_over=True))

    def _improve(self, key: Key) -> None:
        assert self._finish is not None  # noqa: S101 -- or nobody would have been put in line
        release, parameters = key

        def say(done: int, total: int) -> None:
            if self._work_at_hand.is_closed:
                raise _Closed
            self._say(key, Progress(done, total))

        for atlas in self._finish(self.inputs(release), parameters, say):
            with self._changed:
                self._better[key] = atlas
                self._work_at_hand.moves += 1
                self._changed.notify_all()
                while len(self._better) > KEPT:
                    self._states.pop(self._better.popitem(last=False)[0], None)

    def _say(self, key: Key, progress: Progress) -> None:
        with self._changed:
            self._states[key] = progress
            self._changed.notify_all()
