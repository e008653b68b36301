"""Who may call: one user pool, a group per plan, one public client."""

from __future__ import annotations

from typing import cast

from aws_cdk import Duration, RemovalPolicy, Stack
from aws_cdk import aws_cognito as cognito
from aws_cdk import aws_iam as iam
from aws_cdk import aws_lambda as lambda_
from constructs import Construct

from infra import nag
from infra.config import DeployConfig
from infra.functions import allow
from reelstep.platform import settings

#: Group → description. A user in none of the plan groups is on the FREE plan.
GROUPS = {
    "plan-standard": "Plan STANDARD",
    "plan-premium": "Plan PREMIUM",
    "plan-vip-plus": "Plan VIP+",
    "admin": "May grant tokens and plans",
}


class Identity(Construct):
    """Sign-in by e-mail. Plan and role are groups, which only an operator can change."""

    def __init__(self, scope: Construct, id: str, config: DeployConfig) -> None:
        super().__init__(scope, id)
        self.pool = cognito.UserPool(
            self,
            "Pool",
            self_sign_up_enabled=True,
            sign_in_aliases=cognito.SignInAliases(email=True),
            sign_in_case_sensitive=False,
            auto_verify=cognito.AutoVerifiedAttrs(email=True),
            keep_original=cognito.KeepOriginalAttrs(email=True),
            standard_attributes=cognito.StandardAttributes(
                email=cognito.StandardAttribute(required=True, mutable=True)
            ),
            password_policy=cognito.PasswordPolicy(
                min_length=12,
                require_digits=True,
                require_lowercase=True,
                require_uppercase=True,
                require_symbols=True,
                temp_password_validity=Duration.days(3),
            ),
            account_recovery=cognito.AccountRecovery.EMAIL_ONLY,
            mfa=cognito.Mfa.OPTIONAL,
            mfa_second_factor=cognito.MfaSecondFactor(sms=False, otp=True),
            deletion_protection=config.production,
            removal_policy=RemovalPolicy.RETAIN if config.production else RemovalPolicy.DESTROY,
        )
        for name, description in GROUPS.items():
            cognito.CfnUserPoolGroup(
                self,
                f"Group-{name}",
                group_name=name,
                description=description,
                user_pool_id=self.pool.user_pool_id,
            )
        self.client = self.pool.add_client(
            "Client",
            auth_flows=cognito.AuthFlow(user_srp=True, user_password=True),
            generate_secret=False,
            disable_o_auth=True,
            prevent_user_existence_errors=True,
            enable_token_revocation=True,
            id_token_validity=Duration.hours(1),
            access_token_validity=Duration.hours(1),
            refresh_token_validity=Duration.days(30),
            # Nothing that a user writes decides a plan or a role.
            write_attributes=cognito.ClientAttributes().with_standard_attributes(
                email=True, fullname=True, locale=True
            ),
        )
        #: Where browsers sign in.
        self.service = f"https://cognito-idp.{config.region}.{Stack.of(self).url_suffix}"
        #: What its tokens carry as `iss`; the pool's ProviderURL attribute is the same, and the
        #: emulator does not have it.
        self.issuer = f"{self.service}/{self.pool.user_pool_id}"
        nag.acknowledge(
            self.pool,
            "AwsSolutions-COG2",
            "A second factor is offered to everyone and left to the account's owner.",
        )
        nag.acknowledge(
            self.pool,
            "AwsSolutions-COG8",
            "Threat protection needs the paid Plus tier; rate limits stand behind sign-in.",
        )

    def allow(self, function: lambda_.Function, actions: tuple[str, ...]) -> None:
        """Let a function do these things to the users of this pool, which it is told of."""
        allow(cast(iam.Role, function.role), actions, self.pool.user_pool_arn)
        function.add_environment(settings.USER_POOL_ID, self.pool.user_pool_id)
