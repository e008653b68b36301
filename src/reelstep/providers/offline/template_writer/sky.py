"""Time and weather of a film, and what is true in a scene because of them.

Pictures and words draw on the same facts, so that nobody basks in the sun on a stormy night.
"""

from __future__ import annotations

from collections.abc import Iterable

from reelstep.providers.offline.template_writer.worlds import (
    AIRLESS,
    FIRM,
    GREEN,
    INSIDE,
    PEOPLED,
    ROOFED,
    STARLIT,
    UNDER_SKY,
    WATERY,
)

_HOURS = {
    "dawn": ("dawn", "dawn", "day"),
    "day": ("day",),
    "golden": ("golden hour", "golden hour", "sunset"),
    "sunset": ("golden hour", "sunset", "sunset", "dusk"),
    "dusk": ("dusk", "dusk", "night"),
    "night": ("night",),
    "overcast": ("overcast",),
    "storm": ("storm",),
}
"""The course of the light, by the illustrator's word for the hour that the prompt names."""
_THEMES = {"newyear": "night", "christmas": "dusk", "anniversary": "golden", "love": "sunset"}
_MOODS = {
    "joyful": ("day", "day", "day", "golden hour"),
    "calm": ("dawn", "day", "day", "golden hour"),
    "epic": ("dawn", "day", "golden hour", "sunset"),
    "romantic": ("golden hour", "golden hour", "sunset", "dusk"),
}
_PARTY = frozenset({"birthday", "christmas", "newyear", "congrats", "anniversary"})
_DARK = frozenset({"night", "dusk"})


def lights(
    hour: str | None, weather: frozenset[str], theme: str, mood: str, count: int
) -> list[str]:
    """The light of each of `count` scenes under the open sky, at the prompt's hour and weather."""
    course = _HOURS[hour or _THEMES.get(theme, "")] if hour or theme in _THEMES else _MOODS[mood]
    if theme == "birthday" and not hour:
        course = _MOODS["joyful"]
    if "storm" in weather:
        # The illustrator draws every hour of a storm alike, and the companion is lit like it.
        course = ("storm",)
    elif weather & {"rain", "fog", "snowfall", "cloudy"} and course[0] not in _DARK:
        course = ("overcast",)
    if course == ("night",) and count > 5 and mood in {"joyful", "epic"} and not weather:
        course = (*["night"] * (count - 1), "dawn")
    return [course[min(index * len(course) // count, len(course) - 1)] for index in range(count)]


def light_in(world: str, sky: str, hour: str | None) -> str:
    """The light in a world, of which some have their own whatever the sky is like."""
    if world in {"space", "stage"}:
        return "night"
    if world == "underwater":
        return "night" if hour == "night" else "day"
    if world == "home":
        return sky if sky in {"night", "dusk", "storm"} else "golden hour"
    if world == "planet" and sky in {"storm", "overcast"}:
        return "dusk"
    return sky


def facts(
    world: str,
    view: str,
    light: str,
    hour: str | None,
    weather: frozenset[str],
    theme: str,
    things: Iterable[str],
) -> frozenset[str]:
    """What holds in a scene; the sentences' tags are these words.

    `sunny` daylight from a clear sky · `day` · `dark` · `night` · `starry` a clear night outside ·
    `stars` dark, and stars may be seen · `low` the sun is low · `fair` no foul weather · `calm` no
    storm · `storm`, `rain`, `snowing`, `fog` outside · `wet` · `snowy` snow lies · `out` on Earth
    and not inside · `green` plants grow · `land` solid ground · `water` at or on it · `air` there
    is some · `earth` on Earth · `people` others may be there · `roofs` · `firs` · `barren` ·
    `festive`; the world, the view, and the things that the film shows.
    """
    found = {world, view, *things}
    out = world in UNDER_SKY
    foul = bool(weather & {"storm", "rain", "snowfall", "fog"})
    dark = light in _DARK or (light == "storm" and hour in {"night", "dusk", None})
    clear = not foul and light not in {"overcast", "storm"}
    checks = {
        "out": out,
        "fair": not foul and light != "storm",
        "calm": "storm" not in weather and light != "storm",
        "dark": dark or world == "space",
        "night": light == "night" and world not in AIRLESS,
        "day": not dark and light != "storm" and world not in {"space", "stage", "planet"},
        "sunny": out and clear and light in {"day", "golden hour"} and hour != "night",
        "low": out and clear and light in {"golden hour", "sunset", "dusk"},
        "starry": out and clear and light == "night",
        "stars": world == "space" or (clear and light == "night" and world in STARLIT),
        "storm": out and "storm" in weather,
        "rain": out and bool(weather & {"rain"}),
        "wet": out and bool(weather & {"rain", "storm"}),
        "snowing": out and (world == "snow" or "snowfall" in weather),
        "fog": out and "fog" in weather,
        "snowy": out and (world == "snow" or bool(weather & {"snowfall", "snowy"})),
        "green": world in GREEN and not weather & {"snowfall", "snowy"},
        "land": world in FIRM,
        "water": world in WATERY,
        "air": world not in AIRLESS,
        "earth": world not in {"space", "planet"},
        "people": world in PEOPLED or theme in _PARTY,
        "roofs": world in ROOFED,
        "inside": world in INSIDE,
        "firs": not found & {"penguin", "whale", "aurora", "bear"},
        "barren": world in {"planet", "desert", "snow"} or bool(weather & {"snowy"}),
        "festive": theme in _PARTY,
    }
    return frozenset(found | {name for name, holds in checks.items() if holds})
