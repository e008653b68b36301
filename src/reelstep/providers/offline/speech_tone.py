"""Makes the bare sound of a formant voice pleasant to listen to: tone, life, level, a little room.

Everything is a plain function on float arrays and gives the same result for the same input.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

Samples = npt.NDArray[np.float64]

OUT_RATE = 48_000
TAIL_SECONDS = 0.12
"""How much longer the result is than the input: the room's decay."""

# Frequency in Hz, gain in dB. Rumble away, some warmth at 180-300 Hz, less of the whistle that
# formant synthesis has at 3-4.5 kHz, and the consonants' air at 6-9 kHz that the variants lack.
_TONE = (
    (0, -60), (50, -30), (80, -6), (120, 0), (220, 2.0), (420, 0.5), (900, 0), (1_800, 0.5),
    (2_500, 0), (3_300, -1.5), (4_200, -1.0), (5_500, 1.5), (7_500, 2.0), (9_500, 0),
    (10_800, -18), (24_000, -60),
)  # fmt: skip
_TARGET_RMS = 10 ** (-19 / 20)
_PEAK = 10 ** (-1.5 / 20)


def polish(samples: Samples, rate: int) -> Samples:
    """`samples` (mono, ±1, at `rate` Hz) as OUT_RATE Hz, TAIL_SECONDS longer; times stay.

    Speech comes out at -19 dBFS RMS where it is not silent, with peaks under -1.5 dBFS.
    """
    shaped = _resample_and_shape(samples, rate)
    lively = _drift(shaped)
    level = _even_out(lively)
    return _to_level(_in_a_room(level))


def _resample_and_shape(samples: Samples, rate: int) -> Samples:
    """Band-limited resampling and equalising in one step, in the frequency domain."""
    wanted = round(len(samples) / rate * OUT_RATE)
    divisor = int(np.gcd(rate, OUT_RATE))
    block = rate // divisor * 64
    padded = -(-(len(samples) + rate // 4) // block) * block
    spectrum = np.fft.rfft(samples, padded)
    length = padded // rate * OUT_RATE if padded % rate == 0 else padded * OUT_RATE // rate
    frequencies = np.arange(len(spectrum)) * rate / padded
    hertz, decibels = zip(*_TONE, strict=True)
    # On a logarithmic axis, as ears hear; the lowest point stands for 0 Hz.
    gain = np.interp(np.log(frequencies + 1), np.log(np.array(hertz) + 1.0), decibels)
    spectrum *= 10 ** (gain / 20)
    out = np.zeros(length // 2 + 1, dtype=complex)
    out[: min(len(spectrum), len(out))] = spectrum[: len(out)]
    shaped: Samples = np.fft.irfft(out, length)[:wanted] * (OUT_RATE / rate)
    return shaped


def _drift(samples: Samples) -> Samples:
    """A slow wander of pitch, about ±0.7 %, that a throat has and a synthesiser does not."""
    if len(samples) < OUT_RATE // 10:
        return samples
    seconds = np.arange(len(samples)) / OUT_RATE
    offset = np.zeros_like(seconds)
    for hertz, depth in ((0.9, 0.0030), (2.3, 0.0024), (4.7, 0.0022), (7.1, 0.0014)):
        offset += depth / (2 * np.pi * hertz) * np.sin(2 * np.pi * hertz * seconds + hertz)
    warped: Samples = np.interp(seconds + offset - offset[0], seconds, samples)
    return warped


def _even_out(samples: Samples) -> Samples:
    """Gentle compression, 2.2:1 above -24 dBFS, from a smoothed envelope in 4 ms steps."""
    hop = OUT_RATE // 250
    count = -(-len(samples) // hop)
    blocks = np.zeros(count * hop)
    blocks[: len(samples)] = samples
    power = np.sqrt((blocks.reshape(count, hop) ** 2).mean(axis=1))
    envelope = np.empty(count)
    level = 0.0
    for index, value in enumerate(power):
        level += (value - level) * (0.5 if value > level else 0.04)
        envelope[index] = level
    over = np.maximum(20 * np.log10(envelope + 1e-9) + 24, 0)
    gain = 10 ** (-over * (1 - 1 / 2.2) / 20)
    centres = (np.arange(count) + 0.5) * hop
    evened: Samples = samples * np.interp(np.arange(len(samples)), centres, gain)
    return evened


def _in_a_room(samples: Samples) -> Samples:
    """A small treated room: a few early reflections and 0.12 s of decay, 21 dB down."""
    tail = round(TAIL_SECONDS * OUT_RATE)
    random = np.random.default_rng(7)
    impulse = random.standard_normal(tail) * np.exp(-np.arange(tail) / (0.022 * OUT_RATE))
    impulse[: OUT_RATE // 125] = 0
    impulse = np.convolve(impulse, np.hanning(15) / np.hanning(15).sum(), mode="same")
    impulse *= 10 ** (-21 / 20) / np.sqrt((impulse**2).sum())
    for milliseconds, gain in ((0, 1.0), (7.3, 0.055), (11.9, 0.040), (17.7, 0.030)):
        impulse[round(milliseconds / 1000 * OUT_RATE)] += gain
    length = len(samples) + tail
    size = 1 << (length - 1).bit_length()
    wet: Samples = np.fft.irfft(np.fft.rfft(samples, size) * np.fft.rfft(impulse, size), size)
    return wet[:length]


def _to_level(samples: Samples) -> Samples:
    """To the target loudness, with a soft ceiling and 6 ms fades against clicks."""
    loud = np.abs(samples) > 0.01
    if loud.any():
        window = np.convolve(samples**2, np.ones(2_400) / 2_400, mode="same")
        active = window[window > window.max() * 0.003]
        samples = samples * (_TARGET_RMS / np.sqrt(active.mean()))
    knee = 0.6 * _PEAK
    over = np.abs(samples) > knee
    bent = knee + (_PEAK - knee) * np.tanh((np.abs(samples) - knee) / (_PEAK - knee))
    samples = np.where(over, np.sign(samples) * bent, samples)
    fade = min(OUT_RATE * 6 // 1000, len(samples) // 2)
    ramp = 0.5 - 0.5 * np.cos(np.pi * np.arange(fade) / max(fade, 1))
    samples[:fade] *= ramp
    samples[len(samples) - fade :] *= ramp[::-1]
    return samples
