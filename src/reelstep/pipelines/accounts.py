"""What a caller sees of its own account, and what admins do with the accounts of others."""

from __future__ import annotations

import json
import uuid
from dataclasses import dataclass
from typing import Annotated
from urllib.parse import unquote

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, StrictInt, WithJsonSchema
from pydantic.alias_generators import to_camel
from pydantic_core import PydanticCustomError

from reelstep.accounts.directory import Directory, Person
from reelstep.accounts.plans import TERMS, Plan
from reelstep.jobs import slots
from reelstep.pipelines.generation.request import Reason
from reelstep.pipelines.generation.views import View
from reelstep.pipelines.texts import FOREIGN_CURSOR, WELCOME_REASON
from reelstep.platform.errors import ValidationFailed
from reelstep.platform.observability import logger
from reelstep.wallet.ledger import WELCOME, Entry, EntryType, Ledger, Wallet

#: In one grant, given or taken back.
MOST_TOKENS = 10_000_000
_GRANTS = uuid.UUID("3f0f4b0e-58f6-5a53-8a3c-5b1d0c8b7a52")


def _not_zero(tokens: int) -> int:
    if tokens == 0:
        raise PydanticCustomError("zero", "must not be 0")
    return tokens


class _Request(BaseModel):
    model_config = ConfigDict(
        alias_generator=to_camel, populate_by_name=True, extra="forbid", frozen=True
    )


class GrantRequest(_Request):
    tokens: Annotated[
        StrictInt,
        Field(ge=-MOST_TOKENS, le=MOST_TOKENS),
        AfterValidator(_not_zero),
        WithJsonSchema(
            {
                "type": "integer",
                "minimum": -MOST_TOKENS,
                "maximum": MOST_TOKENS,
                "not": {"const": 0},
                "description": "negative takes back",
            }
        ),
    ]
    reason: Reason = Field(description="kept in the user's ledger")


class PlanRequest(_Request):
    plan: Plan
    reason: Reason = Field(description="kept in the user's ledger")


class LimitsView(View):
    """What the plan allows."""

    max_duration_seconds: int
    max_quality: str
    concurrent_jobs: int
    priority: int = Field(description="1 is first")


class AccountView(View):
    user_id: str
    plan: Plan
    admin: bool
    limits: LimitsView
    balance: int = Field(description="tokens that can be spent")
    reserved: int = Field(description="tokens that jobs hold until they end")
    running_jobs: int


class EntryView(View):
    """`tokens` is what was moved; of a GRANT it is negative when it was taken back."""

    id: str
    type: EntryType
    tokens: int
    job_id: str | None
    reason: str | None
    at: str


class LedgerPage(View):
    entries: list[EntryView]
    cursor: str | None = Field(description="of the next page; null at the end")


class PersonView(View):
    user_id: str
    email: str
    plan: Plan
    admin: bool
    balance: int
    reserved: int


class FundsView(View):
    user_id: str
    balance: int
    reserved: int


class PlanView(View):
    user_id: str
    plan: Plan


@dataclass(frozen=True)
class Account:
    """The account of one caller. `locale` is the language of texts for this person."""

    ledger: Ledger
    user_id: str
    plan: Plan
    admin: bool
    locale: str
    welcome_tokens: int

    def get(self) -> AccountView:
        wallet = self.ledger.open(self.user_id, self.welcome_tokens)
        scope, terms = slots.of_user(self.user_id), TERMS[self.plan]
        running = slots.counts(self.ledger.client, self.ledger.table, [scope])[scope]
        return AccountView(
            user_id=self.user_id,
            plan=self.plan,
            admin=self.admin,
            limits=LimitsView(
                max_duration_seconds=terms.max_seconds,
                max_quality=terms.max_quality,
                concurrent_jobs=terms.concurrent,
                priority=terms.priority,
            ),
            balance=wallet.balance,
            reserved=wallet.reserved,
            running_jobs=max(0, running),
        )

    def page(self, size: int, cursor: str | None) -> LedgerPage:
        """Newest first. Raises ValidationFailed for a cursor that is not of this ledger."""
        self.ledger.open(self.user_id, self.welcome_tokens)
        try:
            entries, following = self.ledger.page(self.user_id, size, cursor)
        except ValueError as error:
            raise ValidationFailed([("cursor", FOREIGN_CURSOR[self.locale])]) from error
        return LedgerPage(entries=[self._view(entry) for entry in entries], cursor=following)

    def _view(self, entry: Entry) -> EntryView:
        welcome = entry.id == f"{WELCOME}#{EntryType.GRANT}"
        return EntryView(
            id=entry.id,
            type=entry.type,
            tokens=entry.tokens,
            job_id=entry.job_id,
            reason=WELCOME_REASON[self.locale] if welcome else entry.reason,
            at=entry.at,
        )


@dataclass(frozen=True)
class Administration:
    """What one admin does with accounts; the ledger of each keeps who did it and why."""

    directory: Directory
    ledger: Ledger
    admin_id: str
    welcome_tokens: int

    def person(self, name: str) -> PersonView:
        """By id or e-mail address. Raises NotFound."""
        found, wallet = self._find(name)
        return PersonView(
            user_id=found.user_id,
            email=found.email,
            plan=found.plan,
            admin=found.admin,
            balance=wallet.balance,
            reserved=wallet.reserved,
        )

    def grant(self, name: str, request: GrantRequest, key: str | None) -> FundsView:
        """Give tokens or take them back; the same request with the same `key` counts once, ever.

        Raises NotFound, and Conflict when more would be taken back than there is.
        """
        found, _ = self._find(name)
        wallet = self.ledger.grant(
            found.user_id,
            self._grant_id(found.user_id, request, key),
            request.tokens,
            reason=request.reason,
            by=self.admin_id,
        )
        logger.info("granted", user=found.user_id, tokens=request.tokens, by=self.admin_id)
        return FundsView(user_id=found.user_id, balance=wallet.balance, reserved=wallet.reserved)

    def put_on_plan(self, name: str, request: PlanRequest) -> PlanView:
        """Change the plan. Raises NotFound, Conflict.

        It is noted before it is done, so that no plan changes without a trace; also when it is the
        plan that the person has, as that was decided too.
        """
        found, _ = self._find(name)
        self.ledger.note_plan(
            found.user_id,
            str(uuid.uuid4()),
            request.plan,
            reason=request.reason,
            by=self.admin_id,
        )
        self.directory.put_on(request.plan, found)
        logger.info("plan changed", user=found.user_id, plan=request.plan, by=self.admin_id)
        return PlanView(user_id=found.user_id, plan=request.plan)

    def _find(self, name: str) -> tuple[Person, Wallet]:
        """Who it is, with a wallet: a grant must not come before the welcome and replace it."""
        # Whether a gateway decodes paths differs; an address that is still encoded has no @.
        found = self.directory.find(name if "@" in name else unquote(name))
        return found, self.ledger.open(found.user_id, self.welcome_tokens)

    def _grant_id(self, user_id: str, request: GrantRequest, key: str | None) -> str:
        if key is None:
            return str(uuid.uuid4())
        # Of the body as well: answers are kept for a day, and a key that comes back later with
        # other tokens must not be taken for the first.
        parts = [self.admin_id, user_id, key, request.tokens, request.reason]
        return str(uuid.uuid5(_GRANTS, json.dumps(parts)))
