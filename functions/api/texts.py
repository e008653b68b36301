"""What problem bodies say to people, in English and French: by error code, by kind of mistake."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from reelstep.pipelines.texts import CALLBACK_URL

_TITLES_FR = {
    "INTERNAL_ERROR": "Un problème est survenu de notre côté",
    "TEMPORARILY_UNAVAILABLE": "Indisponible pour le moment",
    "MALFORMED_REQUEST": "La requête est illisible",
    "VALIDATION_FAILED": "Certains champs ne sont pas valides",
    "UNAUTHORIZED": "Veuillez vous connecter",
    "NOT_FOUND": "Introuvable",
    "CONFLICT": "L'état actuel ne le permet pas",
    "TOO_LARGE": "Trop volumineux",
    "UNSUPPORTED_MEDIA": "Ce type de fichier n'est pas pris en charge",
    "CONTENT_REJECTED": "Ce contenu n'est pas autorisé",
    "INSUFFICIENT_TOKENS": "Pas assez de jetons",
    "PLAN_LIMIT": "Votre offre ne le comprend pas",
    "RATE_LIMITED": "Trop de requêtes",
    "QUEUE_FULL": "La file d'attente est pleine",
}

# Kinds of mistake, by pydantic's error type; {names} come from its context.
_MISTAKES: Mapping[str, Mapping[str, str]] = {
    "en": {
        "missing": "is required",
        "extra_forbidden": "is not a known field",
        "string_type": "must be text",
        "string_too_long": "must be at most {max_length} characters long",
        "string_too_short": "must not be empty",
        "string_pattern_mismatch": "has the wrong form; it must match {pattern}",
        "int_type": "must be a whole number",
        "int_parsing": "must be a whole number",
        "float_type": "must be a number",
        "finite_number": "must be a number",
        "greater_than": "must be more than {gt}",
        "bool_type": "must be true or false",
        "bool_parsing": "must be true or false",
        "list_type": "must be a list",
        "dict_type": "must be an object",
        "model_attributes_type": "must be an object",
        "model_type": "must be an object",
        "enum": "must be one of {expected}",
        "greater_than_equal": "must be at least {ge}",
        "less_than_equal": "must be at most {le}",
        "too_long": "must have at most {max_length} entries",
        "too_short": "must have at least {min_length} entries",
        "no_visible_text": "must contain visible text",
        "language_tag": "must be a language tag such as fr or pt-BR",
        "clip_too_long": "duration must be at most {longest} for {model}",
        "seconds": 'must be whole seconds such as "8s", at most "99s"',
        "opaque_id": "must be 1 to 64 letters, digits, - or _",
        "repeated": "must not name anybody twice",
        "zero": "must not be 0",
        "script_too_large": "must have at most {most} bytes of text in all",
        "companions_in_all": "must name at most {most} companions, companionId included",
        **CALLBACK_URL["en"],
    },
    "fr": {
        "missing": "est obligatoire",
        "extra_forbidden": "n'est pas un champ connu",
        "string_type": "doit être un texte",
        "string_too_long": "doit compter au plus {max_length} caractères",
        "string_too_short": "ne doit pas être vide",
        "string_pattern_mismatch": "n'a pas la bonne forme ; elle doit être {pattern}",
        "int_type": "doit être un nombre entier",
        "int_parsing": "doit être un nombre entier",
        "float_type": "doit être un nombre",
        "finite_number": "doit être un nombre",
        "greater_than": "doit être supérieur à {gt}",
        "bool_type": "doit être true ou false",
        "bool_parsing": "doit être true ou false",
        "list_type": "doit être une liste",
        "dict_type": "doit être un objet",
        "model_attributes_type": "doit être un objet",
        "model_type": "doit être un objet",
        "enum": "doit être l'une des valeurs {expected}",
        "greater_than_equal": "doit être au moins {ge}",
        "less_than_equal": "doit être au plus {le}",
        "too_long": "doit avoir au plus {max_length} éléments",
        "too_short": "doit avoir au moins {min_length} éléments",
        "no_visible_text": "doit contenir un texte visible",
        "language_tag": "doit être un code de langue comme fr ou pt-BR",
        "clip_too_long": "duration doit être au plus {longest} pour {model}",
        "seconds": 'doit être un nombre de secondes comme "8s", au plus "99s"',
        "opaque_id": "doit compter 1 à 64 lettres, chiffres, - ou _",
        "repeated": "ne doit nommer personne deux fois",
        "zero": "ne doit pas être 0",
        "script_too_large": "doit avoir au plus {most} octets de texte en tout",
        "companions_in_all": "doit nommer au plus {most} compagnons, companionId compris",
        **CALLBACK_URL["fr"],
    },
}


def title(locale: str, code: str, english: str) -> str:
    """The title of a problem; `english` is the error class's own."""
    return _TITLES_FR.get(code, english) if locale == "fr" else english


def mistake(locale: str, kind: str, context: Mapping[str, Any], english: str) -> str:
    """What is wrong with a field; `english` for a kind that has no text of ours."""
    template = _MISTAKES.get(locale, _MISTAKES["en"]).get(kind)
    if template is None:
        return english[:1].lower() + english[1:]
    if locale == "fr" and "expected" in context:  # pydantic's list of values has an English "or"
        context = {**context, "expected": str(context["expected"]).replace(" or ", " ou ")}
    return template.format_map(context)
