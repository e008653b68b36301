"""How long the offline voice takes to say a text, so that a story fits its film.

Measured with `EspeakVoice` (default voice) over each language's own material; a test measures it
again. Seconds = characters / `per_second` + sentences * `pause`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

FILL = 0.72
"""The share of a scene that is spoken, as the writer aims for it."""
LEAST, MOST = 0.60, 0.78
ENOUGH = 0.52
"""The share from which nothing is added just to fill a scene."""
CROWDED = 0.85
"""The share that what must be said may take."""


_SENTENCE_END = re.compile(r"[.!?…؟]+(?=\s|$)|[。！？]")


@dataclass(frozen=True)
class Pace:
    per_second: float
    pause: float


PACES = {
    "fr": Pace(16.6, 0.22), "en": Pace(15.5, 0.30), "es": Pace(15.3, 0.20), "de": Pace(15.6, 0.23),
    "ar": Pace(10.6, 0.29), "it": Pace(16.4, 0.30), "pt": Pace(16.4, 0.30), "nl": Pace(15.7, 0.30),
    "ru": Pace(16.9, 0.30), "uk": Pace(15.0, 0.30), "pl": Pace(14.6, 0.30), "tr": Pace(14.2, 0.30),
    "zh": Pace(3.6, 0.35), "yue": Pace(3.6, 0.35), "ja": Pace(6.0, 0.35), "ko": Pace(6.5, 0.35),
    "hi": Pace(9.5, 0.30), "th": Pace(7.1, 0.35), "fa": Pace(11.5, 0.30), "vi": Pace(17.0, 0.30),
}  # fmt: skip
_OTHER = Pace(14.0, 0.30)


def spoken_seconds(text: str, language: str) -> float:
    """About how long `text` takes, with the pause after each of its sentences."""
    pace = PACES.get(language, _OTHER)
    letters = sum(character.isalnum() or character == " " for character in text)
    sentences = max(len(_SENTENCE_END.findall(text)), 1)
    return letters / pace.per_second + sentences * pace.pause


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
