"""espeak-ng in this process: one lock around its C library, called through ctypes.

The library keeps its state in globals (voice, rate, callback), so a call takes the lock, sets
everything it depends on, synthesises and copies the result out before it lets go. The library and
its voices come from the `espeakng_loader` package, which is imported at the first call. The C
declarations follow `speak_lib.h` of espeak-ng 1.52.
"""

from __future__ import annotations

import atexit
import ctypes
import shutil
import tempfile
import threading
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from reelstep.platform.errors import ProviderRejected, ProviderUnavailable

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

SAMPLE_RATE = 22_050
"""What espeak-ng's formant voices give; checked when the library starts."""

MAX_CHARACTERS = 800
"""Longest text of one call; callers split at sentences well below it."""

_SYNCHRONOUS = 2
_DONT_EXIT = 0x8000
_UTF8 = 1
_BY_CHARACTER = 1
_RATE, _VOLUME, _PITCH, _RANGE, _WORD_GAP = 1, 2, 3, 4, 7
_WORD_EVENT = 1

# Two timbres for every language. No flutter and no roughness: espeak draws both from a state that
# outlives a call, and the same request must give the same sound. (The life that this takes away
# is put back in `speech_tone`.) Formants: number, then frequency, height and width in percent of
# the plain voice; wide and low upper ones take the metal out.
VARIANTS = {
    "reelstep-f": """gender female
pitch 148 248
formant 0 105 115 125
formant 1 114 118 120
formant 2 116 112 130
formant 3 118 100 140
formant 4 115 85 130
formant 5 115 75 130
formant 6 110 55 120
formant 7 110 45 120
formant 8 110 40 120
intonation 1
flutter 0
roughness 0
voicing 90
consonants 105 105
""",
    "reelstep-m": """gender male
pitch 84 132
formant 0 102 120 120
formant 1 98 112 110
formant 2 97 104 120
formant 3 96 92 130
formant 4 95 80 120
formant 5 95 70 120
formant 6 98 50 120
formant 7 98 40 120
formant 8 98 35 120
intonation 1
flutter 0
roughness 0
voicing 100
consonants 105 105
""",
}


class _EventId(ctypes.Union):
    _fields_ = [
        ("number", ctypes.c_int),
        ("name", ctypes.c_char_p),
        ("string", ctypes.c_char * 8),
    ]


class _Event(ctypes.Structure):
    _fields_ = [
        ("type", ctypes.c_int),
        ("unique_identifier", ctypes.c_uint),
        ("text_position", ctypes.c_int),
        ("length", ctypes.c_int),
        ("audio_position", ctypes.c_int),
        ("sample", ctypes.c_int),
        ("user_data", ctypes.c_void_p),
        ("id", _EventId),
    ]


_Callback = ctypes.CFUNCTYPE(
    ctypes.c_int, ctypes.POINTER(ctypes.c_short), ctypes.c_int, ctypes.POINTER(_Event)
)


@dataclass(frozen=True)
class Utterance:
    """One call's result: `samples` (int16 at SAMPLE_RATE) and where its words begin.

    `words` are (index of a character in the text, seconds from the start), in order of time.
    """

    samples: npt.NDArray[np.int16]
    words: tuple[tuple[int, float], ...]


class _Espeak:
    """The loaded library. Its callback must outlive every call, so it is kept here."""

    def __init__(self) -> None:
        import espeakng_loader

        try:
            self._library = ctypes.CDLL(espeakng_loader.get_library_path())
            data = _data_with_our_voices(Path(espeakng_loader.get_data_path()))
        except (OSError, RuntimeError) as error:
            raise ProviderUnavailable("the voice could not be loaded", detail=str(error)) from error
        self._library.espeak_Initialize.argtypes = [
            ctypes.c_int,
            ctypes.c_int,
            ctypes.c_char_p,
            ctypes.c_int,
        ]
        self._library.espeak_SetVoiceByName.argtypes = [ctypes.c_char_p]
        self._library.espeak_SetParameter.argtypes = [ctypes.c_int, ctypes.c_int, ctypes.c_int]
        self._library.espeak_Synth.argtypes = [
            ctypes.c_char_p,
            ctypes.c_size_t,
            ctypes.c_uint,
            ctypes.c_int,
            ctypes.c_uint,
            ctypes.c_uint,
            ctypes.c_void_p,
            ctypes.c_void_p,
        ]
        self._data = str(data).encode()
        self._pcm = bytearray()
        self._events: list[tuple[int, float]] = []
        self._started = False
        self._callback = _Callback(self._receive)

    def _receive(self, wave: Any, count: int, events: Any) -> int:
        if wave and count > 0:
            self._pcm += ctypes.string_at(wave, count * 2)
        index = 0
        while events[index].type != 0:
            event = events[index]
            if event.type == _WORD_EVENT:
                self._events.append((event.text_position - 1, event.audio_position / 1000))
            index += 1
        return 0

    def synthesise(
        self, text: str, voice: str, *, rate: int, pitch: int, pitch_range: int, word_gap: int
    ) -> Utterance:
        import numpy as np

        # A fresh start takes under a millisecond and forgets what the last call has set. Ended
        # first: a second Initialize alone frees the phonemes that the last voice still points to.
        if self._started:
            self._library.espeak_Terminate()
        self._started = True
        rate_hz = self._library.espeak_Initialize(_SYNCHRONOUS, 0, self._data, _DONT_EXIT)
        if rate_hz != SAMPLE_RATE:
            raise ProviderUnavailable("the voice could not be started", detail=f"{rate_hz}")
        self._library.espeak_SetSynthCallback(self._callback)
        if self._library.espeak_SetVoiceByName(voice.encode()) != 0:
            raise ProviderRejected(f"there is no voice {voice!r}", field="voice")
        for parameter, value in (
            (_RATE, rate),
            (_VOLUME, 90),
            (_PITCH, pitch),
            (_RANGE, pitch_range),
            (_WORD_GAP, word_gap),
        ):
            self._library.espeak_SetParameter(parameter, value, 0)
        self._pcm.clear()
        self._events.clear()
        encoded = text.encode("utf-8")
        result = self._library.espeak_Synth(
            encoded, len(encoded) + 1, 0, _BY_CHARACTER, 0, _UTF8, None, None
        )
        if result != 0:
            raise ProviderUnavailable("the voice failed", detail=f"espeak_Synth: {result}")
        samples = np.frombuffer(bytes(self._pcm), dtype="<i2").astype(np.int16)
        last = max(len(text) - 1, 0)
        words = [(min(max(at, 0), last), seconds) for at, seconds in self._events]
        return Utterance(samples, tuple(sorted(words, key=lambda word: word[1])))


def _data_with_our_voices(shipped: Path) -> Path:
    """A folder that espeak takes for its own: the package's data by link, and our variants.

    It also gives a path short enough for espeak, which keeps its own in 160 bytes.
    """
    folder = Path(tempfile.mkdtemp(prefix="espeak-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    for entry in shipped.iterdir():
        if entry.name != "voices":
            (folder / entry.name).symlink_to(entry)
    variants = folder / "voices" / "!v"
    variants.mkdir(parents=True)
    for name, text in VARIANTS.items():
        (variants / name).write_text(f"language variant\nname {name}\n{text}", encoding="ascii")
    return folder


_lock = threading.Lock()
_espeak: _Espeak | None = None


def synthesise(
    text: str, voice: str, *, rate: int, pitch: int, pitch_range: int, word_gap: int = 0
) -> Utterance:
    """Speaks `text` with espeak's `voice` ("fr+reelstep-f"). The same call gives the same samples.

    `rate` is espeak's words per minute (80-450), `pitch` and `pitch_range` 0-100, `word_gap` tens
    of milliseconds. `text` holds no control characters and at most MAX_CHARACTERS.
    Raises ProviderUnavailable when the library does not work, ProviderRejected for a bad call.
    """
    global _espeak
    if len(text) > MAX_CHARACTERS or any(ord(character) < 32 for character in text):
        raise ProviderRejected("text must be short and without control characters", field="text")
    with _lock:
        if _espeak is None:
            _espeak = _Espeak()
        return _espeak.synthesise(
            text, voice, rate=rate, pitch=pitch, pitch_range=pitch_range, word_gap=word_gap
        )
