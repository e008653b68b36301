"""A wrong environment is an error at start that names the variable."""

from __future__ import annotations

import pytest

from reelstep.platform.errors import InvalidSettings
from reelstep.platform.settings import Limits, Rate, Rates, Settings

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


def test_the_rates_are_the_contracts() -> None:
    rates = Limits().rates
    assert [(r.requests, r.seconds, r.burst) for r in rates.generation] == [(20, 1, 20)]
    assert [(r.requests, r.seconds) for r in rates.clips] == [(10, 60), (100, 3600), (500, 86400)]
    assert [(r.requests, r.seconds) for r in rates.media] == [(10, 1)]
    assert [(r.requests, r.seconds) for r in rates.uploads] == [(2, 1)]


def test_one_bucket_is_tuned_and_the_others_stay() -> None:
    limits = Limits.model_validate_json(
        '{"rates": {"generation": [{"requests": 5, "seconds": 1, "burst": 9}]}}'
    )
    assert limits.rates.generation == (Rate(requests=5, seconds=1, burst=9),)
    assert limits.rates.clips == Rates().clips
    assert Limits.model_validate(limits.model_dump(mode="json")) == limits


@pytest.mark.parametrize(
    ("rates", "named"),
    [
        ('{"generation": null}', "rates.generation"),
        ('{"generation": []}', "rates.generation"),
        ('{"generation": 20}', "rates.generation"),
        ('{"generaton": [{"requests": 1, "seconds": 1}]}', "rates.generaton"),
        ('{"clips": [{"requests": 0, "seconds": 1}]}', "rates.clips.0.requests"),
        ('{"clips": [{"requests": null, "seconds": 1}]}', "rates.clips.0.requests"),
        ('{"clips": [{"requests": "5", "seconds": 1}]}', "rates.clips.0.requests"),
        ('{"clips": [{"requests": true, "seconds": 1}]}', "rates.clips.0.requests"),
        ('{"clips": [{"requests": 2.0, "seconds": 1}]}', "rates.clips.0.requests"),
        ('{"clips": [{"requests": 1}]}', "rates.clips.0.seconds"),
        ('{"clips": [{"requests": 1, "seconds": 0}]}', "rates.clips.0.seconds"),
        ('{"clips": [{"requests": 1, "seconds": 1, "burst": null}]}', "rates.clips.0.burst"),
        ('{"clips": [{"requests": 1, "seconds": 1, "burst": 0}]}', "rates.clips.0.burst"),
        ('{"clips": [{"requests": 1, "seconds": 1, "per": 1}]}', "rates.clips.0.per"),
        (
            '{"media": [{"requests": 1, "seconds": 1}, {"requests": 2, "seconds": 1}]}',
            "rates.media.*two rates for the same number of seconds",
        ),
    ],
)
def test_no_rate_can_be_switched_off_or_misspelt(rates: str, named: str) -> None:
    with pytest.raises(InvalidSettings, match=named):
        Settings.from_env(GOOD | {"REELSTEP_LIMITS": f'{{"rates": {rates}}}'})
