"""Adds a piece's notes up in a room and writes the WAV, a few seconds at a time.

Working in blocks keeps memory at the size of the file plus the notes that sound now; a 600 s piece
as one array of floats would take twice that.
"""

from __future__ import annotations

import io
import math
import wave
from collections import OrderedDict

import numpy as np
import numpy.typing as npt

from reelstep.providers.offline.synth_music.composition import Note, Piece
from reelstep.providers.offline.synth_music.instruments import RATE, Sound, play

_BLOCK = 1 << 18
_LONGEST_NOTE = 14 * RATE
_CACHE_BYTES = 80_000_000
_KNEE, _CEILING = 0.55, 0.84

_DRY = {"kick": 0.15, "round bass": 0.1, "soft bass": 0.25, "shaker": 0.5, "boom": 0.5}
"""Share of a sound that goes into the room; 1 where not named. Low sounds blur there."""


class _Notes:
    """Sounds that have been played, kept while they are likely to come again."""

    def __init__(self) -> None:
        self._sounds: OrderedDict[tuple[str, int, int], Sound] = OrderedDict()
        self._bytes = 0

    def get(self, note: Note) -> Sound:
        key = (note.instrument, note.pitch, round(note.length * 50))
        sound = self._sounds.get(key)
        if sound is None:
            sound = play(note.instrument, note.pitch, max(key[2], 1) / 50)
            self._sounds[key] = sound
            self._bytes += sound.nbytes
            while self._bytes > _CACHE_BYTES and len(self._sounds) > 1:
                _, oldest = self._sounds.popitem(last=False)
                self._bytes -= oldest.nbytes
        else:
            self._sounds.move_to_end(key)
        return sound


def render(piece: Piece) -> bytes:
    """The WAV of `piece`: round(seconds * RATE) frames, 16-bit stereo, fading to silence."""
    total = round(piece.seconds * RATE)
    room = _room(piece.style.room_seconds)
    spectra = [np.fft.rfft(side, _size(room)) for side in room]
    notes = _Notes()
    dry = np.zeros((2, _BLOCK + _LONGEST_NOTE), dtype=np.float32)
    send = np.zeros(_BLOCK + _LONGEST_NOTE, dtype=np.float32)
    tail = np.zeros((2, _size(room)), dtype=np.float32)
    waiting = list(piece.notes)
    buffer = io.BytesIO()
    with wave.open(buffer, "wb") as out:
        out.setnchannels(2)
        out.setsampwidth(2)
        out.setframerate(RATE)
        out.setnframes(total)
        at = 0
        number = 0
        while at < total:
            while number < len(waiting) and waiting[number].start * RATE < at + _BLOCK:
                _place(notes, waiting[number], at, dry, send)
                number += 1
            spectrum = np.fft.rfft(send[:_BLOCK], _size(room))
            for side in (0, 1):
                tail[side] += np.fft.irfft(spectrum * spectra[side], _size(room))
            block = dry[:, :_BLOCK] + tail[:, :_BLOCK] * np.float32(piece.style.room_gain)
            block = _mastered(block * np.float32(piece.style.gain))
            block = block[:, : total - at]
            _fade(block, at, total, piece.fade_seconds)
            out.writeframesraw(np.round(block.T * 32_767).astype("<i2").tobytes())
            for buffered in (dry, send, tail):
                buffered[..., :-_BLOCK] = buffered[..., _BLOCK:]
                buffered[..., -_BLOCK:] = 0
            at += _BLOCK
    return buffer.getvalue()


def _size(room: npt.NDArray[np.float32]) -> int:
    return 1 << (_BLOCK + int(room.shape[1]) - 1).bit_length()


def _place(
    notes: _Notes,
    note: Note,
    at: int,
    dry: npt.NDArray[np.float32],
    send: npt.NDArray[np.float32],
) -> None:
    sound = notes.get(note)
    first = max(round(note.start * RATE) - at, 0)
    length = min(sound.shape[-1], dry.shape[1] - first)
    gain = np.float32(note.gain)
    angle = (note.pan + 1) * math.pi / 4
    left = np.float32(math.cos(angle) * math.sqrt(2))
    right = np.float32(math.sin(angle) * math.sqrt(2))
    share = gain * np.float32(_DRY.get(note.instrument, 1.0))
    if sound.ndim == 2:
        dry[:, first : first + length] += sound[:, :length] * gain
        send[first : first + length] += sound[0, :length] * share
    else:
        scaled = sound[:length] * gain
        dry[0, first : first + length] += scaled * left
        dry[1, first : first + length] += scaled * right
        send[first : first + length] += sound[:length] * share


def _room(seconds: float) -> npt.NDArray[np.float32]:
    """Two decaying noises, darker as they fade: a room's answer for each ear, energy 1."""
    count = int(seconds * RATE)
    time = np.arange(count) / RATE
    random = np.random.default_rng(11)
    sides = random.standard_normal((2, count)) * 10 ** (-3 * time / seconds)
    spectrum = np.fft.rfft(sides)
    hertz = np.fft.rfftfreq(count, 1 / RATE)
    spectrum *= 1 / (1 + (hertz / 3_200) ** 2) / (1 + (180 / np.maximum(hertz, 1)) ** 2)
    sides = np.fft.irfft(spectrum, count)
    sides[:, : int(0.012 * RATE)] = 0
    rise = int(0.03 * RATE)
    begin = int(0.012 * RATE)
    sides[:, begin : begin + rise] *= np.linspace(0, 1, rise)
    room: npt.NDArray[np.float32] = (sides / np.sqrt((sides**2).sum(axis=1, keepdims=True))).astype(
        np.float32
    )
    return room


def _mastered(block: npt.NDArray[np.float32]) -> npt.NDArray[np.float32]:
    """A ceiling at -1.5 dBFS that is approached softly."""
    size = np.abs(block)
    if size.max() <= _KNEE:
        return block
    bent = _KNEE + (_CEILING - _KNEE) * np.tanh((size - _KNEE) / (_CEILING - _KNEE))
    mastered: npt.NDArray[np.float32] = np.where(size > _KNEE, np.sign(block) * bent, block)
    return mastered


def _fade(block: npt.NDArray[np.float32], at: int, total: int, seconds: float) -> None:
    """The last `seconds` go down to exactly nothing."""
    length = int(seconds * RATE)
    position = np.arange(at, at + block.shape[1])
    left = np.clip((total - 1 - position) / length, 0.0, 1.0)
    if left[-1] < 1.0 or position[-1] >= total - length:
        block *= (np.sin(left * np.pi / 2) ** 2).astype(np.float32)
