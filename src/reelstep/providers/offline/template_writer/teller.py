"""Takes sentences out of the material and fills scenes with them."""

from __future__ import annotations

import random
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from itertools import combinations

from reelstep.providers.base import ScriptRequest
from reelstep.providers.offline.template_writer.brief import Brief
from reelstep.providers.offline.template_writer.material import Line, Material
from reelstep.providers.offline.template_writer.pacing import (
    CROWDED,
    ENOUGH,
    FILL,
    LEAST,
    MOST,
    spoken_seconds,
)

_TELLING = frozenset(
    [
        "storm",
        "rain",
        "wet",
        "snowing",
        "fog",
        "night",
        "starry",
        "low",
        "lighthouse",
        "boat",
        "ship",
        "train",
        "rocket",
    ]
)
"""Facts that a story takes up before others."""


_CONTRACTED = {
    "fr": ((" de le ", " du "), (" de les ", " des "), (" à le ", " au "), (" à les ", " aux "),
           (" de un ", " d'un "), (" de une ", " d'une "), (" de des ", " de ")),
    "es": ((" a el ", " al "), (" de el ", " del ")),
}  # fmt: skip
"""What a preposition and the hero's article become."""
_CANDIDATES = 14
"""Sentences that are tried in combination."""

Sources = Sequence[tuple[Sequence[str], int]]
"""Sentences, and how many of them a scene takes at most; the most fitting first."""


class Arc(tuple[str, ...]):
    """Sentences that are told in their order."""

    __slots__ = ()


@dataclass
class Teller:
    """Takes sentences out of the material, each at most once and only where it fits."""

    request: ScriptRequest
    brief: Brief
    material: Material
    rng: random.Random
    said: set[str] = field(default_factory=set)
    ready: set[str] = field(default_factory=set)
    """Finished sentences: braces in them are the prompt's own and no longer mean anything."""
    meetings: int = 0
    facts: frozenset[str] = frozenset()
    """What holds in the scene that is being told (`sky.facts`)."""

    def phrase(self, template: str, **more: str) -> str | None:
        """`template` with the prompt's phrases put in; None when it needs one that is missing."""
        if template in self.ready:
            return template
        subject, place = self.brief.subject, self.brief.place
        values = {
            "core": self.brief.core,
            "Core": _capital(self.brief.core) if self.brief.core else None,
            "hero": subject.seen if subject else None,
            "Hero": _capital(subject.seen) if subject else None,
            "a": subject.met if subject else None,
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
        if "{a}" in template or "{hero}" in template:
            for written, said in _CONTRACTED.get(self.material.language, ()):
                line = line.replace(written, said)
        self.ready.add(line)
        return line

    def fresh(self, templates: Iterable[str], **more: str) -> list[str]:
        """Those sentences of `templates` that fit the scene, can be said and have not been, in
        drawn order."""
        fitting = [t for t in templates if not isinstance(t, Line) or t.needs <= self.facts]
        lines = [line for t in fitting if (line := self.phrase(t, **more)) is not None]
        lines = [line for line in dict.fromkeys(lines) if line not in self.said]
        self.rng.shuffle(lines)
        return lines

    def next(self, templates: Sequence[str]) -> list[str]:
        """As `fresh`, but in the order of a story, and what is about this scene's weather first."""
        lines = self.fresh(templates)
        order = {self.phrase(t): index for index, t in enumerate(templates)}
        own = {self.phrase(t) for t in templates if isinstance(t, Line) and t.needs & _TELLING}
        return sorted(lines, key=lambda line: (line not in own, order[line]))

    def meets_hero(self) -> bool:
        """Whether it is time again for a sentence about the hero: in every other scene asked."""
        self.meetings += 1
        return bool(self.brief.subject and self.brief.subject.seen) and self.meetings % 2 == 1

    def seconds(self, line: str) -> float:
        return spoken_seconds(line, self.material.language)

    def compose(
        self,
        length: float,
        musts: Sequence[tuple[int, Sequence[str]]],
        own: Sources,
        fillers: Sources,
        last: Sequence[str] = (),
    ) -> str:
        """What a scene of `length` seconds says: of each of `musts` (where it is said, sentences to
        choose from; most important first) one sentence if it fits, then what fills it best from
        `own`, and only if that does not do, from `fillers`; of `last` one to end on.
        """
        room, enough = length * MOST, length * LEAST
        used = 0.0
        ending = self._fitting(last, length * CROWDED, prefer_short=length < 6)
        if ending:
            used += self.seconds(ending)
            self.said.add(ending)
        ranked: list[tuple[int, str]] = []
        for rank, group in musts:
            line = self._fitting(group, length * CROWDED - used, prefer_short=length < 6)
            if line:
                ranked.append((rank, line))
                used += self.seconds(line)
                self.said.add(line)
        lines = [line for _, line in sorted(ranked)]
        if used < enough:
            chosen = self._packed(own, enough - used, room - used)
            lines += chosen
            used += sum(map(self.seconds, chosen))
            self.said.update(chosen)
        for group, most in [*own, *fillers]:
            for line in self._ordered(group)[:most]:
                if used >= length * ENOUGH:
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

    def _packed(self, own: Sources, least: float, most: float) -> list[str]:
        """The one to three sentences of `own` that fill `least` to `most` seconds, the first in
        its order that do; empty if none do."""
        candidates: list[str] = []
        for group, share in own:
            fresh = [line for line in self._ordered(group) if line not in candidates]
            candidates += fresh[:share]
        candidates = candidates[:_CANDIDATES]
        best: tuple[int, tuple[int, ...]] | None = None
        takes = [self.seconds(line) for line in candidates]
        for size in (1, 2, 3):
            for picked in combinations(range(len(candidates)), size):
                if least <= sum(takes[index] for index in picked) <= most:
                    cost = sum(picked) + 2 * size
                    if best is None or cost < best[0]:
                        best = cost, picked
        return [candidates[index] for index in best[1]] if best else []

    def _ordered(self, group: Sequence[str]) -> list[str]:
        return self.next(group) if isinstance(group, Arc) else self.fresh(group)

    def _fitting(self, group: Sequence[str], room: float, prefer_short: bool) -> str | None:
        lines = [line for line in self._ordered(group) if self.seconds(line) <= room]
        if not lines:
            return None
        return min(lines, key=self.seconds) if prefer_short else lines[0]


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
