"""Films in the prompt's own words: for languages without material, and for prompts that tell."""

from __future__ import annotations

from collections.abc import Sequence

from reelstep.providers.base import MusicStyle, Scenario, SceneScript, ScriptRequest
from reelstep.providers.offline.template_writer.pacing import MOST, scene_seconds, spoken_seconds
from reelstep.providers.offline.template_writer.texts import (
    clean,
    pictured,
    split_sentences,
    without_emoji,
)

_MOODS = {
    MusicStyle.UPBEAT: "joyful",
    MusicStyle.CALM: "calm",
    MusicStyle.EPIC: "epic",
    MusicStyle.ROMANTIC: "romantic",
}


def narrate(request: ScriptRequest, language: str) -> Scenario:
    """A film that says the prompt and the elements, in `language`, and nothing else."""
    lengths = scene_seconds(request.duration_seconds)
    prompt = clean(request.prompt)
    sentences = list(split_sentences(without_emoji(prompt)))
    sentences += [line for element in request.elements for line in split_sentences(clean(element))]
    told = share_out(sentences, lengths, language)
    shown = [name for _, name in pictured(prompt + ", " + ", ".join(request.elements))]
    lights = ("day", "day", "golden hour", "sunset")
    scenes = tuple(
        SceneScript(
            number=index + 1,
            duration_seconds=length,
            description=(told[index] or prompt)[:300],
            visual_elements=tuple(
                dict.fromkeys([*(n for _, n in pictured(told[index])), *request.elements, *shown])
            )[:7],
            dialogue=told[index],
            camera_angle=("wide", "close", "low", "wide", "high", "close")[index % 6],
            lighting=lights[index * len(lights) // len(lengths)],
            mood=_MOODS[request.music_style],
        )
        for index, length in enumerate(lengths)
    )
    title = shortened(sentences[0].rstrip(".。") if sentences else prompt, 60) or "…"
    return Scenario(title=title, language=language, scenes=scenes)


def share_out(sentences: Sequence[str], lengths: Sequence[float], language: str) -> tuple[str, ...]:
    """The sentences in order over the scenes, each scene at most as full as speech allows.

    Few sentences are spread evenly over the film; what does not fit at the end is left out. A
    sentence longer than the longest scene is cut at a comma or a space.
    """
    room = [length * MOST for length in lengths]
    pieces = [piece for line in sentences for piece in _fitting(line, max(room), language)]
    total = sum(spoken_seconds(piece, language) for piece in pieces)
    slack = max(sum(room) - total, 0.0) / max(len(pieces), 1)
    scenes: list[list[str]] = [[] for _ in lengths]
    used = [0.0] * len(lengths)
    at, clock, passed = 0, 0.0, 0.0
    for piece in pieces:
        takes = spoken_seconds(piece, language)
        while at < len(lengths) and (
            used[at] + takes > room[at] or (scenes[at] and clock >= passed + room[at])
        ):
            passed += room[at]
            at += 1
        if at == len(lengths):
            break
        scenes[at].append(piece)
        used[at] += takes
        clock += takes + slack
    return tuple(" ".join(lines) for lines in scenes)


def _fitting(sentence: str, room: float, language: str) -> list[str]:
    if spoken_seconds(sentence, language) <= room:
        return [sentence]
    words = sentence.split(" ")
    if len(words) == 1:
        keep = max(int(len(sentence) * room / spoken_seconds(sentence, language) * 0.9), 1)
        return [sentence[i : i + keep] for i in range(0, len(sentence), keep)]
    pieces: list[str] = []
    line: list[str] = []
    for word in words:
        if line and spoken_seconds(" ".join([*line, word]), language) > room:
            pieces.append(" ".join(line))
            line = []
        line.append(word)
    pieces.append(" ".join(line))
    return [
        part
        for piece in pieces
        for part in (_fitting(piece, room, language) if " " not in piece else [piece])
    ]


def shortened(text: str | None, limit: int) -> str:
    """`text` with a capital, at most `limit` characters, cut between words."""
    if not text:
        return ""
    text = text[:1].upper() + text[1:]
    if len(text) <= limit:
        return text
    cut = text[: limit - 1].rsplit(" ", 1)[0] if " " in text[: limit - 1] else text[: limit - 1]
    return cut.rstrip(" ,;:-") + "…"
