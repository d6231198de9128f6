"""A bounded store of finished work: each piece is done once, however many ask for it at the same moment."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Hashable
from concurrent.futures import Future
from threading import Lock
from typing import Generic, TypeVar

Value = TypeVar("Value")


class Memo(Generic[Value]):
    """Keeps the most recently asked-for values; who asks while one is being made waits for it.

    Parameters
    ----------
    capacity : int
        How much is kept, in the unit of `weigh`.
    weigh : callable, optional
        What one value takes; 1 unless given.

    Examples
    --------
    >>> memo = Memo(capacity=2)
    >>> memo.get("a", lambda: 1), memo.get("a", lambda: 2)
    (1, 1)
    """

    def __init__(self, capacity: int, weigh: Callable[[Value], int] = lambda _: 1) -> None:
        self._capacity = capacity
        self._weigh = weigh
        self._lock = Lock()
        self._kept: OrderedDict[Hashable, Future[Value]] = OrderedDict()
        self._weight = 0

    def get(self, key: Hashable, make: Callable[[], Value]) -> Value:
        """Return what is kept under a key, making it where nothing is; a failure is raised and not kept."""
        with self._lock:
            future = self._kept.get(key)
            mine = future is None
            if future is None:
                future = self._kept[key] = Future()
            self._kept.move_to_end(key)
        if mine:
            self._fill(key, future, make)
        return future.result()

    def _fill(self, key: Hashable, future: Future[Value], make: Callable[[], Value]) -> None:
        try:
            value = make()
        except BaseException as error:  # those who wait must hear of it, whatever it is
            with self._lock:
                del self._kept[key]
            future.set_exception(error)
            raise
        future.set_result(value)
        with self._lock:
            self._weight += self._weigh(value)
            self._forget()

    def _forget(self) -> None:
        for key in [key for key, future in self._kept.items() if future.done()][:-1]:
            if self._weight <= self._capacity:
                return
            self._weight -= self._weigh(self._kept.pop(key).result())
