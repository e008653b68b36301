"""Chooses the sentences of each scene: what is particular to the film first, what fits any, last.

Every sentence of the material is said at most once in a film. Choices are drawn from a generator
seeded with the request, so that the same request tells the same story and another one, another.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from reelstep.providers.offline.template_writer.material import Line, Material
from reelstep.providers.offline.template_writer.story import (
    GREETINGS,
    LONG,
    WITHOUT_SCENERY,
    Topic,
)
from reelstep.providers.offline.template_writer.teller import Arc, Sources, Teller
from reelstep.providers.offline.template_writer.texts import pictured

_SKIES = ("storm", "rain", "snowfall", "fog", "night", "dusk", "dawn", "day")
# Things that are at home in a place: their sentences may be told there in a long film.
_AROUND = {
    "garden": ("flower", "butterfly", "tree"), "forest": ("tree", "bird"), "coast": ("boat", "sun"),
    "mountain": ("castle", "bird"), "lake": ("fish", "boat"), "village": ("house", "horse"),
    "city": ("coffee", "guitar"), "meadow": ("car", "train", "sun"), "home": ("book", "coffee"),
    "snow": ("house", "tree"), "space": ("star", "rocket"), "planet": ("star",),
    "stage": ("guitar", "heart"),
}  # fmt: skip


def dialogue(teller: Teller, topic: Topic, length: float, mood: str) -> str:
    """What is said in the scene of `topic`, `length` seconds long."""
    material, brief = teller.material, teller.brief
    world = material.worlds[topic.world]
    own, fillers = _own(teller, topic), _fillers(teller, topic, mood)
    extras: list[tuple[int, Sequence[str]]] = [(9, _about(teller, what)) for what in topic.extra]
    if topic.kind == "opening":
        return teller.compose(length, [*_opening(teller, world), *extras], own, fillers)
    if topic.kind == "closing":
        return teller.compose(length, extras, own, fillers, _ending(teller, world))
    if topic.kind == "element":
        about = _about(teller, topic.what)
        more = (_sentences_of(teller, topic.what), 1)
        return teller.compose(length, [(0, about), *extras], [more, *own], fillers)
    if topic.kind == "turn":
        return teller.compose(length, [(0, material.turns), *extras], own, fillers)
    if topic.kind == "theme" and brief.theme not in _PLAYED:
        beats = material.beats[brief.theme]
        return teller.compose(length, [(0, beats), *extras], own, fillers)
    if topic.returning:
        return teller.compose(length, [(0, material.returns), *extras], own, fillers)
    if not topic.arriving and teller.meets_hero():
        extras.insert(0, (1, world["hero"]))
    arrival = teller.fresh(world["arrive"]) if topic.arriving else []
    return teller.compose(length, [(0, arrival), *extras], own, fillers)


_PLAYED = frozenset({"story", "adventure", "love"})
"""Themes whose films are a story that plays somewhere."""


def _own(teller: Teller, topic: Topic) -> Sources:
    """What belongs to this film and no other, most fitting first."""
    material, brief = teller.material, teller.brief
    long = teller.request.duration_seconds > LONG
    world = material.worlds[topic.world]
    beats = material.beats[brief.theme]
    skies = [line for sky in _SKIES for line in material.skies[sky]]
    arc = Arc((*world["first"], *world["then"]))
    if brief.theme in _PLAYED:
        themed = () if brief.theme == "story" else beats
        leading = beats if brief.theme == "love" else ()
        things = [line for thing in brief.things for line in _sentences_of(teller, thing)]
        return [
            *[(leading, 1), (arc, 2), (things, 1), (world["hero"], 1), (themed, 1), (arc, 4)],
            *[(skies, 1), (world["events"], 2), (themed, 2), (skies, 2), (world["hero"], 2)],
        ]
    if brief.theme in GREETINGS - WITHOUT_SCENERY:
        return [(beats, 6), (world["events"], 4 if long else 2), (arc, 2 if long else 0)]
    return [(beats, 9)]


def _fillers(teller: Teller, topic: Topic, mood: str) -> Sources:
    """What fits many films, for what `_own` leaves open."""
    material, brief = teller.material, teller.brief
    long = teller.request.duration_seconds > LONG
    world = material.worlds[topic.world]
    beats, thoughts = material.beats[brief.theme], material.thoughts[mood]
    hero = material.subject[brief.subject.number] if brief.subject else ()
    # A long film rations what is its own, so that there is some left for its last scenes.
    ration = 1 if long else 9
    fillers: list[tuple[Sequence[str], int]] = [(hero, ration)]
    if brief.theme not in WITHOUT_SCENERY or long:
        fillers += [(world["events"], 9), (thoughts, ration)]
    fillers += [(beats, 9), (thoughts, 9), (material.beats["story"], 9)]
    if long:
        skies = [line for sky in _SKIES for line in material.skies[sky]]
        arc = Arc((*world["first"], *world["then"]))
        fillers += [(arc, 9), (skies, 9), (_anything(material, mood, topic.world), 9)]
    return fillers


def _ending(teller: Teller, world: Mapping[str, Sequence[Line]]) -> Sequence[str]:
    """Sentences of which one ends the film."""
    closings, theme = teller.material.closings, teller.brief.theme
    last = teller.next(world["last"]) if theme in {"story", "adventure"} else []
    if last:
        return Arc(last)
    return teller.fresh(closings.get(theme, ())) or teller.fresh(closings["story"])


def _opening(
    teller: Teller, world: Mapping[str, Sequence[Line]]
) -> list[tuple[int, Sequence[str]]]:
    """What the first scene must say: the theme's greeting, then who and where.

    What the film is about comes first when there is not room for both, except that nothing comes
    before a greeting.
    """
    brief, openings = teller.brief, teller.material.openings
    about = _introduction(teller, world)
    if brief.theme in GREETINGS:
        return [(0, _named(teller) or openings[brief.theme][:1]), (1, about)]
    if brief.theme in _PLAYED:
        return [(1, about)]
    return [(1, about), (0, openings[brief.theme])]


def _introduction(teller: Teller, world: Mapping[str, Sequence[Line]]) -> Sequence[str]:
    """Sentences of which one says who the film is about, or where it plays."""
    brief, openings = teller.brief, teller.material.openings
    subject = brief.subject
    if brief.question:
        teller.ready.add(brief.question)
        return (brief.question,)
    if brief.theme in GREETINGS:
        return openings.get(f"{brief.theme}_place" if brief.place else "", ())
    if brief.theme == "explainer" and brief.core:
        return openings["question"]
    if brief.theme == "product" and brief.core:
        return openings["present"]
    if brief.clause:
        return Arc((*teller.fresh(openings["clause"]), *teller.fresh(openings["brief"])))
    ways: list[Sequence[str]] = []
    if brief.core and not (subject and subject.met):
        ways.append(openings["core"])
    if subject and subject.definite and (subject.met or not brief.core):
        met = [line for line in world["open"] if "{a}" in line and subject.met]
        ways.append(met or [line for line in world["open"] if "{hero}" in line.lower()])
        if subject.phrase and subject.met:
            ways.insert(0 if subject.tells else len(ways), openings["subject"])
    if brief.place:
        ways.append(openings["place"])
    found = [lines for way in ways if (lines := teller.fresh(way))]
    if not found:
        return openings["story"]
    tells = subject is not None and subject.tells
    chosen = found[0] if len(found) == 1 or tells or teller.rng.random() < 0.6 else found[1]
    return Arc((*chosen, *teller.fresh(openings["brief"])))


def _named(teller: Teller) -> list[str]:
    titles, name = teller.material.titles, teller.brief.name
    if not name or teller.brief.theme not in titles:
        return []
    line = titles["named"].format(title=titles[teller.brief.theme], name=name)
    teller.ready.add(line)
    return [line]


def _about(teller: Teller, what: str) -> Sequence[str]:
    """Sentences for an element: those of its concept, else a frame that quotes it."""
    known = _sentences_of(teller, what)
    if known and teller.fresh(known):
        return known
    if what in teller.brief.things:
        return ()
    return teller.fresh(teller.material.elements, element=what[:60].strip(" .!?,;:"))


def _sentences_of(teller: Teller, what: str) -> Sequence[Line]:
    concepts = teller.material.concepts
    concept = next((name for kind, name in pictured(what) if kind == "element"), what)
    subject = teller.brief.subject
    if subject and concept in subject.several:
        # "The robot tilts its head" would be one too few.
        return ()
    return concepts.get(what) or concepts.get(concept) or ()


def _anything(material: Material, mood: str, home: str) -> list[str]:
    """What may be said anywhere in a long film: other moods, what the place has around it."""
    lines: list[str] = []
    for other in ("calm", "joyful", "romantic", "epic"):
        if other != mood:
            lines += material.thoughts[other]
    for thing in _AROUND.get(home, ()):
        lines += material.concepts[thing]
    return lines
