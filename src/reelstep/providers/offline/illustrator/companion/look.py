"""What a companion looks like: chosen once from its id, the same in every film."""

from __future__ import annotations

from dataclasses import dataclass

from reelstep.providers.offline.illustrator.colour import PARTY, RGB, hexa, hsv, mix, scale
from reelstep.providers.offline.illustrator.noise import stream

SPECIES = ("sprite", "fox", "cat", "bear", "bunny", "dragon", "sprite", "fawn")
OUTFITS = ("hoodie", "dungarees", "dress", "coat", "jumper", "cape")
ACCESSORIES = (
    "none",
    "scarf",
    "glasses",
    "flower",
    "bow",
    "headphones",
    "beanie",
    "star",
    "satchel",
)
HAIR = ("bob", "curls", "spiky", "bun", "long", "tuft")

_FUR: dict[str, tuple[str, ...]] = {
    "fox": ("e8793a", "d9562f", "9aa3b5", "f0a35c"),
    "cat": ("8c8fa6", "f2b06a", "4a4658", "f3e6d2"),
    "bear": ("9a6b45", "c99a6a", "6d5a72", "f0dcc0"),
    "bunny": ("f4ece4", "c9b2a4", "d8c4e8", "a9b4c6"),
    "dragon": ("5fb88a", "6f8fe0", "e07a8c", "8f6fd0"),
    "fawn": ("c98f5c", "b0764a", "d9b08a", "9a7a68"),
    "sprite": ("f6d3b8", "e8b48f", "c68a62", "8f5c3f", "6b4230", "f9e0cc"),
}
_HAIRS = ("3a2a2c", "6d4326", "a5542c", "e0a84c", "2a3350", "d0567a", "4f8f8c", "7a55b0", "f0e0c4")
_EYES = ("5a3a22", "3f7f4f", "2f6fae", "7a4fb0", "a5691f", "2f8f8f")


@dataclass(frozen=True)
class Look:
    species: str
    fur: RGB
    belly: RGB
    hair: RGB
    hair_style: str
    iris: RGB
    outfit: str
    cloth: RGB
    trim: RGB
    accessory: str
    accent: RGB
    roundness: float
    """How wide the body is, 0.9..1.12."""
    head: float
    """Size of the head, 0.95..1.06."""
    freckles: bool


def look_of(companion_id: str) -> Look:
    """A pure function of the id."""
    rng = stream("companion", companion_id)

    def pick(options: tuple[str, ...]) -> str:
        return options[int(rng.integers(len(options)))]

    species = pick(SPECIES)
    fur = hexa(pick(_FUR[species]))
    belly = mix(fur, hexa("fff6ea"), 0.78)
    hair = hexa(pick(_HAIRS))
    hue = float(rng.random())
    cloth = hsv(hue, float(rng.uniform(0.45, 0.72)), float(rng.uniform(0.72, 0.92)))
    trim = mix(hsv(hue + float(rng.choice([0.08, 0.42, 0.5, 0.58])), 0.55, 0.95), (1, 1, 1), 0.25)
    accent = PARTY[int(rng.integers(len(PARTY)))]
    return Look(
        species,
        fur,
        belly,
        hair,
        pick(HAIR),
        hexa(pick(_EYES)),
        pick(OUTFITS),
        cloth,
        trim,
        pick(ACCESSORIES),
        scale(accent, 0.96),
        float(rng.uniform(0.92, 1.12)),
        float(rng.uniform(0.95, 1.06)),
        bool(rng.random() < 0.4),
    )
