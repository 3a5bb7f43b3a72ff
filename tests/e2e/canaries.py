"""Secrets that were really issued, in every form in which they could leak."""

import base64
import json
from collections.abc import Iterator, Mapping
from typing import Any

from cli.local_stack.stack import LocalStack
from infra_cdk import outputs

ENOUGH = 16
"""Characters of what is random in a secret: with a part of it, the whole has leaked."""

Canaries = Mapping[str, set[str]]
"""Kind -> the texts to look for."""


def of_world(told: Mapping[str, Mapping[str, list[str]]]) -> Canaries:
    """Every code, token and verifier that a provider issued or was shown (lever `secrets`)."""
    found: dict[str, set[str]] = {}
    for kinds in told.values():
        for kind, issued in kinds.items():
            parts = (one.removeprefix(f"simulated-{kind}-")[:ENOUGH] for one in issued)
            found.setdefault(kind, set()).update(parts)
    return found


def of_deployment(stack: LocalStack, providers: list[str]) -> Canaries:
    """What the deployed secrets hold: client and push secrets, private keys, Basic headers."""
    client = stack.client("secretsmanager")
    found: dict[str, set[str]] = {}
    for provider in providers:
        kept = client.get_secret_value(SecretId=stack.outputs[outputs.secret(provider)])
        for kind, text in _secrets(json.loads(kept["SecretString"])):
            found.setdefault(kind, set()).add(text)
    return found


def of_sessions(tokens: list[str]) -> Canaries:
    """Users' tokens (JWT), by their signatures."""
    return {"session": {token.rpartition(".")[2][:ENOUGH] for token in tokens}}


def _secrets(credentials: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    for own in credentials.get("tenants", {}).values():
        yield from _secrets(own)
    for name, value in credentials.items():
        if name == "private_key":
            # Its last line but one: the first of all P-256 keys are alike.
            yield name, value.strip().splitlines()[-2][:ENOUGH]
        elif name.endswith("secret"):
            yield name, value[:ENOUGH]
    if "client_secret" in credentials:
        basic = f"{credentials['client_id']}:{credentials['client_secret']}"
        yield "basic", base64.b64encode(basic.encode()).decode()[-ENOUGH:]
