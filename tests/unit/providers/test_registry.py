import subprocess
import sys

import pytest

from reelstep.platform.errors import InvalidSettings
from reelstep.providers.registry import DEFAULTS, PROVIDERS, Registry


def test_every_capability_has_its_offline_provider() -> None:
    registry = Registry.from_config(DEFAULTS)
    for capability in PROVIDERS:
        provider = getattr(registry, capability)
        assert provider.name == "offline"
        assert provider.version
        assert getattr(registry, capability) is provider


@pytest.mark.parametrize(
    ("config", "key"),
    [({"voice": "elevenlabs"}, "providers.voice"), ({"smell": "offline"}, "providers.smell")],
)
def test_unknown_names_are_refused_at_once_by_key(config: dict[str, str], key: str) -> None:
    with pytest.raises(InvalidSettings) as caught:
        Registry.from_config(config)
    assert caught.value.field == key
    assert key in caught.value.message


def test_a_capability_that_is_not_configured_is_named_when_used() -> None:
    registry = Registry.from_config({"script": "offline"})
    with pytest.raises(InvalidSettings, match=r"providers\.music"):
        _ = registry.music


def test_nothing_heavy_is_imported_before_it_is_used() -> None:
    code = (
        "import sys; from reelstep.providers.registry import Registry, DEFAULTS;"
        "Registry.from_config(DEFAULTS);"
        "print(sorted({'numpy', 'cv2', 'PIL', 'py3langid', 'espeakng_loader'} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
