"""Captions as pixels: what libass really draws, with the fonts that are installed."""

from __future__ import annotations

import struct
import unicodedata
from pathlib import Path

import numpy as np
import pytest

from reelstep.media import ffmpeg
from reelstep.media.captions import burn_filter, cues_for, to_ass
from reelstep.media.fonts import FAMILIES, LATIN, Family, family_of, fonts_dir, runs
from reelstep.media.timeline import CaptionWord, Cue, Title
from reelstep.platform.errors import InvalidSettings

WIDTH, HEIGHT, FPS = 960, 540, 30
GROUND = 0x40


def drawn(
    folder: Path,
    text: str | tuple[Cue, ...],
    language: str = "en",
    *,
    frames: tuple[int, ...] = (45,),
    window: tuple[int, int] = (0, 200),
    title: Title | None = None,
) -> np.ndarray:
    """(frames, height, width, 3) RGB of the captions on dark grey; `frames` count in the film.

    One word is lit per half second. The machine's own fonts are out of reach, as they are in a
    function.
    """
    if isinstance(text, str):
        words = text.split(" ")
        text = cues_for(
            [(word, 1 + i * 0.5, 1.5 + i * 0.5) for i, word in enumerate(words)],
            start_frame=0,
            end_frame=200,
            fps=FPS,
            language=language,
        )
    if not (folder / "fonts").exists():
        (folder / "fonts").symlink_to(fonts_dir())
        (folder / "fonts.conf").write_text("<fontconfig></fontconfig>")
    (folder / "c.ass").write_text(
        to_ass(
            text,
            title,
            width=WIDTH,
            height=HEIGHT,
            fps=FPS,
            language=language,
            from_frame=window[0],
            to_frame=window[1],
        )
    )
    chosen = "+".join(f"eq(n\\,{frame - window[0]})" for frame in frames)
    source = (
        f"color=c=0x{GROUND:02x}{GROUND:02x}{GROUND:02x}:s={WIDTH}x{HEIGHT}:r={FPS}:d=4,format=gbrp"
    )
    argv = [
        *("-f", "lavfi", "-i", f"{source},{burn_filter('c.ass', 'fonts')},select={chosen}"),
        *("-frames:v", str(len(frames)), "-fps_mode", "passthrough"),
        *("-f", "rawvideo", "-pix_fmt", "rgb24", "pipe:1"),
    ]
    raw = ffmpeg.run(
        argv, timeout=60, cwd=folder, env={"FONTCONFIG_FILE": str(folder / "fonts.conf")}
    ).stdout
    return np.frombuffer(raw, np.uint8).reshape(len(frames), HEIGHT, WIDTH, 3).astype(int)


def ink(picture: np.ndarray) -> np.ndarray:
    """Where letters are filled: white or amber."""
    return picture[..., 0] > 200


def lit(picture: np.ndarray) -> np.ndarray:
    """Where they are amber."""
    return ink(picture) & (picture[..., 2] < 110)


def columns(mask: np.ndarray) -> tuple[int, int]:
    found = np.flatnonzero(mask.any(axis=0))
    assert found.size, "nothing is drawn"
    return int(found[0]), int(found[-1])


def words_across(mask: np.ndarray, gap: int = 6) -> list[tuple[int, int]]:
    """Left and right of each group of letters, from left to right."""
    found = np.flatnonzero(mask.any(axis=0))
    cuts = np.flatnonzero(np.diff(found) > gap)
    starts, ends = np.r_[found[0], found[cuts + 1]], np.r_[found[cuts], found[-1]]
    return [(int(a), int(b)) for a, b in zip(starts, ends, strict=True)]


def same(one: np.ndarray, other: np.ndarray, levels: int = 2) -> bool:
    return bool(np.abs(one - other).max() <= levels)


# -- literal text ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "plain", "letters"),
    [
        # Each is as wide as the same number of plain letters of the same kind would make it.
        (r"x{\an8}x", "x(/an8)x", 8),
        (r"x\Nx", "x/Nx", 4),
        (r"x\hx\nx", "x/hx/nx", 7),
        (r"x{x", "x(x", 3),
        (r"x}x", "x)x", 3),
        (r"x{\c&H0000FF&}x", "x(/c&H0000FF&)x", 15),
        ("x{}x", "x()x", 4),
        ("x%{n}'; x", "x%(n)'; x", 9),
    ],
)
def test_markup_shows_literally(tmp_path: Path, text: str, plain: str, letters: int) -> None:
    still = Cue(
        start_frame=0,
        end_frame=200,
        lines=((CaptionWord(text=text, start_frame=190, end_frame=200),),),
    )
    shown = drawn(tmp_path, (still,))[0]
    (word,) = still.lines[0]
    bare = still.model_copy(update={"lines": ((word.model_copy(update={"text": plain}),),)})
    left, right = columns(ink(shown))
    expected_left, expected_right = columns(ink(drawn(tmp_path, (bare,))[0]))
    # Braces are a little wider than brackets, a backslash is as wide as a slash.
    assert right - left == pytest.approx(expected_right - expected_left, abs=0.2 * 28 * letters / 3)
    rows = np.flatnonzero(ink(shown).any(axis=1))
    assert rows[0] > HEIGHT * 0.8, "it stays in its place"
    assert rows[-1] - rows[0] < 45, "it is one line"
    assert not lit(shown).any(), "and nothing has changed its colour"


def test_two_texts_that_differ_in_markup_alone_look_different(tmp_path: Path) -> None:
    pictures = [drawn(tmp_path, text)[0] for text in ("ab", r"a\b", r"{\b}ab", "a{b", "a{}b")]
    for index, one in enumerate(pictures):
        for other in pictures[index + 1 :]:
            assert not same(one, other)


# -- highlights --------------------------------------------------------------------------------


def test_the_light_moves_word_by_word_from_left_to_right(tmp_path: Path) -> None:
    one, two, three = drawn(tmp_path, "first second third", frames=(37, 52, 67))
    places = words_across(ink(one))
    assert len(places) == 3
    for picture, (left, right) in zip((one, two, three), places, strict=True):
        assert columns(lit(picture)) == (pytest.approx(left, abs=3), pytest.approx(right, abs=3))


@pytest.mark.parametrize(
    ("language", "text"), [("ar", "مرحبا بالعالم الجميل"), ("he", "שלום לכל העולם")]
)
def test_the_light_moves_from_right_to_left_in_a_right_to_left_line(
    tmp_path: Path, language: str, text: str
) -> None:
    pictures = drawn(tmp_path, text, language, frames=(37, 52, 67))
    middles = [sum(columns(lit(picture))) / 2 for picture in pictures]
    assert middles[0] > middles[1] + 20 > middles[2] + 40
    # The letters themselves do not move, whichever word is lit.
    assert np.array_equal(ink(pictures[0]), ink(pictures[2])) or (
        np.mean(ink(pictures[0]) != ink(pictures[2])) < 0.002
    )


def test_a_latin_name_and_a_number_stand_where_an_arabic_reader_expects_them(
    tmp_path: Path,
) -> None:
    """Regression: with encoding 1 each lit word made its neighbours swap sides."""
    name, _, year = drawn(tmp_path, "Lina تحلم 2026!", "ar", frames=(37, 52, 67))
    assert columns(lit(name))[0] > WIDTH / 2 > columns(lit(year))[1]
    number, mark = (
        columns(ink(drawn(tmp_path, text, "ar", frames=(37,))[0])) for text in ("2026", "2026!")
    )
    assert mark[1] - mark[0] > number[1] - number[0]


def test_the_light_crosses_over_smoothly(tmp_path: Path) -> None:
    pictures = drawn(tmp_path, "first second", frames=(40, 44, 45, 46, 50))
    blue_of_second = [
        int(np.median(picture[..., 2][ink(picture) & (np.arange(WIDTH) > WIDTH / 2)]))
        for picture in pictures
    ]
    assert blue_of_second[0] == 255
    assert blue_of_second[-1] < 80
    assert any(90 < blue < 245 for blue in blue_of_second[1:-1]), "it jumped"


# -- chunks ------------------------------------------------------------------------------------


@pytest.mark.parametrize("border", [31, 46, 70, 88])
def test_a_cue_across_a_chunk_border_looks_the_same_on_both_sides(
    tmp_path: Path, border: int
) -> None:
    """At every border: in the fade, within a highlight, within the title's own fade."""
    title = Title(text="A title", start_frame=20, end_frame=100)
    near = tuple(range(border - 2, border + 4))
    whole = drawn(tmp_path, "first second third", frames=near, title=title)
    left = drawn(tmp_path, "first second third", frames=near[:2], window=(0, border), title=title)
    right = drawn(
        tmp_path, "first second third", frames=near[2:], window=(border, 200), title=title
    )
    # libass counts whole milliseconds: one of a fade's 120 is two levels in each layer, and the
    # ends of the title's growing line move by a tenth of a pixel.
    for one, other in ((whole[:2], left), (whole[2:], right)):
        assert same(one[:, HEIGHT // 2 + 15 :], other[:, HEIGHT // 2 + 15 :], levels=5)
        assert same(one[:, : HEIGHT // 2 + 15], other[:, : HEIGHT // 2 + 15], levels=40)


def test_a_cue_shows_from_its_first_frame_to_its_last(tmp_path: Path) -> None:
    cue = cues_for([("word", 1.0, 1.5)], start_frame=0, end_frame=55, fps=FPS)
    assert (cue[0].start_frame, cue[0].end_frame) == (30, 55)
    pictures = drawn(tmp_path, cue, frames=(29, 32, 52, 55))
    changed = [bool(np.abs(picture - GROUND).max() > 8) for picture in pictures]
    assert changed == [False, True, True, False]


# -- fonts -------------------------------------------------------------------------------------

SCRIPTS = {
    "fr": "À l'été, où ça? Œuvre",
    "ru": "Привет мир",
    "el": "Καλημέρα κόσμε",
    "ar": "مرحبا بالعالم",
    "he": "שלום עולם",
    "hi": "नमस्ते दुनिया",
    "bn": "ওহে বিশ্ব",
    "ta": "வணக்கம் உலகம்",
    "th": "สวัสดีชาวโลก",
    "zh": "你好世界",
    "ja": "こんにちは カタカナ",
    "ko": "안녕하세요 세계",
    "vi": "Tiếng Việt đẹp",
    "en": "🎂 ❤\ufe0f ★ → ✓ ♫ ½ €",
}


@pytest.mark.parametrize("language", SCRIPTS)
def test_every_script_has_glyphs_in_its_family(language: str) -> None:
    covered = {family.name: character_map(fonts_dir() / family.file) for family in FAMILIES}
    for family, run in runs(SCRIPTS[language], language):
        missing = [
            f"{character} U+{ord(character):04X}"
            for character in run
            if ord(character) not in covered[family.name] and character not in " \ufe0f"
        ]
        assert not missing, f"{family.name} has no {missing}"


def test_no_two_words_are_drawn_as_the_same_boxes(tmp_path: Path) -> None:
    pairs = [("ru", "мир", "дом"), ("zh", "你好", "世界"), ("hi", "नमन", "कमल"), ("en", "🎂", "🎈")]
    for language, one, other in pairs:
        assert not same(drawn(tmp_path, one, language)[0], drawn(tmp_path, other, language)[0]), (
            language
        )


def test_devanagari_is_shaped_and_not_laid_out_letter_by_letter(tmp_path: Path) -> None:
    """Regression: the filter's default shaper drew क्षि as three letters with a visible virama."""
    joined = columns(ink(drawn(tmp_path, "क्षि", "hi")[0]))
    apart = columns(ink(drawn(tmp_path, "क्\u200cष", "hi")[0]))
    assert joined[1] - joined[0] < 0.9 * (apart[1] - apart[0])


def test_joined_emoji_are_one_glyph(tmp_path: Path) -> None:
    family = columns(ink(drawn(tmp_path, "x👨\u200d👩\u200d👧")[0]))
    three = columns(ink(drawn(tmp_path, "x👨👩👧")[0]))
    assert family[1] - family[0] < 0.7 * (three[1] - three[0])


RARE = frozenset([*range(0xFA0C, 0xFA2A), 0xFFA0])
"""Compatibility ideographs, each in another font than its neighbours, and the Hangul filler."""


def test_the_table_of_characters_agrees_with_the_fonts() -> None:
    """What the table gives to another family than Noto Sans, that family has, if any has it."""
    covered = {family.name: character_map(fonts_dir() / family.file) for family in FAMILIES}
    wrong = []
    for code in [*range(0x20, 0x3400), *range(0xA640, 0xD7A4), *range(0xF900, 0x1FB00)]:
        character = chr(code)
        if unicodedata.category(character)[0] in "CM" or code in RARE:
            continue  # controls have no glyph; marks follow what they modify
        family = family_of(character)
        others = [name for name, codes in covered.items() if code in codes]
        if others and family.name not in others:
            wrong.append(f"U+{code:04X} {character}: {family.name}, but only in {others}")
    assert not wrong, "\n".join(wrong[:40])


@pytest.mark.parametrize("family", FAMILIES, ids=lambda family: family.name)
def test_metrics_are_those_of_the_files(family: Family) -> None:
    tables = font_tables((fonts_dir() / family.file).read_bytes())
    (units,) = struct.unpack_from(">H", tables["head"], 18)
    ascent, descent = struct.unpack_from(">HH", tables["OS/2"], 74)
    assert (family.ascent, family.descent) == (
        pytest.approx(ascent / units, abs=0.001),
        pytest.approx(descent / units, abs=0.001),
    )


def test_missing_fonts_are_an_error_that_says_what_to_do(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("REELSTEP_FONTS_DIR", str(tmp_path))
    with pytest.raises(InvalidSettings, match="make setup"):
        fonts_dir()
    (tmp_path / LATIN.file).write_bytes(b"")
    assert fonts_dir() == tmp_path


def font_tables(data: bytes) -> dict[str, bytes]:
    """Tables of a TrueType file by name (OpenType specification, "Table directory")."""
    (count,) = struct.unpack_from(">H", data, 4)
    tables = {}
    for index in range(count):
        tag, _, offset, length = struct.unpack_from(">4sIII", data, 12 + 16 * index)
        tables[tag.decode()] = data[offset : offset + length]
    return tables


def character_map(path: Path) -> set[int]:
    """The code points of a font (OpenType "cmap", formats 4 and 12)."""
    table = font_tables(path.read_bytes())["cmap"]
    found: set[int] = set()
    (count,) = struct.unpack_from(">H", table, 2)
    for index in range(count):
        (offset,) = struct.unpack_from(">I", table, 8 + 8 * index)
        (kind,) = struct.unpack_from(">H", table, offset)
        if kind == 12:
            (groups,) = struct.unpack_from(">I", table, offset + 12)
            for group in range(groups):
                start, end, _ = struct.unpack_from(">III", table, offset + 16 + 12 * group)
                found.update(range(start, end + 1))
        elif kind == 4:
            segments = struct.unpack_from(">H", table, offset + 6)[0] // 2
            ends = struct.unpack_from(f">{segments}H", table, offset + 14)
            starts = struct.unpack_from(f">{segments}H", table, offset + 16 + 2 * segments)
            for start, end in zip(starts, ends, strict=True):
                found.update(range(start, end + 1))
    return found - {0xFFFF}
