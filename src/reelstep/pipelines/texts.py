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
QUEUED_MESSAGE = {
    "en": "Your video is number {position} in the queue",
    "fr": "Votre vidéo est numéro {position} dans la file",
}
CANCELLED_MESSAGE = {
    "en": "Your video was cancelled; {tokens} tokens are back in your account",
    "fr": "Votre vidéo est annulée ; {tokens} jetons sont de retour sur votre compte",
}
NOT_SPOKEN = {
    "en": "no voice speaks {language}",
    "fr": "aucune voix ne parle {language}",
}
NO_SUCH_VOICE = {"en": "must be one of {voices}", "fr": "doit être l'une des voix {voices}"}
NO_SUCH_UPLOAD = {
    "en": "is not an upload of this companion, or was taken already; ask for a new one",
    "fr": "n'est pas un envoi pour ce compagnon, ou a déjà servi ; demandez-en un nouveau",
}
WELCOME_REASON = {"en": "welcome", "fr": "bienvenue"}
FOREIGN_CURSOR = {
    "en": "is not a cursor of your ledger; begin without one",
    "fr": "n'est pas un curseur de votre relevé ; commencez sans curseur",
}
TOO_DEAR = {"en": "this film costs {price} tokens", "fr": "ce film coûte {price} jetons"}

#: What is wrong with a callbackUrl, by the reason that platform.egress gives.
CALLBACK_URL: dict[str, dict[str, str]] = {
    "en": {
        "callback_length": "must be 1 to 2048 characters long",
        "callback_form": "must be a URL in ASCII; write international names as xn--…",
        "callback_scheme": "must begin with https://",
        "callback_credentials": "must not contain a user name or password",
        "callback_fragment": "must not contain #",
        "callback_port": "must use port 443, or one from 1024 on",
        "callback_host": "must name a host of the public internet",
    },
    "fr": {
        "callback_length": "doit compter de 1 à 2048 caractères",
        "callback_form": "doit être une URL en ASCII ; écrivez les noms internationaux en xn--…",
        "callback_scheme": "doit commencer par https://",
        "callback_credentials": "ne doit contenir ni nom d'utilisateur ni mot de passe",
        "callback_fragment": "ne doit pas contenir #",
        "callback_port": "doit utiliser le port 443, ou un port à partir de 1024",
        "callback_host": "doit désigner un hôte de l'internet public",
    },
}


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
