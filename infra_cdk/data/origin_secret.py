"""Secrets by which a stage's APIs recognise requests from its edge."""

from collections.abc import Sequence

from aws_cdk import RemovalPolicy
from aws_cdk import aws_secretsmanager as secretsmanager
from constructs import Construct

from infra_cdk.nag import accept

LENGTH = 40


def origin_secrets(scope: Construct, names: Sequence[str], *, replicas: Sequence[str]) -> None:
    """Generated secrets. Their names are known, so that templates in two regions can refer to them.

    `replicas` are the other regions in which they are read.
    """
    for name in names:
        secret = secretsmanager.Secret(
            scope,
            f"Origin{name.rpartition('/')[2]}",
            secret_name=name,
            description="The edge sends it to the APIs, which accept no other caller",
            generate_secret_string=secretsmanager.SecretStringGenerator(
                password_length=LENGTH, exclude_punctuation=True
            ),
            replica_regions=[secretsmanager.ReplicaRegion(region=one) for one in replicas],
            removal_policy=RemovalPolicy.DESTROY,
        )
        accept(
            secret,
            "AwsSolutions-SMG4",
            "A deployment replaces it: edge and functions have to change in turn.",
        )


def value_of(name: str) -> str:
    """A reference that CloudFormation replaces by the secret when it deploys."""
    return f"{{{{resolve:secretsmanager:{name}:SecretString}}}}"
