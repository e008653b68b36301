"""Texts for people, English and French (contract: `message`, `title`, `detail`)."""

from __future__ import annotations

from reelstep.jobs.model import Phase

LOCALES = ("en", "fr")

_PROGRESS: dict[str, dict[Phase, str]] = {
    "en": {
        Phase.SCRIPT_GENERATION: "Writing the story",
        Phase.ASSET_GENERATION: "Pictures, voices and music: {done} of {total}",
        Phase.COMPOSITING: "Arranging the scenes: {done} of {total}",
        Phase.RENDERING: "Drawing frames: {done} of {total}",
        Phase.ENCODING: "Mixing the sound and joining the film",
        Phase.FINALIZATION: "Checking and publishing the film",
    },
    "fr": {
        Phase.SCRIPT_GENERATION: "Écriture de l'histoire",
        Phase.ASSET_GENERATION: "Images, voix et musique : {done} sur {total}",
        Phase.COMPOSITING: "Mise en place des scènes : {done} sur {total}",
        Phase.RENDERING: "Dessin des images : {done} sur {total}",
        Phase.ENCODING: "Mixage du son et assemblage du film",
        Phase.FINALIZATION: "Contrôle et publication du film",
    },
}

STARTED_MESSAGE = {
    "en": "Your video is being made",
    "fr": "Votre vidéo est en cours de création",
}
NOT_SPOKEN = {
    "en": "no voice speaks {language}",
    "fr": "aucune voix ne parle {language}",
}
NO_SUCH_VOICE = {"en": "must be one of {voices}", "fr": "doit être l'une des voix {voices}"}
TOO_DEAR = {"en": "this film costs {price} tokens", "fr": "ce film coûte {price} jetons"}


def locale_of(accept_language: str | None) -> str:
    """The first language of an Accept-Language header that we write, else English.

    Quality values are honoured in so far as clients list the preferred language first.
    """
    for part in (accept_language or "").split(","):
        tag = part.split(";")[0].strip().lower().split("-")[0]
        if tag in LOCALES:
            return tag
    return "en"


def progress_text(locale: str, phase: Phase, done: int, total: int) -> str:
    return _PROGRESS.get(locale, _PROGRESS["en"])[phase].format(done=done, total=total)
