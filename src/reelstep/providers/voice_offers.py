"""What each voice provider can speak, known without loading it.

The API refuses a language or a voice here, when the film is asked for and before anything is made.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

_ESPEAK = (
    "af am an ar as az be bg bn bs ca cs cy da de el en eo es et eu fa fi fr ga gd gu he hi hr hu "
    "hy id is it ja ka kk kn ko ku ky la lb lt lv mk ml mr ms mt my nb ne nl nn no or pa pl pt ro "
    "ru sd si sk sl sq sr sv sw ta te th tr tt ug uk ur uz vi yue zh"
)


@dataclass(frozen=True)
class VoiceOffer:
    """`languages` are BCP 47 primary tags; `voices` what `VoiceRequest.voice` may name."""

    languages: frozenset[str]
    voices: tuple[str, ...]

    def speaks(self, language: str) -> bool:
        """Whether any voice reads this BCP 47 tag."""
        return language.lower().split("-")[0] in self.languages


OFFERS: Mapping[str, VoiceOffer] = {
    # Hebrew and Norwegian have older tags that are still in use.
    "offline": VoiceOffer(frozenset(_ESPEAK.split()) | {"iw"}, ("female", "male")),
}
