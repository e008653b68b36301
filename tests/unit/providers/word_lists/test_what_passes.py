"""False alarms: whole prompts that must pass, for everybody or at least for those not watched."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reelstep.providers.base import Strictness
from reelstep.providers.offline.word_lists import WordLists

PASS_ALWAYS = """
Scunthorpe United plays at home | Assassin's Creed in Venice | A cocktail at sunset
Essex, Sussex and Middlesex | Shiitake mushrooms in soy sauce | Dick Van Dyke dances
We analyse the data | kill time at the airport | A shooting star over the desert
A killer whale and her calf | The bomb calorimeter, explained | Moby Dick hunts the ship
Tom, Dick and Harry | A pussy willow in bloom | Rapeseed fields in May | A rapper is rapping
Great tits and blue tits at the feeder | Naked mole rats underground | Sex education in schools
Sex education for children | A cock crows at dawn | To kill a mockingbird | A murder of crows
Kill two birds with one stone | Maine Coon kittens | The Dutch boy and the dyke
A chink in the armour | A 12 year old girl wins the race | Fall in love with a robot
Grapes, drapes and therapists | Titan, Titanic and titanium | How to make a bath bomb
How to make a paper plane | How to build a house | How to hack your morning routine
How to kill weeds in the garden | Best way to end a speech | A cat plays with its tail
I cut myself a slice of cake | Ben 10 | 4K, 1080p, H1N1, B2B, MP3 | Penistone is a town
the pen is mightier than the sword | It's hit after hit | Depeche Mode | Goddess and fodder
A Jewish wedding in Jerusalem | Muslims celebrating Eid | Gay pride parade | Kinder Surprise
A black woman conducts an orchestra | Breast cancer awareness | J.R.R. Tolkien | U.S.A. and U.K.
A B C D E F G, learn the alphabet | Viola d'amore | A bass viol and a lute | The road A55
Farther on there is a clearing | A putto in the church | Suicide prevention | A cuckoo clock
Une salopette bleue | Un pique-nique dans le parc | Des enfants pieds nus dans l'herbe
Du fromage râpé et des carottes râpées | Un concert de violon et de viole | Un bonbon à la rose
Une chatte et ses chatons | Le coq chante | Un chat lèche sa queue | Il fume la pipe
L'analyse du ciel | Un train en retard | Tuer le temps à la gare | Une bombe glacée
La conduite, le conte, la confiance | Le sexe des anges | Branle-bas de combat
Un enfant de 7 ans souffle ses bougies | Une petite fille joue du piano | En transe
Un cul-de-sac | Une orque dans l'océan | Condom-en-Armagnac | Assez, c'est assez
Un cono de helado | Café con leche y con azúcar | Los niños celebran tres años
Una computadora nueva | Matar el tiempo | Un gato negro | La mujer negra canta | El pollo asado
Una bomba de agua | Un zorro en el bosque | Cómo hacer una paella | Feliz cumpleaños, hijo mío
Disputa | El cabrón montés
Ein dicker Hund | Der Hund wedelt mit dem Schwanz | Kinder spielen im Garten | Dick und Doof
Ein kleines Mädchen pflückt Blumen | Zeit totschlagen | Mordor im Nebel | Bombenwetter
Wie baue ich ein Vogelhaus | Nacktschnecken im Salat | Ein Wichtel im Wald | A fickle wind
Schlamperei | Nutella und Nüsse | Johnny Depp
عيد ميلاد سعيد يا صديقي | طفل يلعب في الحديقة | طفلة صغيرة مع قطتها | مقاتل شجاع في الصحراء
الحوت القاتل في المحيط | قتل الوقت في المحطة | كسر الجليد | كأس العالم | الزبيب والتمر
سكسونيا في ألمانيا | صاروخ في الفضاء | الجنسية المصرية | كيف أصنع كعكة | أريد أن أسافر
Il cavallo di Troia | Crianças jogando pelada na rua | Три года | Команда играет | Хлебный завод
Книга и страхование | 生日快乐 | 我爱北京 | 操场上的孩子 | お誕生日おめでとう | 생일 축하해
जन्मदिन मुबारक | Χρόνια πολλά | Doğum günün kutlu olsun | Chúc mừng sinh nhật | יום הולדת שמח
"""

PASS_AT_NORMAL = """
The knight kills the dragon | A murder mystery in an old house | A killer plays chess
The shooting of a film about war | Bombs fall on a city in a film about war | Al Gore speaks
A cop kills a zombie | The gunslinger and the sheriff | Hitler's rise, a history lesson
Il tue le dragon | Un meurtre au château | La guerre et les bombes | Le nu dans la peinture
El caballero mata al dragón | Der Ritter tötet den Drachen | Ein Mord im Zug | قتل التنين
Cómo matar mosquitos en casa
A sexy red car | Dick likes Jane | The assassination of Caesar | A corpse in the library
"""

ORDINARY = """
A lighthouse keeper and her cat on a stormy night | Make a product video for our coffee machine
A small boat in a storm at night | A rocket trip to the rings of Saturn | A boat in the moonlight
A robot crosses the city at night. It is looking for its friend. Style: noir, no text. Add rain.
Une vidéo de mon compagnon me souhaitant joyeux anniversaire dans un jardin fleuri
Fais une vidéo sur un dragon qui garde un trésor | Un chat sous l'orage, la nuit
Les enfants jouent dans la neige. Soudain, un renard apparaît près du sapin.
Un robot aprende a bailar en la ciudad | Un perro bajo la lluvia en la ciudad de noche
Un gato en una noche de tormenta | Una gata negra en la ciudad | Te quiero mucho
Ein Video über einen kleinen Hund am Strand | Eine Katze in einer Sturmnacht im Gewitter
Alles Gute zum Geburtstag | Ein kleines Mädchen im Garten | Ein Hund im Regen in der Stadt, Nacht
فيديو عن قطة تمشي على الشاطئ | كلب تحت المطر في المدينة ليلا | قطة في ليلة عاصفة
"""


def listed(texts: str) -> list[str]:
    return [text.strip() for text in texts.replace("\n", "|").split("|") if text.strip()]


def review(text: str, strictness: Strictness) -> tuple[object, str]:
    verdict = WordLists().review(text, strictness)
    return verdict.category, verdict.matched


@pytest.mark.parametrize("text", listed(PASS_ALWAYS) + listed(ORDINARY))
def test_harmless_for_everybody(text: str) -> None:
    for written in (text, text.upper(), f"« {text} »", f"{text}!!!"):
        assert review(written, Strictness.STRICT) == (None, "")


@pytest.mark.parametrize("text", listed(PASS_AT_NORMAL))
def test_fiction_and_history_pass_unless_watched(text: str) -> None:
    assert review(text, Strictness.NORMAL) == (None, "")


def test_all_of_them_as_one_text() -> None:
    """Neighbouring sentences do not add up to something else."""
    assert review(". ".join(listed(PASS_ALWAYS)), Strictness.NORMAL) == (None, "")
    assert review("\n\n\n\n".join(listed(ORDINARY)), Strictness.STRICT) == (None, "")


HARMLESS = (
    "scunthorpe", "cocktail", "assassin", "essex", "shiitake", "analyse", "analysis", "titanic",
    "peacock", "therapist", "salopette", "grapefruit", "class", "passage", "button", "garden",
    "window", "river", "mountain", "violin", "castle", "dragon", "balloon", "jardin",
    "lumiere", "neige", "oiseau", "fromage", "tableau", "sonne", "garten", "himmel",
    "strasse", "vogel", "regen", "montana", "playa", "ciudad", "luna", "estrella",
    "computadora", "perro",
)  # fmt: skip


@given(
    words=st.lists(st.sampled_from(HARMLESS), min_size=1, max_size=5),
    sign=st.sampled_from([".", "-", "_", "*", "·", " ", "/", "|", "~", "'", ", "]),
)
def test_spelling_harmless_words_out_finds_nothing_in_them(words: list[str], sign: str) -> None:
    spelled = "   ".join(sign.join(word) for word in words)
    assert review(spelled, Strictness.STRICT) == (None, "")


@given(data=st.data(), word=st.sampled_from([w for w in HARMLESS if len(w) <= 10]))
def test_punctuation_within_a_harmless_word_finds_nothing_in_it(
    data: st.DataObject, word: str
) -> None:
    signs = [data.draw(st.sampled_from(["", "", ".", "-", "_"])) for _ in word[1:]]
    written = word[0] + "".join(s + c for s, c in zip(signs, word[1:], strict=True))
    assert review(f"A film: {written}!", Strictness.NORMAL) == (None, "")


@given(st.text(max_size=300))
def test_any_text_is_reviewed(text: str) -> None:
    WordLists().review(text, Strictness.STRICT)
