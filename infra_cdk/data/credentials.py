"""The service's credentials at providers, and its own secret for players."""

import json

from aws_cdk import RemovalPolicy
from aws_cdk import aws_secretsmanager as secretsmanager
from constructs import Construct

from infra_cdk import outputs
from infra_cdk.config import Provider
from infra_cdk.nag import accept

UNSET = "unset"


def credentials(
    scope: Construct,
    name: str,
    provider: Provider,
    removal: RemovalPolicy,
) -> secretsmanager.Secret:
    """The provider's secret, created with a placeholder for the operator to fill in.

    Later deployments do not change its value.
    """
    *shown, generated = provider.credentials
    secret = secretsmanager.Secret(
        scope,
        outputs.secret(name),
        description=f"{name}: JSON of {', '.join(provider.credentials)}",
        generate_secret_string=secretsmanager.SecretStringGenerator(
            secret_string_template=json.dumps(dict.fromkeys(shown, UNSET)),
            generate_string_key=generated,
        ),
        removal_policy=removal,
    )
    accept(
        secret,
        "AwsSolutions-SMG4",
        "The provider issues these credentials in its own console; no function can rotate them.",
    )
    return secret


def scrobbler_secret(scope: Construct, removal: RemovalPolicy) -> secretsmanager.Secret:
    """What tenants' keys for the Last.fm protocol are derived from. Nobody has to fill it in."""
    secret = secretsmanager.Secret(
        scope,
        "ScrobblerSecret",
        description="Derives each tenant's key and secret for the Last.fm protocol",
        generate_secret_string=secretsmanager.SecretStringGenerator(
            password_length=64, exclude_punctuation=True
        ),
        removal_policy=removal,
    )
    accept(
        secret,
        "AwsSolutions-SMG4",
        "Players contain what is derived from it: a rotation would end all their sessions.",
    )
    return secret
