"""Which provider does what: chosen by the deploy config, per capability, never guessed.

`Registry.from_config` checks every capability and name at once, so that a wrong deploy fails at its
first call with the key that is wrong. A provider's module is imported when it is first asked for:
a function pays only for the capability it uses.
"""

from __future__ import annotations

from collections.abc import Mapping
from importlib import import_module
from types import MappingProxyType
from typing import Any, cast

from reelstep.platform.errors import InvalidSettings
from reelstep.providers.base import (
    CompanionArtist,
    Moderator,
    MusicProvider,
    PictureProvider,
    ScriptWriter,
    VoiceProvider,
)

_OFFLINE = "reelstep.providers.offline"

PROVIDERS: Mapping[str, Mapping[str, tuple[str, str]]] = MappingProxyType(
    {
        "script": {"offline": (f"{_OFFLINE}.template_writer", "TemplateWriter")},
        "picture": {"offline": (f"{_OFFLINE}.illustrator", "OfflineIllustrator")},
        "companion": {"offline": (f"{_OFFLINE}.illustrator", "OfflineCompanionArtist")},
        "voice": {"offline": (f"{_OFFLINE}.espeak_voice", "EspeakVoice")},
        "music": {"offline": (f"{_OFFLINE}.synth_music", "SynthMusic")},
        "moderation": {"offline": (f"{_OFFLINE}.word_lists", "WordLists")},
    }
)
"""Capability → the name that a config uses → (module, class). A new provider is one line here."""

DEFAULTS: Mapping[str, str] = MappingProxyType(dict.fromkeys(PROVIDERS, "offline"))
"""What local mode deploys with."""


class Registry:
    """The providers of one deploy config, each made once, when it is first needed."""

    def __init__(self, chosen: Mapping[str, tuple[str, str]]) -> None:
        self._chosen = dict(chosen)
        self._made: dict[str, object] = {}

    @classmethod
    def from_config(cls, config: Mapping[str, str]) -> Registry:
        """`config` maps capabilities to provider names: {"script": "offline", …}.

        A capability may be absent: a function that never uses it need not configure it. Raises
        InvalidSettings naming the key when a capability or a name is unknown.
        """
        chosen: dict[str, tuple[str, str]] = {}
        for capability, name in config.items():
            known = PROVIDERS.get(capability)
            if known is None:
                raise InvalidSettings(
                    f"providers.{capability}: no such capability; there are {_listed(PROVIDERS)}",
                    field=f"providers.{capability}",
                )
            if name not in known:
                raise InvalidSettings(
                    f"providers.{capability}: no provider {name!r}; there are {_listed(known)}",
                    field=f"providers.{capability}",
                )
            chosen[capability] = known[name]
        return cls(chosen)

    @property
    def script(self) -> ScriptWriter:
        return cast(ScriptWriter, self._get("script"))

    @property
    def picture(self) -> PictureProvider:
        return cast(PictureProvider, self._get("picture"))

    @property
    def companion(self) -> CompanionArtist:
        return cast(CompanionArtist, self._get("companion"))

    @property
    def voice(self) -> VoiceProvider:
        return cast(VoiceProvider, self._get("voice"))

    @property
    def music(self) -> MusicProvider:
        return cast(MusicProvider, self._get("music"))

    @property
    def moderation(self) -> Moderator:
        return cast(Moderator, self._get("moderation"))

    def _get(self, capability: str) -> object:
        if capability not in self._made:
            if capability not in self._chosen:
                raise InvalidSettings(
                    f"providers.{capability}: not configured; name one of "
                    f"{_listed(PROVIDERS[capability])}",
                    field=f"providers.{capability}",
                )
            module, name = self._chosen[capability]
            made: Any = getattr(import_module(module), name)
            self._made[capability] = made()
        return self._made[capability]


def _listed(names: Mapping[str, object]) -> str:
    return ", ".join(sorted(names))
