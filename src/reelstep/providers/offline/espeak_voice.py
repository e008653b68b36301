"""The voice that needs no network: espeak-ng in this process, with the time of every word.

A text is read sentence by sentence (`speech_text`), each part by the voice of its script, the
parts are joined with natural pauses, and the whole is made pleasant (`speech_tone`). The result
is a function of the request.
"""

from __future__ import annotations

import io
import wave

import numpy as np
import numpy.typing as npt

from reelstep.platform.errors import ProviderRejected, UnsupportedLanguage
from reelstep.providers.base import Speech, VoiceRequest, WordTiming
from reelstep.providers.offline import espeak_binding, speech_tone
from reelstep.providers.offline.speech_text import Unit, Word, spoken, visible, words_of
from reelstep.providers.voice_offers import OFFERS

FASTEST = 1.3
"""How much faster than normal `fit_seconds` may make it: beyond, it stops being clear."""

_SECONDS_OF_NOTHING = 0.4
_LEAD_SECONDS = 0.03
_QUIET = 0.004

_VARIANTS = {"female": "reelstep-f", "male": "reelstep-m"}

# espeak's own name where it is not the BCP 47 primary tag itself.
_ESPEAK_NAMES = {
    "en": "en-us",
    "en-gb": "en",
    "es-mx": "es-419",
    "es-419": "es-419",
    "es-ar": "es-419",
    "es-co": "es-419",
    "fr-be": "fr-be",
    "fr-ch": "fr-ch",
    "iw": "he",
    "no": "nb",
    "nn": "nb",
    "pt-br": "pt-br",
    "zh": "cmn",
    "zh-hk": "yue",
    "yue": "yue",
}
_LANGUAGES_OF_SCRIPT = {
    "arab": "ar fa ur sd ug", "cyrl": "be bg kk ky mk ru tt uk", "deva": "hi mr ne",
    "beng": "as bn", "hani": "zh yue", "kana": "ja", "hang": "ko", "grek": "el", "hebr": "he",
    "thai": "th", "armn": "hy", "geor": "ka", "taml": "ta", "telu": "te", "gujr": "gu",
    "knda": "kn", "mlym": "ml", "guru": "pa",
}  # fmt: skip
_SCRIPT_OF_LANGUAGE = {
    language: script
    for script, languages in _LANGUAGES_OF_SCRIPT.items()
    for language in languages.split()
}
# Written in Latin letters first, and in these too.
_ALSO = {"sr": "cyrl", "az": "cyrl", "uz": "cyrl", "ku": "arab"}
# Who reads a word written in another script than the film's language.
_VOICE_OF_SCRIPT = {
    "latn": "en-us", "arab": "ar", "cyrl": "ru", "deva": "hi", "beng": "bn", "hani": "cmn",
    "kana": "ja", "hang": "ko", "grek": "el", "hebr": "he", "thai": "th", "armn": "hy",
    "geor": "ka", "taml": "ta", "telu": "te", "gujr": "gu", "knda": "kn", "mlym": "ml",
    "guru": "pa",
}  # fmt: skip
# espeak's words per minute at which each language sounds unhurried.
_RATES = {
    "ar": 168,
    "de": 150,
    "en": 148,
    "es": 155,
    "fr": 136,
    "it": 145,
    "ja": 160,
    "pt": 145,
    "ru": 130,
}
_RATE = 155


class EspeakVoice:
    """`VoiceProvider` "offline". Voices: "female" (the default) and "male", in every language.

    The sound is 16-bit mono WAV at 48,000 Hz (resampled from espeak's 22,050 Hz).
    """

    name = "offline"
    version = "1"

    def supports(self, language: str) -> bool:
        """Whether `speak` knows this BCP 47 language."""
        return OFFERS[self.name].speaks(language)

    def speak(self, request: VoiceRequest) -> Speech:
        """Raises UnsupportedLanguage (field `language`), ProviderRejected (field `voice`)."""
        if not self.supports(request.language):
            raise UnsupportedLanguage(
                f"the offline voice does not speak {request.language!r}", field="language"
            )
        variant = _VARIANTS.get((request.voice or "female").lower())
        if variant is None:
            raise ProviderRejected(
                f"the offline voice has no {request.voice!r}; use one of {', '.join(_VARIANTS)}",
                field="voice",
            )
        text = visible(request.text)
        units = spoken(text, _primary(request.language))
        samples, times = _perform(units, request.language, variant, 1.0)
        if request.fit_seconds is not None and _seconds(samples) > request.fit_seconds:
            for _ in range(2):
                pace = _seconds(samples) / max(request.fit_seconds, 0.1)
                pace = min(FASTEST, pace * 1.03)
                samples, times = _perform(units, request.language, variant, pace)
                if _seconds(samples) <= request.fit_seconds or pace >= FASTEST:
                    break
        duration = _seconds(samples)
        return Speech(wav=_wav(samples), duration=duration, words=_timings(text, times, duration))


def _primary(language: str) -> str:
    return language.lower().replace("_", "-").split("-")[0]


def _espeak_name(language: str) -> str:
    tag = language.lower().replace("_", "-")
    return _ESPEAK_NAMES.get(tag) or _ESPEAK_NAMES.get(_primary(tag)) or _primary(tag)


def _voice_for(unit: Unit, language: str) -> str:
    own = _SCRIPT_OF_LANGUAGE.get(_primary(language), "latn")
    if unit.script in (None, own, _ALSO.get(_primary(language))):
        return _espeak_name(language)
    return _VOICE_OF_SCRIPT.get(str(unit.script)) or _espeak_name(language)


def _perform(
    units: list[Unit], language: str, variant: str, pace: float
) -> tuple[npt.NDArray[np.float64], list[tuple[int, float, float]]]:
    """The sound at 48 kHz and, for what was said in order, (written index, start, latest end)."""
    rate = round(_RATES.get(_primary(language), _RATE) * pace)
    parts: list[npt.NDArray[np.float64]] = [_silence(_LEAD_SECONDS)]
    times: list[tuple[int, float, float]] = []
    at = _LEAD_SECONDS
    for number, unit in enumerate(units):
        utterance = espeak_binding.synthesise(
            unit.text,
            f"{_voice_for(unit, language)}+{variant}",
            rate=rate,
            pitch=50,
            pitch_range=55,
        )
        sound, lead = _trimmed(utterance.samples)
        end = at + len(sound) / espeak_binding.SAMPLE_RATE
        begins = [(0, lead), *utterance.words]
        times += [
            (unit.origin[index], min(max(at + seconds - lead, at), end), end)
            for index, seconds in begins
        ]
        parts.append(sound)
        pause = unit.pause / pace if number < len(units) - 1 else 0.0
        parts.append(_silence(pause))
        at = end + len(parts[-1]) / espeak_binding.SAMPLE_RATE
    if not units:
        parts.append(_silence(_SECONDS_OF_NOTHING))
    return speech_tone.polish(np.concatenate(parts), espeak_binding.SAMPLE_RATE), times


def _silence(seconds: float) -> npt.NDArray[np.float64]:
    return np.zeros(round(seconds * espeak_binding.SAMPLE_RATE))


def _trimmed(samples: npt.NDArray[np.int16]) -> tuple[npt.NDArray[np.float64], float]:
    """The sound without the silence around it, and how many seconds were cut at its start."""
    sound = samples / 32_768.0
    heard = np.flatnonzero(np.abs(sound) > _QUIET)
    if len(heard) == 0:
        return np.zeros(0), 0.0
    margin = espeak_binding.SAMPLE_RATE // 60
    first = max(int(heard[0]) - margin // 2, 0)
    last = min(int(heard[-1]) + margin, len(sound))
    return sound[first:last].copy(), first / espeak_binding.SAMPLE_RATE


def _seconds(samples: npt.NDArray[np.float64]) -> float:
    return len(samples) / speech_tone.OUT_RATE


def _timings(
    text: str, times: list[tuple[int, float, float]], duration: float
) -> tuple[WordTiming, ...]:
    """When each written word is heard, from when its characters are.

    A word that the voice did not announce (merged into its neighbour, an emoji) gets its share, by
    length, of the time between the words around it.
    """
    words = words_of(text)
    starts: list[float | None] = [None] * len(words)
    ends: list[float] = [0.0] * len(words)
    for index, start, end in times:
        number = _word_at(words, index)
        if number is not None:
            known = starts[number]
            starts[number] = start if known is None else min(known, start)
            ends[number] = max(ends[number], end)
    filled = _filled(words, starts, duration)
    result = []
    for number, word in enumerate(words):
        after = filled[number + 1] if number + 1 < len(words) else duration
        end = min(after, ends[number]) if ends[number] > filled[number] else after
        result.append(WordTiming(text=word.text, start=filled[number], end=end))
    return tuple(result)


def _word_at(words: list[Word], index: int) -> int | None:
    """The number of the word that holds the character at `index`, or the next one after it."""
    low, high = 0, len(words)
    while low < high:
        middle = (low + high) // 2
        if words[middle].end <= index:
            low = middle + 1
        else:
            high = middle
    return low if low < len(words) else None


def _filled(words: list[Word], starts: list[float | None], duration: float) -> list[float]:
    """`starts` without gaps and never going back."""
    filled: list[float] = []
    latest = 0.0
    number = 0
    while number < len(words):
        known = starts[number]
        if known is not None:
            latest = max(latest, known)
            filled.append(latest)
            number += 1
            continue
        following = number
        while following < len(words) and starts[following] is None:
            following += 1
        until = max(starts[following] or 0.0, latest) if following < len(words) else duration
        before = max(number - 1, 0)
        weights = [len(word.text) for word in words[before:following]]
        total = sum(weights)
        passed = 0 if number == 0 else weights[0]
        for word in words[number:following]:
            filled.append(latest + (until - latest) * passed / total)
            passed += len(word.text)
        number = following
        latest = filled[-1]
    return filled


def _wav(samples: npt.NDArray[np.float64]) -> bytes:
    buffer = io.BytesIO()
    with wave.open(buffer, "wb") as out:
        out.setnchannels(1)
        out.setsampwidth(2)
        out.setframerate(speech_tone.OUT_RATE)
        out.writeframes(np.round(samples * 32_767).astype("<i2").tobytes())
    return buffer.getvalue()
