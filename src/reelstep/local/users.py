"""The two accounts that a local cloud starts with."""

from __future__ import annotations

import secrets
import string
from typing import TYPE_CHECKING

from botocore.exceptions import ClientError

if TYPE_CHECKING:
    from mypy_boto3_cognito_idp import CognitoIdentityProviderClient

#: local.json's key → (e-mail, groups).
ACCOUNTS = {
    "demoUser": ("demo@reelstep.local", ("plan-vip-plus",)),
    "adminUser": ("admin@reelstep.local", ("plan-vip-plus", "admin")),
}
#: What each of them starts with (design §10).
TOKENS = 1_000_000
_KINDS = (string.ascii_lowercase, string.ascii_uppercase, string.digits, "-_.+=@%")


def new_password(length: int = 24) -> str:
    """A random password with every kind of character that the pool's policy asks for."""
    characters = [secrets.choice(kind) for kind in _KINDS]
    characters += [secrets.choice("".join(_KINDS)) for _ in range(length - len(_KINDS))]
    secrets.SystemRandom().shuffle(characters)
    return "".join(characters)


def ensure(
    cognito: CognitoIdentityProviderClient,
    pool_id: str,
    email: str,
    password: str,
    groups: tuple[str, ...],
) -> str:
    """Make this account exist, with this password and in these groups. Its id (`sub`)."""
    try:
        cognito.admin_create_user(
            UserPoolId=pool_id,
            Username=email,
            UserAttributes=[
                {"Name": "email", "Value": email},
                {"Name": "email_verified", "Value": "true"},
            ],
            MessageAction="SUPPRESS",
        )
    except ClientError as error:
        if error.response["Error"]["Code"] != "UsernameExistsException":
            raise
    cognito.admin_set_user_password(
        UserPoolId=pool_id, Username=email, Password=password, Permanent=True
    )
    for group in groups:
        cognito.admin_add_user_to_group(UserPoolId=pool_id, Username=email, GroupName=group)
    attributes = cognito.admin_get_user(UserPoolId=pool_id, Username=email)["UserAttributes"]
    return next(item["Value"] for item in attributes if item["Name"] == "sub")
