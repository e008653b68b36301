"""What every voice provider must keep. A hosted one joins as another `param` of the fixture."""

import io
import wave

import numpy as np
import pytest

from reelstep.platform.errors import ProviderRejected, UnsupportedLanguage
from reelstep.providers.base import Speech, VoiceProvider, VoiceRequest
from reelstep.providers.registry import Registry
from tests.contracts.providers.cases import HOSTILE

SENTENCES = {
    "fr": "Joyeux anniversaire, mon ami ! Cette journée est à toi.",
    "en": "Happy birthday, my friend! Don't wait: this day is yours.",
    "es": "¡Feliz cumpleaños, amigo! Este día es tuyo.",
    "de": "Alles Gute zum Geburtstag! Dieser Tag gehört dir.",
    "ar": "عيد ميلاد سعيد يا صديقي! هذا اليوم لك.",
    "ru": "С днём рождения, друг! Этот день твой.",
    "zh": "生日快乐，我的朋友！今天属于你。",
    "hi": "जन्मदिन मुबारक हो, मेरे दोस्त! यह दिन तुम्हारा है।",
}


@pytest.fixture(params=["offline"])
def voice(request: pytest.FixtureRequest) -> VoiceProvider:
    return Registry.from_config({"voice": request.param}).voice


def samples(speech: Speech) -> tuple[np.ndarray, int]:
    with wave.open(io.BytesIO(speech.wav)) as file:
        assert (file.getnchannels(), file.getsampwidth()) == (1, 2)
        frames = np.frombuffer(file.readframes(file.getnframes()), "<i2") / 32_768
        return frames, file.getframerate()


def check(speech: Speech, text: str) -> None:
    sound, rate = samples(speech)
    assert speech.duration == pytest.approx(len(sound) / rate, abs=0.001)
    assert np.abs(sound).max() < 0.999 if len(sound) else True
    said = "".join("".join(word.text.split()) for word in speech.words)
    kept = [c for c in text if not c.isspace() and (ord(c) >= 32 and ord(c) != 127)]
    assert said == "".join(kept)
    at = 0.0
    for word in speech.words:
        assert word.start >= at - 1e-6
        assert word.end >= word.start
        assert word.end <= speech.duration + 1e-6
        at = word.start


@pytest.mark.parametrize("language", SENTENCES)
def test_a_sentence_in_each_language(voice: VoiceProvider, language: str) -> None:
    speech = voice.speak(VoiceRequest(text=SENTENCES[language], language=language))
    check(speech, SENTENCES[language])
    assert 1.5 < speech.duration < 9
    sound, _ = samples(speech)
    assert 0.03 < np.sqrt((sound**2).mean()) < 0.3


@pytest.mark.parametrize("case", HOSTILE)
def test_any_text_is_spoken_or_passed_over(voice: VoiceProvider, case: str) -> None:
    text = HOSTILE[case][:1_000]
    speech = voice.speak(VoiceRequest(text=text, language="fr"))
    check(speech, text)


def test_words_are_timed_where_they_are_heard(voice: VoiceProvider) -> None:
    speech = voice.speak(VoiceRequest(text="One. Two! Three? Four.", language="en"))
    sound, rate = samples(speech)
    for word in speech.words:
        inside = sound[int(word.start * rate) : int(word.end * rate)]
        assert np.sqrt((inside**2).mean()) > 0.02, word
    # Between sentences there is a pause that belongs to no word.
    for before, after in zip(speech.words, speech.words[1:], strict=False):
        assert after.start - before.end > 0.15


def test_it_speaks_faster_to_fit_but_not_breathlessly(voice: VoiceProvider) -> None:
    text = "Un deux trois quatre cinq six sept huit neuf dix, nous irons au bois."
    normal = voice.speak(VoiceRequest(text=text, language="fr"))
    fitted = voice.speak(VoiceRequest(text=text, language="fr", fit_seconds=normal.duration / 1.15))
    assert fitted.duration <= normal.duration / 1.15
    hurried = voice.speak(VoiceRequest(text=text, language="fr", fit_seconds=0.5))
    assert normal.duration / 1.5 < hurried.duration < fitted.duration
    relaxed = voice.speak(VoiceRequest(text=text, language="fr", fit_seconds=60))
    assert relaxed.duration == pytest.approx(normal.duration)


def test_the_same_request_gives_the_same_sound_whatever_was_said_before(
    voice: VoiceProvider,
) -> None:
    request = VoiceRequest(text="Chut, silence… et voilà.", language="fr")
    first = voice.speak(request)
    voice.speak(VoiceRequest(text="Something else entirely.", language="en", voice="male"))
    assert voice.speak(request) == first


def test_unknown_languages_and_voices_are_named(voice: VoiceProvider) -> None:
    with pytest.raises(UnsupportedLanguage) as language:
        voice.speak(VoiceRequest(text="x", language="tlh"))
    assert language.value.field == "language"
    with pytest.raises(ProviderRejected) as name:
        voice.speak(VoiceRequest(text="x", language="en", voice="nobody"))
    assert name.value.field == "voice"


def test_voices_differ(voice: VoiceProvider) -> None:
    text = "Good morning, everyone."
    high = samples(voice.speak(VoiceRequest(text=text, language="en", voice="female")))[0]
    low = samples(voice.speak(VoiceRequest(text=text, language="en", voice="male")))[0]
    assert _pitch(high) > _pitch(low) * 1.4


def _pitch(sound: np.ndarray) -> float:
    """Median pitch in Hz of the voiced parts, at 48 kHz."""
    found = []
    for at in range(0, len(sound) - 4_800, 2_400):
        frame = sound[at : at + 4_800]
        if frame.std() < 0.03:
            continue
        echo = np.fft.irfft(np.abs(np.fft.rfft(frame, 16_384)) ** 2)[:4_800]
        lag = 120 + int(np.argmax(echo[120:700]))
        if echo[lag] > 0.3 * echo[0]:
            found.append(48_000 / lag)
    return float(np.median(found))
