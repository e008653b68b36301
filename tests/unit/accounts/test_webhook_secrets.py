"""The secret of a user's callbacks: made once, replaced with an overlap, shown nowhere."""

from __future__ import annotations

import dataclasses
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from reelstep.accounts.webhook_secrets import WebhookSecret, WebhookSecrets
from reelstep.platform.errors import Conflict


@pytest.fixture
def secrets(cloud: Any) -> WebhookSecrets:
    return WebhookSecrets(cloud.jobs.client, cloud.jobs.table)


def test_it_is_made_once_for_each_user(secrets: WebhookSecrets) -> None:
    with ThreadPoolExecutor(4) as pool:
        found = set(pool.map(lambda _: secrets.get("user-1").current, range(8)))
    assert len(found) == 1
    assert len(found.pop()) > 40
    assert secrets.get("user-1").current != secrets.get("user-2").current


def test_the_one_before_signs_for_a_day(secrets: WebhookSecrets) -> None:
    old = secrets.get("user-1").current
    new = secrets.rotate("user-1")
    assert new == secrets.get("user-1")
    assert new.current != old
    assert new.until() is not None
    assert new.holding(new.created_at) == [new.current, old]
    assert new.holding("9999-01-01T00:00:00.000Z") == [new.current]
    third = secrets.rotate("user-1")
    assert third.holding(third.created_at) == [third.current, new.current]


def test_rotating_before_looking_is_a_first_secret(secrets: WebhookSecrets) -> None:
    made = secrets.rotate("user-1")
    assert made.previous is None
    assert made.until() is None


def test_of_two_that_rotate_at_once_one_is_told(secrets: WebhookSecrets) -> None:
    read = secrets.get("user-1")
    secrets.rotate("user-1")
    with pytest.raises(Conflict):
        secrets._replace("user-1", read)


def test_a_key_rotates_once(secrets: WebhookSecrets) -> None:
    """The answer was lost, and the request is sent again: the secret in use must not end."""
    old = secrets.get("user-1").current
    made = secrets.rotate("user-1", "wish-1")
    assert made.current != old
    assert secrets.rotate("user-1", "wish-1") == made
    assert made.holding(made.created_at) == [made.current, old]
    # Twins that read the same row: the later one is told what the first has made.
    assert secrets._replace("user-1", dataclasses.replace(made, current=old), made.made_for) == made
    with ThreadPoolExecutor(4) as pool:
        found = set(pool.map(lambda _: secrets.rotate("user-1", "wish-2").current, range(6)))
    assert len(found) == 1
    assert secrets.rotate("user-1", "wish-3").previous == found.pop()


def test_it_shows_in_no_log() -> None:
    assert "hidden" not in repr(WebhookSecret("hidden-1", "2026-01-01T00:00:00.000Z", "hidden-2"))
