import numpy as np

from reelstep.providers.offline.speech_tone import OUT_RATE, TAIL_SECONDS, polish

RATE = 22_050


def tone(hertz: float, seconds: float = 1.0, gain: float = 0.3) -> np.ndarray:
    return gain * np.sin(2 * np.pi * hertz * np.arange(int(seconds * RATE)) / RATE)


def strongest(samples: np.ndarray) -> float:
    spectrum = np.abs(np.fft.rfft(samples * np.hanning(len(samples))))
    return float(np.argmax(spectrum) * OUT_RATE / len(samples))


def test_it_comes_out_at_48_khz_with_its_pitch_and_the_rooms_tail() -> None:
    for hertz in (200, 1_000, 3_000):
        out = polish(tone(hertz), RATE)
        assert abs(len(out) - (1 + TAIL_SECONDS) * OUT_RATE) <= 2
        assert abs(strongest(out[:OUT_RATE]) - hertz) < hertz * 0.01 + 2


def test_nothing_is_added_above_what_the_voice_had() -> None:
    out = polish(tone(1_000), RATE)
    spectrum = np.abs(np.fft.rfft(out)) ** 2
    above = np.fft.rfftfreq(len(out), 1 / OUT_RATE) > 11_500
    assert spectrum[above].sum() < spectrum.sum() * 1e-6


def test_quiet_and_loud_come_out_alike_without_clipping_or_clicks() -> None:
    levels = []
    for gain in (0.02, 0.9):
        out = polish(tone(400, gain=gain), RATE)
        levels.append(20 * np.log10(out[4_800:-9_600].std()))
        assert np.abs(out).max() < 0.85
        assert out[0] == 0
        assert abs(out[-1]) < 1e-3
    assert abs(levels[0] - levels[1]) < 1.5


def test_silence_stays_silence() -> None:
    assert np.abs(polish(np.zeros(RATE), RATE)).max() == 0
