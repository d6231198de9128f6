"""The swap: when the store's revision moves, a new whole is built in the background and takes the old one's place."""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from threading import Condition, Event, Lock, Thread
from typing import TYPE_CHECKING, Final, Protocol, cast

from flask import Flask

from atlas.estate import load_estate
from atlas.geo.estate.model import Viewer
from atlas.pipeline import with_estate
from web.visit import EXTENSION, House

if TYPE_CHECKING:
    from atlas.geo.estate.model import Estate
    from atlas.settings import Settings
    from atlas.snapshot import Inputs
    from atlas.store import Store

logger = logging.getLogger(__name__)

REFRESHER: Final = "atlas-refresher"

POLL_S: Final = 1.0
"""Between two looks at the store's revision."""

RETRY_S: Final = 30.0
"""After a look that failed."""

_FOUND_BEFORE: Final = ("domain_scores", "reaches", "place_index")
"""What inputs work out when first asked for it; a new whole has ready what the old one had."""


class Source(Protocol):
    """Where land comes from, and how one tells that it has changed."""

    def revision(self) -> str:
        """What moves with every change."""

    def load(self) -> Estate:
        """What everybody may see."""

    def close(self) -> None:
        """Give it up."""


@dataclass(frozen=True, slots=True)
class PublicLand:
    """What everybody may see of a store.

    Parameters
    ----------
    settings : Settings
        Where things are kept.
    store : Store
        What users added.
    """

    settings: Settings
    store: Store

    def revision(self) -> str:
        """What moves with every change of the store."""
        return self.store.revision()

    def load(self) -> Estate:
        """What everybody may see of it."""
        return load_estate(self.settings, Viewer.public(), self.store)

    def close(self) -> None:
        """Close the store."""
        self.store.close()


@dataclass(eq=False)
class Refresher:
    """Keeps what one application serves in step with the store.

    Parameters
    ----------
    app : Flask
        Whose whole is swapped.
    source : Source
        Where land comes from.
    build : callable
        Hash of the code and of a library, part of every tag.
    prepare : callable, optional
        Makes what no reader should wait for, before the swap.
    poll_s : float
        Seconds between two looks at the revision.
    """

    app: Flask
    source: Source
    build: Callable[[House], str]
    prepare: Callable[[House], None] | None = None
    poll_s: float = POLL_S
    _building: Lock = field(default_factory=Lock)
    _turn: Condition = field(default_factory=Condition)
    _wake: Event = field(default_factory=Event)
    _asked: int = 0
    _done: int = 0
    _is_stopped: bool = False
    _thread: Thread | None = None

    @property
    def revision(self) -> str:
        """Revision of the store that is served."""
        return self._house().library.default.inputs.estate.revision

    def _house(self) -> House:
        return cast("House", self.app.extensions[EXTENSION])

    def start(self) -> None:
        """Look at the revision again and again, in the background."""
        self._thread = Thread(target=self._run, name="atlas-refresh", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """Stop looking; nothing runs in the background any more on return."""
        self._is_stopped = True
        self._wake.set()
        if self._thread is not None:
            self._thread.join()
            self._thread = None

    def now(self, timeout_s: float) -> bool:
        """Have what was just changed built and served; tell whether that is over, or takes longer than this."""
        if self._thread is None:
            self.refresh()
            return True
        with self._turn:
            self._asked += 1
            wanted = self._asked
            self._wake.set()
            return self._turn.wait_for(lambda: self._done >= wanted, timeout_s)

    def refresh(self) -> bool:
        """Build and swap, if the revision has moved; tell whether it had.

        Requests at work keep the whole that they began with. What was measured is taken over: land moves no gap.
        """
        with self._building:
            if self.source.revision() == self.revision:
                return False
            estate = self.source.load()
            old = self._house()
            library = old.library.with_inputs(lambda inputs: _ready(with_estate(inputs, estate), inputs))
            new = replace(old, library=library, before=replace(old, before=None))
            new = replace(new, build=self.build(new))
            if self.prepare is not None:
                self.prepare(new)
            self.app.extensions[EXTENSION] = new
            return True

    def _run(self) -> None:
        pause_s = self.poll_s
        while not self._is_stopped:
            self._wake.wait(pause_s)
            self._wake.clear()
            if self._is_stopped:
                return
            with self._turn:
                asked = self._asked
            pause_s = self._try()
            with self._turn:
                self._done = asked
                self._turn.notify_all()

    def _try(self) -> float:
        try:
            self.refresh()
        except Exception:
            logger.exception("what the store holds now could not be built; what was served before stays")
            return RETRY_S
        return self.poll_s


def _ready(new: Inputs, old: Inputs) -> Inputs:
    for name in _FOUND_BEFORE:
        if name in old.__dict__:
            getattr(new, name)
    return new
