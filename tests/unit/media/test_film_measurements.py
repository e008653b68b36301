"""Reading what ffmpeg measured, and judging it, without ffmpeg."""

from __future__ import annotations

from array import array

import pytest

from reelstep.media.inspection import caption_errors, parse_black
from reelstep.media.loudness import parse_summaries
from reelstep.media.quality import Check, QualityReport, longest_beyond, require
from reelstep.media.stillness import Stretch, sample_size, still_stretches
from reelstep.platform.errors import MediaUnreadable, QualityCheckFailed

LOG = """
[ebur128@voice @ 0x5581] Summary:

  Integrated loudness:
    I:         -23.4 LUFS
    Threshold: -33.9 LUFS

  Loudness range:
    LRA:         6.1 LU
    Threshold: -43.8 LUFS

  True peak:
    Peak:       -3.2 dBFS
[ebur128@music @ 0x5582] Summary:

  Integrated loudness:
    I:         -70.0 LUFS
    Threshold:   0.0 LUFS

  Loudness range:
    LRA:         0.0 LU

  True peak:
    Peak:        -inf dBFS
"""


def test_each_summary_is_found_by_its_name() -> None:
    found = parse_summaries(LOG)
    assert set(found) == {"voice", "music"}
    assert (found["voice"].integrated, found["voice"].range_lu) == (-23.4, 6.1)
    assert found["voice"].true_peak == -3.2
    assert found["music"].is_silent
    assert found["music"].true_peak == -120


def test_a_log_without_a_summary_is_no_measurement() -> None:
    with pytest.raises(MediaUnreadable):
        parse_summaries("frame= 1")


def test_black_that_lasts_to_the_end_ends_there() -> None:
    text = (
        "frame:0 pts:0 pts_time:0\nlavfi.black_start=0\n"
        "frame:9 pts:9 pts_time:0.3\nlavfi.black_end=0.3\n"
        "frame:90 pts:90 pts_time:3\nlavfi.black_start=3\n"
    )
    assert parse_black(text, 4.5) == (Stretch(0, 0.3), Stretch(3, 4.5))


def test_what_the_timeline_asks_for_is_taken_from_a_found_stretch() -> None:
    asked = (Stretch(0, 0.5), Stretch(9, 10))
    assert longest_beyond((Stretch(0, 1.2),), asked).seconds == pytest.approx(0.7)
    assert longest_beyond((Stretch(8.9, 10),), asked).seconds == pytest.approx(0.1)
    assert longest_beyond((Stretch(9.1, 9.9),), asked).seconds == 0
    assert longest_beyond((Stretch(0.2, 9.5),), asked) == Stretch(0.5, 9)
    assert longest_beyond((), asked).seconds == 0


def test_a_caption_that_could_not_be_drawn_counts_as_missing() -> None:
    yavg = "lavfi.signalstats.YAVG="
    assert caption_errors(f"{yavg}0.1\n{yavg}0\n", f"{yavg}5.1\n{yavg}0\n") == (
        pytest.approx(5.0),
        255.0,
    )


SIZE = (8, 4)


def picture(level: float) -> bytes:
    """Luma from 40 to 200 across, all of it raised by `level` (0-255)."""
    row = [round((40 + 160 * x / 7 + level) * 257) for x in range(8)]
    return array("H", row * 4).tobytes()


def test_still_stretches_are_found_between_moves() -> None:
    levels = [0.0, 8.0, 16.0, 16.1, 16.2, 16.0, 16.1, 24.0, 32.0, 32.0]
    samples = b"".join(map(picture, levels))
    assert still_stretches(samples, SIZE, 0.25) == (Stretch(0.5, 1.5), Stretch(2.0, 2.25))


def test_a_creep_that_no_two_neighbours_show_is_a_move() -> None:
    samples = b"".join(picture(0.3 * step) for step in range(40))
    assert all(stretch.seconds <= 1 for stretch in still_stretches(samples, SIZE, 0.25))


def test_a_truncated_sample_is_left_out() -> None:
    assert still_stretches(picture(0) * 3 + b"xx", SIZE, 0.5) == (Stretch(0, 1.0),)
    assert still_stretches(b"", SIZE, 0.5) == ()


@pytest.mark.parametrize(("width", "height"), [(1920, 1080), (1080, 1920), (720, 720)])
def test_samples_keep_the_films_shape(width: int, height: int) -> None:
    across, down = sample_size(width, height)
    assert across / down == pytest.approx(width / height, rel=0.03)
    assert across * down == pytest.approx(2304, rel=0.03)


def test_an_empty_report_has_not_passed() -> None:
    assert not QualityReport(checks=()).passed
    with pytest.raises(QualityCheckFailed, match="nothing was checked"):
        require(QualityReport(checks=()))


def test_a_failed_report_names_what_failed_and_keeps_the_details() -> None:
    bad = Check(name="loudness", passed=False, measured="-20.0 LUFS", expected="-14 LUFS ±0.5")
    good = Check(name="faststart", passed=True, measured="index first", expected="index first")
    report = QualityReport(checks=(good, bad))
    assert report.failed == ("loudness",)
    with pytest.raises(QualityCheckFailed) as raised:
        require(report)
    assert "loudness" in raised.value.message
    assert "faststart" not in raised.value.message
    assert raised.value.detail == "loudness: -20.0 LUFS, expected -14 LUFS ±0.5"
