"""A provider's call is waited for, unless its job is cancelled."""

from __future__ import annotations

import threading
import time

import pytest

from reelstep.pipelines.interruptible import until_stopped
from reelstep.platform.errors import ProviderUnavailable, StepCancelled


def never() -> bool:
    return False


def test_it_gives_what_the_call_gives() -> None:
    assert until_stopped(lambda: 42, never) == 42


def test_it_raises_what_the_call_raises() -> None:
    def fails() -> None:
        raise ProviderUnavailable("no answer")

    with pytest.raises(ProviderUnavailable, match="no answer"):
        until_stopped(fails, never)


def test_a_cancel_ends_the_wait_and_not_the_caller() -> None:
    release = threading.Event()
    began = time.monotonic()
    with pytest.raises(StepCancelled):
        until_stopped(lambda: release.wait(60), lambda: True)
    release.set()
    # Not a speed test: the call itself would take a minute.
    assert time.monotonic() - began < 30


def test_a_short_call_is_never_asked_whether_to_stop() -> None:
    def asked() -> bool:
        raise AssertionError("read the table for nothing")

    assert until_stopped(lambda: "quick", asked) == "quick"
