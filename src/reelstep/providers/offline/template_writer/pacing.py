"""How long the offline voice takes to say a text, so that a story fits its film.

Measured with `EspeakVoice` (default voice) over each language's own material; a test measures it
again. Seconds = characters / `per_second` + sentences * `pause`.
"""

from __future__ import annotations

from dataclasses import dataclass

FILL = 0.73
"""The share of a scene that is spoken, as the writer aims for it."""
LEAST, MOST = 0.65, 0.80


@dataclass(frozen=True)
class Pace:
    per_second: float
    pause: float


PACES = {
    "fr": Pace(14.0, 0.4),
    "en": Pace(14.0, 0.4),
    "es": Pace(14.0, 0.4),
    "de": Pace(14.0, 0.4),
    "ar": Pace(10.0, 0.4),
    "it": Pace(14.0, 0.4),
    "pt": Pace(14.0, 0.4),
    "zh": Pace(3.4, 0.4),
    "ja": Pace(5.0, 0.4),
    "ko": Pace(5.0, 0.4),
    "hi": Pace(12.0, 0.4),
    "ru": Pace(13.0, 0.4),
}
_OTHER = Pace(12.0, 0.4)


def spoken_seconds(text: str, language: str) -> float:
    """About how long `text`, one sentence, takes, with the pause after it."""
    pace = PACES.get(language, _OTHER)
    letters = sum(character.isalnum() or character == " " for character in text)
    return letters / pace.per_second + pace.pause


def scene_seconds(total: int, topics: int = 0) -> tuple[float, ...]:
    """The scenes' lengths for a film of `total` seconds: one per 7 s or so, longer ones later.

    With `topics` things to show there may be more, down to 6 s a scene, so that each has its own.
    Lengths are multiples of a tenth and add up to `total`; there are from 2 to 40.
    """
    count = round(total / 7.5) if total <= 60 else 8 + round((total - 60) * 32 / 540)
    count = max(2, min(max(count, min(topics + 2, total // 6)), 40))
    # The first and last are a little longer: a title and a farewell.
    weights = [1.12, *(1.0 if index % 2 else 0.94 for index in range(1, count - 1)), 1.1]
    unit = total * 10 / sum(weights)
    tenths = [int(weight * unit) for weight in weights]
    for index in range(total * 10 - sum(tenths)):
        tenths[index % count] += 1
    return tuple(tenth / 10 for tenth in tenths)
