"""Moderation before anything is reserved: every text of a request, and what a refusal costs.

Every pipeline's submit calls `Screening.check` with its texts by the names that the caller knows
them by (`prompt`, `scenes[0].dialogue`, `includeElements[1]`). Of a refused text nothing is logged
but its length, a short hash and the category.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass

from aws_lambda_powertools.metrics import MetricUnit

from reelstep.accounts.reputation import (
    FREE_REJECTIONS,
    Reputations,
    Standing,
    seconds_to_wait,
    standing,
)
from reelstep.platform.clock import now_iso
from reelstep.platform.errors import ContentRejected, RateLimited, Retryable
from reelstep.platform.observability import logger, metrics
from reelstep.providers.base import Category, Moderator, Strictness

STRICTNESS = {
    Standing.TRUSTED: Strictness.RELAXED,
    Standing.NEUTRAL: Strictness.NORMAL,
    Standing.WATCHED: Strictness.STRICT,
}

_IN_WORDS = {
    Category.SEXUAL: ("sexual content", "un contenu sexuel"),
    Category.SEXUAL_MINORS: (
        "sexual content about minors",
        "un contenu sexuel concernant des mineurs",
    ),
    Category.VIOLENCE: ("graphic or threatening violence", "une violence crue ou menaçante"),
    Category.HATE: ("hate", "de la haine"),
    Category.SELF_HARM: ("self-harm", "de l'automutilation ou du suicide"),
    Category.ILLEGAL: ("something illegal or dangerous", "une chose illégale ou dangereuse"),
    Category.HARASSMENT: ("insults or harassment", "des insultes ou du harcèlement"),
    Category.PROFANITY: ("swear words", "des grossièretés"),
}
_HELP = (
    " If you are thinking of hurting yourself, please talk to somebody: your local emergency"
    " number or a helpline is there for you.",
    " Si vous pensez à vous faire du mal, parlez-en à quelqu'un : les urgences ou une ligne"
    " d'écoute sont là pour vous.",
)

# Wide enough that letters at the end of one field and the start of the next are not spelled
# together, and no word of either: what is spread over fields is found as in one text.
_BETWEEN = "\n\n\n\n"


@dataclass(frozen=True)
class Screening:
    """Who reviews, and where it is noted."""

    moderator: Moderator
    reputations: Reputations

    def check(self, user_id: str, texts: Mapping[str, str], *, at: str | None = None) -> None:
        """Let a request pass, or refuse it. `texts` is field → text, the main one first.

        Raises ContentRejected naming field and category, RateLimited while a repeated offender
        has to wait (nothing is reviewed then), ProviderUnavailable when nobody can review.
        """
        at = at or now_iso()
        texts = {field: text for field, text in texts.items() if text.strip()}
        reputation = self.reputations.read(user_id)
        seconds = seconds_to_wait(reputation, at)
        if seconds:
            raise _must_wait(seconds)
        if not texts:
            return
        strictness = STRICTNESS[standing(reputation, at)]
        # One review of all texts: hosted moderators are paid and slow per call, and a text that
        # is spread over fields is seen whole. Which field it was is only asked when one was.
        category = self.moderator.review(_BETWEEN.join(texts.values()), strictness).category
        if category is None:
            return
        field, category = self._where(texts, strictness, category)
        self._note(user_id, at, field, category, texts[field])
        raise _rejected(field, category)

    def _where(
        self, texts: Mapping[str, str], strictness: Strictness, category: Category
    ) -> tuple[str, Category]:
        """The first field that is refused alone; the main one for what all say together."""
        if len(texts) > 1:
            for field, text in texts.items():
                alone = self.moderator.review(text, strictness).category
                if alone is not None:
                    return field, alone
        return next(iter(texts)), category

    def _note(self, user_id: str, at: str, field: str, category: Category, text: str) -> None:
        digest = hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:12]
        logger.info(
            "text rejected",
            category=category.value,
            field=field,
            length=len(text),
            text_hash=digest,
            moderator=self.moderator.name,
        )
        metrics.add_metric("ModerationRejections", MetricUnit.Count, 1)
        # The minute is part of the name: a client's quick retries of one text count once, trying
        # it again and again does not.
        try:
            self.reputations.rejected(user_id, at, category.value, event=f"{digest}@{at[:16]}")
        except Retryable as error:
            # Refused all the same; other refusals of this user were noted at this moment.
            logger.warning("rejection not noted", error=type(error).__name__)


def _rejected(field: str, category: Category) -> ContentRejected:
    english, french = _IN_WORDS[category]
    more = _HELP if category is Category.SELF_HARM else ("", "")
    return ContentRejected(
        f"{field} seems to contain {english}. Please change it and try again; nothing was charged."
        + more[0],
        french=f"{field} semble contenir {french}. Modifiez ce texte et réessayez ; rien n'a été"
        f" débité.{more[1]}",
        category=category.value,
        field=field,
    )


def _must_wait(seconds: int) -> RateLimited:
    return RateLimited(
        f"Several of your last texts were rejected; try again in {seconds} s",
        french=f"Plusieurs de vos derniers textes ont été refusés ; réessayez dans {seconds} s",
        headers={
            "Retry-After": str(seconds),
            "RateLimit-Limit": str(FREE_REJECTIONS),
            "RateLimit-Remaining": "0",
            "RateLimit-Reset": str(seconds),
        },
    )
