"""The user pool, as far as admins may look into it: who somebody is, and which plan they have."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from botocore.exceptions import ClientError

from reelstep.accounts.plans import ADMIN_GROUP, GROUPS, Plan, plan_of
from reelstep.platform.errors import Conflict, NotFound

if TYPE_CHECKING:
    from mypy_boto3_cognito_idp import CognitoIdentityProviderClient

#: What Cognito says to a name that nobody has, and to one that nobody can have.
_NOBODY = ("UserNotFoundException", "InvalidParameterException")


@dataclass(frozen=True)
class Person:
    """`user_id` is the `sub` of the person's tokens."""

    user_id: str
    email: str
    groups: frozenset[str]

    @property
    def plan(self) -> Plan:
        return plan_of(self.groups)

    @property
    def admin(self) -> bool:
        return ADMIN_GROUP in self.groups


@dataclass(frozen=True)
class Directory:
    """Who is in a user pool."""

    client: CognitoIdentityProviderClient
    pool_id: str

    def find(self, name: str) -> Person:
        """By `sub` or e-mail address. Raises NotFound."""
        try:
            found = self.client.admin_get_user(UserPoolId=self.pool_id, Username=name)
        except ClientError as error:
            if error.response["Error"]["Code"] not in _NOBODY:
                raise
            raise NotFound(
                "There is no such user", french="Cette personne n'existe pas", field="id"
            ) from error
        attributes = {item["Name"]: item.get("Value", "") for item in found["UserAttributes"]}
        user_id = attributes["sub"]
        return Person(user_id, attributes.get("email", ""), self._groups(user_id))

    def put_on(self, plan: Plan, person: Person) -> None:
        """Make `plan` the one plan of this person; it is in the tokens of the next sign-in.

        The new group is joined before others are left. A call that dies in between leaves the
        higher of two plans, and sent again does the rest; nobody loses a plan by a crash. Raises
        Conflict when somebody else has put the person on another plan meanwhile.
        """
        wanted = {GROUPS[plan]} if plan in GROUPS else set()
        held = person.groups & set(GROUPS.values())
        for group in sorted(wanted - held):
            self.client.admin_add_user_to_group(
                UserPoolId=self.pool_id, Username=person.user_id, GroupName=group
            )
        for group in sorted(held - wanted):
            self.client.admin_remove_user_from_group(
                UserPoolId=self.pool_id, Username=person.user_id, GroupName=group
            )
        if self._groups(person.user_id) & set(GROUPS.values()) != wanted:
            raise Conflict(
                "Another admin has changed this plan at the same moment; look, and try again",
                french="Un autre admin a modifié cette offre au même moment ; vérifiez, puis "
                "réessayez",
            )

    def _groups(self, user_id: str) -> frozenset[str]:
        pages = self.client.get_paginator("admin_list_groups_for_user").paginate(
            UserPoolId=self.pool_id, Username=user_id
        )
        return frozenset(group["GroupName"] for page in pages for group in page["Groups"])
