"""The language of the lists, the lists themselves, and what a review may cost."""

from __future__ import annotations

import json
import subprocess
import sys
from importlib.resources import files

import pytest

from reelstep.providers.base import Category, Strictness
from reelstep.providers.offline.word_lists import WordLists
from reelstep.providers.offline.word_lists.normalise import fold, ideographs, plain, readings, units
from reelstep.providers.offline.word_lists.rules import Index, Kind, Severity, collapse

SEVERE = Kind("entry", Category.HATE, Severity.SEVERE)
LISTS = sorted(
    (file for file in files("reelstep.providers.offline.word_lists").joinpath("lists").iterdir()),
    key=lambda file: file.name,
)


def finds(rule: str, text: str) -> bool:
    index = Index()
    index.add(rule, SEVERE)
    return bool(index.search(units(text)))


@pytest.mark.parametrize(
    ("rule", "found", "missed"),
    [
        ("wort", ["wort", "WORT", "wörtt", "(wort)", "ein wort."], ["worte", "antwort", "wor t"]),
        ("wort*", ["wort", "worte", "wortlos"], ["antwort", "wor"]),
        ("=café", ["café", "CAFÉ", "cafe\u0301"], ["cafe", "càfe"]),
        ("a b", ["a b", "A, b!", "a-b"], ["a c b", "b a"]),
        ("alpha a|the beta", ["alpha a beta", "alpha the beta"], ["alpha beta", "alpha an beta"]),
        ("alpha a? beta", ["alpha beta", "alpha a beta"], ["alpha the beta"]),
        ("alpha ~ beta", ["alpha beta", "alpha x y z beta"], ["alpha w x y z beta"]),
        ("alpha beta", ["#alphabeta", "alpha_beta"], ["alphabet"]),
        ("be ba", ["be ba"], ["beba"]),
        ("bott", ["bott", "bottt"], ["bot"]),
        ("boat", ["boat", "boaat", "booooat"], ["bat", "bot"]),
    ],
)
def test_rules(rule: str, found: list[str], missed: list[str]) -> None:
    assert [text for text in found if not finds(rule, text)] == []
    assert [text for text in missed if finds(rule, text)] == []


@pytest.mark.parametrize("rule", ["", "~ a", "a ~", "a?", "a b?", "a | b", "a-b", "*", "=", "a||b"])
def test_rules_that_cannot_be_meant_are_refused(rule: str) -> None:
    with pytest.raises(ValueError, match="word"):
        Index().add(rule, SEVERE)


@pytest.mark.parametrize("file", LISTS, ids=lambda file: file.name)
def test_lists_are_well_formed(file: object) -> None:
    data = json.loads(file.read_text("utf-8"))  # type: ignore[attr-defined]
    assert set(data) <= {"entries", "minors", "exposed", "allowed", "anywhere"}
    for category, severities in data["entries"].items():
        assert category in Category.__members__
        for severity, rules in severities.items():
            assert severity.upper() in Severity.__members__
            assert len(rules) == len(set(rules)), (category, severity)
            for rule in rules:
                assert rule == rule.strip()
                assert rule
    for role in ("minors", "exposed", "allowed"):
        assert len(data.get(role, [])) == len(set(data.get(role, []))), role


@pytest.mark.parametrize("file", LISTS, ids=lambda file: file.name)
def test_no_entry_is_excused_by_a_harmless_phrase(file: object) -> None:
    """An allowed word that covers an entry would switch the entry off for good."""
    data = json.loads(file.read_text("utf-8"))  # type: ignore[attr-defined]
    for severities in data["entries"].values():
        for severity, rules in severities.items():
            for rule in rules:
                words = rule.split()
                if len(words) > 1 or severity == "mild" or data.get("anywhere"):
                    continue
                for word in words[0].split("|"):
                    text = word.strip("=*")
                    found = WordLists().review(text, Strictness.STRICT).category
                    assert found is not None, text


def test_five_languages_have_every_category() -> None:
    for language in ("en", "fr", "es", "de", "ar"):
        file = next(file for file in LISTS if file.name == f"{language}.json")
        entries = json.loads(file.read_text("utf-8"))["entries"]
        assert set(entries) == set(Category.__members__)


@pytest.mark.parametrize(
    ("written", "folded"),
    [
        ("ＫＩＬＬ", "kill"), ("𝐤𝐢𝐥𝐥", "kill"), ("k\u200bi\u00adl\ufeffl", "kill"),
        ("Straße", "strasse"), ("CAFÉ", "café"), ("🅰🅱", "ab"),
        ("اغـتـصاب", "اغتصاب"), ("قُبَّة", "قبه"),
        ("a\nb\tc", "a\nb\tc"), ("ﬁne", "fine"), ("k̴i̴", "ki"), ("\u00a0", " "),
    ],
)  # fmt: skip
def test_folding(written: str, folded: str) -> None:
    assert fold(written) == folded
    assert fold(folded) == folded


def test_plain_words_have_no_accents_or_strokes() -> None:
    assert plain("søråéñł") == "soraenl"
    assert plain("أإآ") == "ااا"


def test_readings_of_digits_and_signs() -> None:
    assert list(readings("k1ll")) == ["k1ll", "kill", "klll"]
    assert list(readings("2025")) == ["2025"]
    assert list(readings("45s")) == ["45s"]
    assert list(readings("plain")) == ["plain"]


def test_runs_of_letters() -> None:
    assert collapse("assess") == ("ases", (1, 2, 1, 2))
    assert collapse("") == ("", ())


def test_chinese_is_looked_for_anywhere() -> None:
    assert ideographs("我·爱 B 北京!") == "我爱北京"
    assert ideographs("plain") == ""


@pytest.mark.parametrize(
    "text",
    ["l1|1l!" * 333, "a " * 1000, "a.b" * 666, "1" * 2000, "*" * 2000, "how to " * 280,
     "a-" * 1000, "é" * 2000, "kill the " * 220, "\u0301" * 2000, "f*" * 1000, "$@" * 1000,
     "a.b.c.d.e.f.g.h.i.j " * 100],
)  # fmt: skip
def test_work_grows_with_the_text_and_no_faster(text: str) -> None:
    """Counted and not timed: readings of a text that is made to have many."""
    count = sum(len(here) for here in units(text[:2000]))
    assert count <= 24 * 2000
    assert sum(len(here) for here in units(text[:2000] * 4)) <= 5 * count + 100


@pytest.mark.timeout(30)
@pytest.mark.parametrize("text", ["child naked ", "naked mole rat kill ", "child " * 9 + "naked "])
def test_a_long_text_full_of_hits_is_no_trap(text: str) -> None:
    """60,000 characters of "child naked" took 39 s: every pair of hits was looked at."""
    WordLists().review((text * 10_000)[:60_000], Strictness.NORMAL)


def test_importing_it_reads_no_list() -> None:
    code = (
        "from reelstep.providers.offline.word_lists import moderator, WordLists; WordLists();"
        "print(moderator._lists.cache_info().currsize)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "0"
