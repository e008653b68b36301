"""A call that may take long and cannot look around by itself, made so that a cancel ends it."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Generic, TypeVar

from reelstep.platform.errors import StepCancelled

T = TypeVar("T")

_LOOK_SECONDS = 1.0


class _Work(Generic[T]):
    """One call in a thread of its own."""

    def __init__(self, call: Callable[[], T]) -> None:
        self._call = call
        self.result: T
        self.error: BaseException | None = None
        # A daemon: what nobody waits for must not keep a process from ending.
        self.thread = threading.Thread(target=self._run, name="interruptible", daemon=True)

    def _run(self) -> None:
        try:
            self.result = self._call()
        except BaseException as error:
            self.error = error


def until_stopped(call: Callable[[], T], should_stop: Callable[[], bool]) -> T:
    """What `call` returns or raises; StepCancelled within about a second of `should_stop`.

    A call that is given up goes on in its thread until it returns, and its result is dropped: a
    provider that was asked already will charge, but nothing more is asked of it.
    """
    work = _Work(call)
    work.thread.start()
    while True:
        work.thread.join(_LOOK_SECONDS)
        if not work.thread.is_alive():
            break
        if should_stop():
            raise StepCancelled("This step was stopped")
    if work.error is not None:
        raise work.error
    return work.result
