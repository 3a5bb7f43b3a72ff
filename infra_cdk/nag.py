"""Findings of cdk-nag that we accept, each with its reason, next to what it is about."""

from aws_cdk import Acknowledgment, Validations
from constructs import IConstruct


def accept(construct: IConstruct, rule: str, reason: str) -> None:
    """Accepts `rule` (with its finding in brackets where a rule has several) below `construct`."""
    Validations.of(construct).acknowledge(Acknowledgment(id=rule, reason=reason))
