"""Who a film is about: the hero as the prompt names it, and as the story may call it later."""

from __future__ import annotations

import re
from dataclasses import dataclass

from reelstep.providers.offline.illustrator.reading import fold
from reelstep.providers.offline.template_writer.german import accusative, nominative
from reelstep.providers.offline.template_writer.material import Grammar, Material
from reelstep.providers.offline.template_writer.texts import EDGES, pictured

_LONGEST = 80
_BREATHING = (
    "cat dog lion horse unicorn rabbit bear fox wolf tiger elephant giraffe zebra cow sheep camel "
    "deer mouse bird owl penguin duck butterfly bee fish whale dolphin turtle frog dragon dinosaur "
    "robot snowman"
)
_MOVING = "boat ship rocket train plane hotair car bus bicycle"
_HEROES = (*_BREATHING.split(), *_MOVING.split())
"""Concepts that can be heroes, those that breathe first."""
_ANIMATE = frozenset(_HEROES)
_GERMAN_RELATIVES = frozenset(["der", "die", "das", "dem", "den", "deren", "dessen"])


@dataclass(frozen=True)
class Subject:
    """The film's hero as the prompt names it: "un chat roux" and, later on, "le chat roux"."""

    phrase: str
    """With what the prompt adds to it; empty where that is a whole sentence."""
    definite: str
    """Empty for what cannot act."""
    number: str
    """"one" or "many"."""
    met: str = ""
    """As what somebody meets ("einen kleinen Hund"), without additions; empty when unsure."""
    seen: str = ""
    """The same once it is known ("den kleinen Hund")."""
    tells: bool = False
    """Whether `phrase` says what the hero does: "a dragon that guards a treasure"."""
    several: frozenset[str] = frozenset()
    """Concepts of which there is more than one."""


def subject(core: str, material: Material) -> Subject | None:
    """The hero at the beginning of a prompt: "a lighthouse keeper and her cat on a rock"."""
    grammar = material.grammar
    words = core.split()
    article = words[0].lower() if words else ""
    if article not in grammar.articles:
        return None
    head = _head(words[1:], grammar)
    if head is None:
        return _thing(core, words, grammar)
    end = _noun_end(words, head + 2, grammar)
    first = _phrases(words[:end], material)
    if first is None:
        return None
    begin, definite, met, seen = first
    number = grammar.articles[article][1]
    partner = _partner(words, end, material)
    if partner:
        joint, end, (other, other_definite, other_met, other_seen) = partner
        begin, definite = f"{begin} {joint} {other}", f"{definite} {joint} {other_definite}"
        met = f"{met} {joint} {other_met}" if met and other_met else ""
        seen = f"{seen} {joint} {other_seen}" if seen and other_seen else ""
        number = "many"
    rest = words[end:]
    # "a cat walks on the beach" is a whole sentence and cannot follow "Meet"; "a cat that …" can.
    aside = words[end - 1][-1] in ",;" and rest[:1] and rest[0].lower() in _GERMAN_RELATIVES
    pause = words[end - 1][-1] in ",;:"
    follows = not rest or pause or _continues(rest[0], grammar)
    stop = words[end - 1][len(words[end - 1].rstrip(EDGES)) :]
    tail = stop + " " + " ".join(rest) if rest else ""
    phrase = begin + (tail if len(core) <= _LONGEST else "") if follows else ""
    if not follows and not acts(core, material):
        met = ""  # "a rocket trip": the rocket comes in later.
    several = _concepts(definite) if number == "many" and not partner else set()
    tells = bool(aside or (rest and grammar.extends.match(rest[0].strip(EDGES))))
    return Subject(phrase, definite, number, met, seen, tells, frozenset(several))


def named(
    core: str, things: tuple[str, ...], material: Material, known: Subject | None
) -> Subject | None:
    """A hero among the things that a prompt shows, called by its usual name: "the train"."""
    concept = next((name for name in _HEROES if name in things), None)
    if concept is None or concept not in material.heroes:
        return known
    one, many = material.heroes[concept]
    said = {fold(word.strip(EDGES)) for word in core.split()}
    single, several = fold(one.split()[-1]), fold(many.split()[-1])
    if material.language == "ar":
        said |= {word.removeprefix("ال") for word in said}
        single, several = single.removeprefix("ال"), several.removeprefix("ال")
    # "Roboter tanzen": one of them would have had an article.
    plural = several in said and (single not in said or single == several)
    definite = many if plural and many else one
    seen = definite
    if material.language == "de" and not plural:
        seen = accusative(definite, definite) or ""
    met = ""
    first = core.split()[0].strip(EDGES)
    if material.language == "ar" and not first.startswith("ال") and concept in _concepts(first):
        met = first
    phrase = known.phrase if known else ""
    number = "many" if plural else "one"
    several_of = frozenset({concept} if plural else ())
    return Subject(phrase, definite, number, met, seen, several=several_of)


def acts(core: str, material: Material) -> bool:
    """Whether `core` is a sentence with a verb: "a cat walks on the beach"."""
    grammar = material.grammar
    words = core.split()
    if not words:
        return False
    if material.language == "ar":
        return bool(len(words) > 2 and _concepts(words[0]) & _ANIMATE and any(
            re.match(r"[يت]\w{2,}$", word) for word in words[1:3]
        ))  # fmt: skip
    if words[0].lower() not in grammar.articles:
        return False
    head = _head(words[1:], grammar)
    if head is None:
        return False
    end = _noun_end(words, head + 2, grammar)
    rest = [word.strip(EDGES) for word in words[end : end + 1]]
    return bool(rest and not _continues(rest[0], grammar) and grammar.verbs.match(rest[0]))


def leads(core: str) -> bool:
    """Whether the first word is already the hero: "Robots dancing"."""
    return bool(_concepts(core.split()[0].strip(EDGES)) & _ANIMATE)


def _concepts(text: str) -> set[str]:
    return {name for kind, name in pictured(text) if kind == "element"}


def _noun_end(words: list[str], end: int, grammar: Grammar) -> int:
    """Where the noun ends whose head is before `end`: adjectives, and "de phare", belong to it."""
    if words[end : end + 1] and words[end].lower() in {"de", "del"} and len(words) > end + 1:
        after = words[end + 1].strip(EDGES).lower()
        if after not in grammar.articles and not grammar.stops.match(after):
            end += 2
    while end < len(words) and grammar.epithets.match(words[end].strip(EDGES)):
        end += 1
    return end


def _phrases(words: list[str], material: Material) -> tuple[str, str, str, str] | None:
    """The indefinite and definite phrase of an article and its noun, and both as objects."""
    grammar = material.grammar
    article = words[0].lower()
    noun = [word.strip(EDGES) for word in words[1:]]
    if material.language == "de":
        if article in {"zwei", "drei"}:
            noun[-1] = _undative(noun[-1], material)
        resolved = nominative(article, noun)
        if resolved is None:
            return None
        begin, again = resolved
        return begin, again, accusative(begin, again) or "", accusative(again, again) or ""
    definite = grammar.articles[article][0]
    named = " ".join(noun)
    begin = f"{article} {named}"
    again = f"{definite} {named}"
    if grammar.elision and definite in {"le", "la"} and grammar.elision.match(named):
        again = f"l'{named}"
    return begin, again, begin, again


def _undative(noun: str, material: Material) -> str:
    """ "Pinguine" for "Pinguinen", as in "von zwei Pinguinen"."""
    for concept in _concepts(noun):
        plural = material.heroes.get(concept, ("", ""))[1].split(" ")[-1]
        if noun == plural + "n":
            return plural
    return noun


def _partner(
    words: list[str], at: int, material: Material
) -> tuple[str, int, tuple[str, str, str, str]] | None:
    """The second half of "a keeper and her cat": the joining word, where it ends, its phrases."""
    grammar = material.grammar
    if len(words) < at + 3 or words[at].lower() not in grammar.joins:
        return None
    article = words[at + 1].lower()
    own = article in grammar.owns
    if not own and article not in grammar.articles:
        return None
    head = _head(words[at + 2 :], grammar)
    if head is None or head > 1:
        return None
    end = _noun_end(words, at + head + 3, grammar)
    if not own:
        phrases = _phrases(words[at + 1 : end], material)
    else:
        noun = " ".join(word.strip(EDGES) for word in words[at + 2 : end])
        phrase = f"{article} {noun}"
        # A German possessive shows its case, except with feminines.
        known = phrase if material.language != "de" or article.endswith("e") else ""
        phrases = (phrase, phrase, known, known)
    return (words[at], end, phrases) if phrases else None


def _head(words: list[str], grammar: Grammar) -> int | None:
    """The place among the first words of the one that says who it is: "cat" in "small cat that"."""
    for index, word in enumerate(words[:4]):
        bare = word.strip(EDGES)
        if grammar.nouns_capital and bare.islower():
            # "ein mutiger Löwe": the courageous one is no tiger.
            if grammar.stops.match(bare):
                return None
            continue
        if grammar.people.match(bare) or _concepts(bare) & _ANIMATE:
            # "robot dog", "boat captain": the last one counts.
            after = words[index + 1].strip(EDGES) if index + 1 < len(words) else ""
            if not grammar.heads_last or not grammar.people.match(after):
                return index
        if grammar.stops.match(bare):
            return None
    return None


def _thing(core: str, words: list[str], grammar: Grammar) -> Subject | None:
    """A film about something that does not act: it can be presented, but does nothing."""
    plain = len(words) == 2 or (len(words) > 2 and _continues(words[2], grammar))
    if not plain or len(core) > _LONGEST or grammar.stops.match(words[1].strip(EDGES)):
        return None
    return Subject(core, "", "one")


def _continues(word: str, grammar: Grammar) -> bool:
    bare = word.strip(EDGES)
    place = re.match(rf"(?:{grammar.places.pattern})$", bare, re.IGNORECASE)
    return bool(place or grammar.extends.match(bare))
