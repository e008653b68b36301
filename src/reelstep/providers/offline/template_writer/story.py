"""Tells a story in scenes: chooses what each one is about and the sentences it says.

Every sentence of the material is said at most once in a film. Choices are drawn from a generator
seeded with the request, so that the same request tells the same story and another one, another.
"""

from __future__ import annotations

import random
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace

from reelstep.providers.base import MusicStyle, ScriptRequest
from reelstep.providers.offline.template_writer.brief import Brief, pictured
from reelstep.providers.offline.template_writer.material import Material
from reelstep.providers.offline.template_writer.pacing import FILL, LEAST, MOST, spoken_seconds

MOODS = {
    MusicStyle.UPBEAT: "joyful",
    MusicStyle.CALM: "calm",
    MusicStyle.EPIC: "epic",
    MusicStyle.ROMANTIC: "romantic",
}

# Where a theme plays when the prompt does not say.
_HOMES = {
    "birthday": ("garden", "home"), "christmas": ("snow", "home"), "newyear": ("city", "stars"),
    "love": ("river", "garden", "stars"), "thanks": ("garden", "village"),
    "congrats": ("city", "mountain"), "product": ("home", "city"), "explainer": ("home",),
    "space": ("space",), "adventure": ("forest", "mountain"),
    "story": ("road", "garden", "village", "forest", "sea"),
}  # fmt: skip
_JOURNEY = (
    "garden", "forest", "river", "village", "road", "mountain", "sea", "rain", "city", "home",
    "stars", "snow",
)  # fmt: skip
GREETINGS = frozenset({"birthday", "christmas", "newyear", "thanks", "congrats"})
"""Themes in which somebody is spoken to."""
_WITHOUT_SCENERY = frozenset({"product", "explainer", "thanks", "congrats"})
"""Themes in which small events of the place would seem out of place."""
_LONG = 90
"""Seconds from which a film also visits other places and moods."""
# Things that are at home in a place: their sentences may be told there.
_AROUND = {
    "garden": ("flower", "butterfly", "tree"), "forest": ("tree", "bird"), "sea": ("boat", "sun"),
    "mountain": ("castle", "bird"), "river": ("fish", "boat"), "village": ("house", "horse"),
    "city": ("coffee", "guitar"), "road": ("car", "train", "sun"), "stars": ("star", "moon"),
    "home": ("book", "coffee", "heart"), "rain": ("rainbow", "book"),
    "snow": ("house", "tree"), "space": ("star", "rocket"),
}  # fmt: skip
_LIGHTS = {"stars": "night", "rain": "overcast", "space": "night", "home": "golden hour"}
_HOURS = {
    "dawn": "dawn", "day": "day", "golden": "golden hour", "sunset": "sunset", "dusk": "sunset",
    "night": "night", "overcast": "overcast", "storm": "overcast",
}  # fmt: skip


@dataclass(frozen=True)
class Topic:
    """What a scene is about: `kind` is opening | element | theme | setting | turn | closing."""

    kind: str
    setting: str
    what: str = ""
    """The element's text or concept, for `element`."""
    arriving: bool = False
    returning: bool = False
    extra: tuple[str, ...] = ()
    """Elements that found no scene of their own."""


@dataclass
class Teller:
    """Takes sentences out of the material, each at most once."""

    request: ScriptRequest
    brief: Brief
    material: Material
    rng: random.Random
    said: set[str] = field(default_factory=set)
    ready: set[str] = field(default_factory=set)
    """Finished sentences: braces in them are the prompt's own and no longer mean anything."""

    def phrase(self, template: str, **more: str) -> str | None:
        """`template` with the prompt's phrases put in; None when it needs one that is missing."""
        if template in self.ready:
            return template
        subject, place = self.brief.subject, self.brief.place
        values = {
            "core": self.brief.core,
            "subject": subject.phrase if subject else None,
            "the": subject.definite if subject else None,
            "The": _capital(subject.definite) if subject and subject.definite else None,
            "place": place,
            "Place": _capital(place) if place else None,
            **more,
        }
        for name, value in values.items():
            if "{" + name + "}" in template and not value:
                return None
        line = template.format(**values)
        self.ready.add(line)
        return line

    def fresh(self, templates: Iterable[str], **more: str) -> list[str]:
        """Those sentences of `templates` that can be said and have not been, in drawn order."""
        lines = [line for t in templates if (line := self.phrase(t, **more)) is not None]
        lines = [line for line in dict.fromkeys(lines) if line not in self.said]
        self.rng.shuffle(lines)
        return lines

    def seconds(self, line: str) -> float:
        return spoken_seconds(line, self.material.language)

    def compose(
        self,
        length: float,
        musts: Sequence[tuple[int, Sequence[str]]],
        fillers: Sequence[tuple[Sequence[str], int]],
        last: Sequence[str] = (),
    ) -> str:
        """What a scene of `length` seconds says: of each of `musts` (where it is said, sentences to
        choose from; most important first) one sentence if it fits, then
        from `fillers` (a source and how many of it), until it is full; of `last` one to end on.
        """
        room, enough = length * MOST, length * LEAST
        used = 0.0
        ending = self._fitting(last, room, prefer_short=length < 7)
        if ending:
            used += self.seconds(ending)
            self.said.add(ending)
        ranked: list[tuple[int, str]] = []
        for rank, group in musts:
            line = self._fitting(group, room - used, prefer_short=length < 6)
            if line:
                ranked.append((rank, line))
                used += self.seconds(line)
                self.said.add(line)
        lines = [line for _, line in sorted(ranked)]
        for group, most in fillers:
            for line in self.fresh(group)[:most]:
                if used >= enough:
                    break
                aim = length * FILL
                takes = self.seconds(line)
                # Do not leave a gap that no sentence is short enough to fill.
                left = room - used - takes
                if left >= 0 and (used + takes >= enough or left > 1.4 or takes > aim / 3):
                    lines.append(line)
                    used += takes
                    self.said.add(line)
        return " ".join([*lines, ending] if ending else lines)

    def _fitting(self, group: Sequence[str], room: float, prefer_short: bool) -> str | None:
        lines = [line for line in self.fresh(group) if self.seconds(line) <= room]
        if not lines:
            return None
        return min(lines, key=self.seconds) if prefer_short else lines[0]


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def plan(request: ScriptRequest, brief: Brief, count: int, rng: random.Random) -> list[Topic]:
    """What each of `count` scenes is about."""
    home = brief.setting or rng.choice(_HOMES[brief.theme])
    middle = count - 2
    named = list(dict.fromkeys(element.strip() for element in request.elements if element.strip()))
    covered = {name for element in named for kind, name in pictured(element) if kind == "element"}
    shown = named + [thing for thing in brief.things if thing not in covered]
    elements = [Topic("element", home, what=thing) for thing in shown]
    crowded = shown[middle:]
    elements = elements[:middle]
    rest = middle - len(elements)
    turns = 1 if middle >= 3 and rest >= 2 else 0
    # Only long films travel; short ones stay where the prompt plays.
    at_home = rest - turns
    if request.duration_seconds > _LONG:
        at_home = min(at_home, 2 + count // 8)
    kinds = ("theme",) if brief.theme in _WITHOUT_SCENERY else ("theme", "setting")
    themes = [Topic(kinds[index % len(kinds)], home) for index in range(at_home)]
    away = _journeys(brief, home, rest - turns - at_home, rng)
    topics = _woven(elements, themes)
    # Away in the middle, so that the film ends where it began.
    cut = (len(topics) * 2 + 2) // 3
    if away and len(away) > 3:
        away[-1] = Topic("setting", home, returning=True)
    topics[cut:cut] = away
    if turns:
        at = round(len(topics) * 0.62)
        topics.insert(at, Topic("turn", topics[at - 1].setting))
    return _with_extras([Topic("opening", home), *topics, Topic("closing", home)], crowded)


def _with_extras(topics: list[Topic], crowded: list[str]) -> list[Topic]:
    """`crowded` elements put beside the topics, from the last scene backwards."""
    extras: list[list[str]] = [[] for _ in topics]
    for index, what in enumerate(crowded):
        extras[-1 - index % len(topics)].append(what)
    return [replace(topic, extra=tuple(more)) for topic, more in zip(topics, extras, strict=True)]


def _journeys(brief: Brief, home: str, count: int, rng: random.Random) -> list[Topic]:
    """Scenes elsewhere, two in each place, in an order that makes a way there and back."""
    places = [place for place in _JOURNEY if place != home]
    if brief.theme == "space" and home != "space":
        places.insert(0, "space")
    start = rng.randrange(len(places))
    route = places[start:] + places[:start]
    topics: list[Topic] = []
    for index in range(count):
        place = route[index // 2 % len(route)]
        topics.append(Topic("setting", place, arriving=index % 2 == 0))
    return topics


def _woven(first: list[Topic], second: list[Topic]) -> list[Topic]:
    """Both lists in their order, spread evenly, `first` first."""
    marked = [((index + 0.4) / max(len(first), 1), topic) for index, topic in enumerate(first)]
    marked += [((index + 0.6) / max(len(second), 1), topic) for index, topic in enumerate(second)]
    return [topic for _, topic in sorted(marked, key=lambda item: item[0])]


def light_of(topic: Topic, brief: Brief, index: int, count: int) -> str:
    """The light of scene `index` of `count`: the prompt's, else the place's, else of the day's
    course from morning to sunset."""
    if topic.setting in _LIGHTS and topic.setting != brief.setting:
        return _LIGHTS[topic.setting]
    if brief.hour:
        return _HOURS.get(brief.hour, "day")
    if topic.setting in {"stars", "space"}:
        return "night"
    course = ("day", "day", "day", "golden hour", "sunset")
    return course[min(index * len(course) // count, len(course) - 1)]


def dialogue(teller: Teller, topic: Topic, length: float, mood: str) -> str:
    """What is said in the scene of `topic`, `length` seconds long."""
    material, brief = teller.material, teller.brief
    beats = material.beats.get(brief.theme, ())
    hero = material.subject[brief.subject.number] if brief.subject else ()
    place = material.settings[topic.setting]
    thoughts = material.thoughts[mood]
    events = place["events"]
    long = teller.request.duration_seconds > _LONG
    if brief.theme in _WITHOUT_SCENERY and not long:
        events = ()
    if brief.theme in {"product", "explainer"} and not long:
        thoughts = ()
    # A long film rations what is its own, so that there is some left for its last scenes.
    ration = 1 if long else 9
    own: list[tuple[Sequence[str], int]] = [(beats, ration), (hero, ration), (events, 9)]
    if brief.theme == "story":
        own = [(hero, ration), (beats, ration), (events, 9)]
    if brief.theme == "story" and brief.setting:
        own = [(hero, ration), (events, 1 if not long else 9), (beats, ration), (events, 9)]
    own += [(thoughts, ration), (beats, 9), (thoughts, 9), (material.beats["story"], 9)]
    if long:
        own.append((_anything(material, mood), 9))
    extras = [(9, _about(teller, what)) for what in topic.extra]
    if topic.kind == "opening":
        return teller.compose(length, [*_opening(teller), *extras], own)
    if topic.kind == "closing":
        last = teller.fresh(material.closings.get(brief.theme, ())) or teller.fresh(
            material.closings["story"]
        )
        return teller.compose(length, extras, own, last)
    if topic.kind == "element":
        about = _about(teller, topic.what)
        more = (_sentences_of(material, topic.what), 9)
        return teller.compose(length, [(0, about), *extras], [more, *own])
    if topic.kind == "turn":
        return teller.compose(length, [(0, material.turns), *extras], own)
    if topic.kind == "theme":
        return teller.compose(length, [(0, beats), *extras], [(hero, ration), *own])
    first = place["arrive"] if topic.arriving else place["events"]
    if topic.returning:
        first = material.returns
    away = [(place["events"], 9), (hero, ration), (thoughts, ration)]
    if topic.setting != brief.setting:
        away += [(material.concepts[thing], 1) for thing in _AROUND[topic.setting]]
    return teller.compose(length, [(0, first), *extras], [*away, *own])


def _opening(teller: Teller) -> list[tuple[int, Sequence[str]]]:
    """What the first scene must say: the theme's greeting, then who and where.

    What the film is about comes first when there is not room for both, except that nothing comes
    before a greeting.
    """
    brief, openings = teller.brief, teller.material.openings
    about = _introduction(teller)
    if brief.theme == "story":
        return [(1, about)]
    if brief.theme in GREETINGS:
        return [(0, _named(teller) or openings[brief.theme][:1]), (1, about)]
    return [(1, about), (0, openings[brief.theme])]


def _introduction(teller: Teller) -> Sequence[str]:
    """Sentences of which one says who the film is about, or where it plays."""
    brief, openings = teller.brief, teller.material.openings
    if brief.question:
        teller.ready.add(brief.question)
        return (brief.question,)
    if brief.theme in GREETINGS:
        return openings.get(f"{brief.theme}_place" if brief.place else "", ())
    if brief.theme == "explainer" and brief.core:
        return openings["question"]
    if brief.subject and brief.subject.phrase:
        return openings["subject"]
    if brief.core:
        return openings["core"]
    return openings["place"] if brief.place else openings["story"]


def _named(teller: Teller) -> list[str]:
    titles, name = teller.material.titles, teller.brief.name
    if not name or teller.brief.theme not in titles:
        return []
    line = titles["named"].format(title=titles[teller.brief.theme], name=name)
    teller.ready.add(line)
    return [line]


def _concept(what: str) -> str | None:
    return next((name for kind, name in pictured(what) if kind == "element"), None)


def _about(teller: Teller, what: str) -> Sequence[str]:
    """Sentences for an element: those of its concept, else a frame that quotes it."""
    known = _sentences_of(teller.material, what)
    if known and teller.fresh(known):
        return known
    if what in teller.brief.things:
        return ()
    return teller.fresh(teller.material.elements, element=what[:60].strip(" .!?,;:"))


def _sentences_of(material: Material, what: str) -> Sequence[str]:
    return material.concepts.get(what) or material.concepts.get(_concept(what) or "") or ()


def _anything(material: Material, mood: str) -> Sequence[str]:
    """What may be said anywhere in a long film: other moods, other places' small events."""
    lines: list[str] = []
    for other in ("calm", "joyful", "romantic", "epic"):
        if other != mood:
            lines += material.thoughts[other]
    for place in _JOURNEY:
        lines += material.settings[place]["events"]
        for thing in _AROUND[place]:
            lines += material.concepts[thing]
    return lines
