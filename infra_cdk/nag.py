"""Accepted cdk-nag findings, each with its reason."""

from aws_cdk import Acknowledgment, Validations
from constructs import IConstruct


def accept(construct: IConstruct, rule: str, reason: str) -> None:
    """Accepts `rule` (with the finding in brackets if it has several) below `construct`."""
    Validations.of(construct).acknowledge(Acknowledgment(id=rule, reason=reason))
