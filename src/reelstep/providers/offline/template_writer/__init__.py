"""The writer that needs no network: little stories from a prompt, in the prompt's language.

`brief` reads the prompt, `story` chooses what scenes are about and say, `material` holds the
sentences, `pacing` makes them fit. Prompts that tell a story themselves, and those in a language
without material, are narrated in their own words (`narration`).
"""

from __future__ import annotations

import hashlib
import random
from dataclasses import replace

from reelstep.providers.base import Scenario, SceneScript, ScriptRequest
from reelstep.providers.language import detect, recognise
from reelstep.providers.offline.template_writer import narration
from reelstep.providers.offline.template_writer.brief import Brief, read
from reelstep.providers.offline.template_writer.material import LANGUAGES, Material, load
from reelstep.providers.offline.template_writer.pacing import scene_seconds
from reelstep.providers.offline.template_writer.sky import facts, light_in, lights
from reelstep.providers.offline.template_writer.story import GREETINGS, MOODS, Topic, plan
from reelstep.providers.offline.template_writer.teller import Teller
from reelstep.providers.offline.template_writer.telling import dialogue
from reelstep.providers.offline.template_writer.texts import clean, pictured
from reelstep.providers.offline.template_writer.worlds import (
    AIRLESS,
    INSIDE,
    SHOWN,
    view_of,
)

__all__ = ["TemplateWriter"]

LONGEST_TITLE = 60

_WEATHER = ("storm", "rain", "snowfall", "fog")
_SKY = {
    "storm": ("lightning", "rain"), "rain": ("rain", "umbrella"), "snowing": ("snowflakes",),
    "fog": ("mist",), "starry": ("moon",),
}  # fmt: skip
"""What the sky shows, by fact."""
_PARTY = {
    "birthday": ("balloons", "bunting"), "newyear": ("fireworks",), "congrats": ("confetti",),
}  # fmt: skip
"""What a feast shows when nobody has asked for anything."""
_ANGLES = ("wide", "close", "wide", "low", "close", "high")


class TemplateWriter:
    """`ScriptWriter` "offline". The same request always gives the same scenario."""

    name = "offline"
    version = "3"

    def write(self, request: ScriptRequest) -> Scenario:
        """A film of `duration_seconds` in scenes that add up to it; never fails on a text."""
        request = _cleaned(request)
        language = (request.language or detect(request.prompt)).lower().split("-")[0]
        if language not in LANGUAGES:
            return narration.narrate(request, language)
        material = load(language)
        brief = _brief(request, material)
        rng = random.Random(_seed(request))
        things = {*request.elements, *(t for t in brief.things if t in material.concepts)}
        lengths = scene_seconds(request.duration_seconds, len(things))
        topics = plan(request, brief, len(lengths), rng, material.concepts)
        teller = Teller(request, brief, material, rng)
        mood = MOODS[request.music_style]
        skies = lights(brief.hour, brief.weather, brief.theme, mood, len(lengths))
        told = narration.share_out(brief.sentences, lengths, language)
        scenes = []
        for index, (topic, length) in enumerate(zip(topics, lengths, strict=True)):
            light = light_in(topic.world, skies[index], brief.hour)
            view = view_of(topic.world, brief.views, brief.shown, index)
            teller.facts = facts(
                topic.world, view, light, brief.hour, brief.weather, brief.theme, brief.shown
            )
            if brief.sentences and told[index]:
                said = told[index]
            else:
                said = dialogue(teller, topic, length, mood)
            angle = "wide" if topic.kind in {"opening", "closing"} else _ANGLES[index % 6]
            scenes.append(
                SceneScript(
                    number=index + 1,
                    duration_seconds=length,
                    description=_description(topic, brief, material, view, light, angle),
                    visual_elements=_visible(topic, brief, view, said, teller.facts),
                    dialogue=said,
                    camera_angle=angle,
                    lighting=light,
                    mood=mood,
                )
            )
        return Scenario(
            title=_title(request, brief, material), language=language, scenes=tuple(scenes)
        )


def _brief(request: ScriptRequest, material: Material) -> Brief:
    """What the prompt says. One written in another language than the film's is understood but not
    quoted: a French phrase has no place in an English sentence."""
    written = recognise(request.prompt)
    if written is None or written == material.language:
        return read(request, material)
    brief = read(request, load(written) if written in LANGUAGES else material)
    return replace(
        brief, core=None, sentences=(), question=None, subject=None, place=None, clause=False
    )


def _cleaned(request: ScriptRequest) -> ScriptRequest:
    elements = tuple(line for element in request.elements if (line := clean(element)))
    return request.model_copy(update={"prompt": clean(request.prompt), "elements": elements})


def _seed(request: ScriptRequest) -> int:
    key = "\x1f".join(
        (request.prompt, str(request.duration_seconds), request.music_style, *request.elements)
    )
    return int.from_bytes(hashlib.sha256(key.encode("utf-8", "replace")).digest()[:8])


def _description(
    topic: Topic, brief: Brief, material: Material, view: str, light: str, angle: str
) -> str:
    """ "Gros plan : un jardin en fleurs, heure dorée ; ballons.": what the picture shows."""
    labels = material.labels
    at_home = topic.world == brief.world and view in brief.views
    where = brief.place if at_home and brief.place else labels[view]
    colon = " : " if material.language == "fr" else ": "
    parts = [f"{labels[angle]}{colon}{where}"]
    if topic.world not in INSIDE | AIRLESS:
        parts += [labels[name] for name in _WEATHER if name in brief.weather]
    if light != "storm":
        parts.append(labels[light])
    if topic.kind == "element" and topic.what not in brief.things:
        parts.append(topic.what[:60])
    elif topic.kind == "opening" and brief.core and set(brief.views) <= {view}:
        parts.append(brief.core)
    text = ("، " if material.language == "ar" else ", ").join(parts)
    return text[:1].upper() + text[1:] + "."


def _visible(
    topic: Topic, brief: Brief, view: str, said: str, facts: frozenset[str]
) -> tuple[str, ...]:
    """Things to show, most important first: the scene's own, the place, the hero, the sky, and
    what is said if it is at home there."""
    shown: list[str] = []
    if topic.kind == "element":
        shown.append(topic.what[:60])
    shown += [what[:60] for what in topic.extra]
    place, *typical = SHOWN[topic.world]
    shown.append(view.replace("_", " ") if view != topic.world else place)
    shown += brief.things[:2]
    for fact, things in _SKY.items():
        if fact in facts:
            shown += things
    if not brief.shown:
        shown += _PARTY.get(brief.theme, ())
    usual = {name for thing in typical for _, name in pictured(thing)}
    shown += [name for kind, name in pictured(said) if kind == "element" and name in usual][:2]
    shown += [thing for thing in typical if not ("storm" in facts and thing == "boat")]
    distinct: dict[object, str] = {}
    for thing in shown:
        distinct.setdefault(pictured(thing)[:1] or thing, thing)
    return tuple(distinct.values())[:7]


def _title(request: ScriptRequest, brief: Brief, material: Material) -> str:
    titles = material.titles
    if brief.theme in GREETINGS:
        frame = titles["named"] if brief.name else titles["plain"]
        return frame.format(title=titles[brief.theme], name=brief.name or "")[:LONGEST_TITLE]
    named = brief.question or brief.core
    if material.language == "de" and brief.subject and brief.subject.phrase:
        named = brief.subject.phrase
    return narration.shortened(named, LONGEST_TITLE) or titles.get(brief.theme, titles["story"])
