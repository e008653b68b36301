"""A wrong environment is an error at start that names the variable."""

from __future__ import annotations

import pytest

from reelstep.platform.errors import InvalidSettings
from reelstep.platform.settings import Limits, Settings

GOOD = {
    "REELSTEP_STAGE": "local",
    "REELSTEP_TABLE": "t",
    "REELSTEP_ARTIFACTS_BUCKET": "a",
    "REELSTEP_MEDIA_BUCKET": "m",
}


def test_what_is_needed_is_enough() -> None:
    settings = Settings.from_env(GOOD)
    assert settings.table == "t"
    assert settings.limits == Limits()


def test_json_variables_are_read() -> None:
    settings = Settings.from_env(
        GOOD
        | {
            "REELSTEP_PROVIDERS": '{"script": "offline"}',
            "REELSTEP_LIMITS": '{"attempts": 3}',
        }
    )
    assert settings.providers == {"script": "offline"}
    assert settings.limits.attempts == 3


@pytest.mark.parametrize("missing", list(GOOD))
def test_a_missing_variable_is_named(missing: str) -> None:
    with pytest.raises(InvalidSettings, match=missing):
        Settings.from_env({name: value for name, value in GOOD.items() if name != missing})


@pytest.mark.parametrize(
    ("name", "value", "named"),
    [
        ("REELSTEP_LIMITS", '{"attempts": 0}', "REELSTEP_LIMITS attempts"),
        ("REELSTEP_LIMITS", '{"atempts": 1}', "REELSTEP_LIMITS atempts"),
        ("REELSTEP_LIMITS", "{", "REELSTEP_LIMITS"),
        ("REELSTEP_PROVIDERS", '{"script": 3}', "REELSTEP_PROVIDERS script"),
        ("REELSTEP_PROVIDERS", "[]", "REELSTEP_PROVIDERS"),
    ],
)
def test_a_wrong_variable_is_named(name: str, value: str, named: str) -> None:
    with pytest.raises(InvalidSettings, match=named):
        Settings.from_env(GOOD | {name: value})
