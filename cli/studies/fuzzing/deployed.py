"""A local stack as a target, called with real tokens of its simulated people and servers."""

import json
from collections.abc import Mapping
from typing import Any

import httpx2

from cli.failure import CommandFailedError
from cli.local_stack.declared import declared
from cli.local_stack.stack import LocalStack
from cli.local_stack.tokens import server_token, user_token
from cli.studies.fuzzing.callers import Callers
from cli.studies.fuzzing.mixing import Tenant
from cli.studies.fuzzing.run import Target
from infra_cdk import outputs

TENANT, OTHER_TENANT = "harbor", "meadow"
_USERS = 6
_LEAVERS = 50


def target(stack: LocalStack, base_url: str = "") -> Target:
    """The API of harbor, or `base_url` with the tokens of the stack's world."""
    address = (base_url or stack.api_urls[TENANT]).rstrip("/")
    with httpx2.Client(timeout=30, trust_env=False) as http:
        people = http.get(f"{stack.world_url}/world/listeners").raise_for_status().json()
        shown, *own = [one["user"] for one in people if one["tenant"] == TENANT][: _USERS + 1]
        other = next(one["user"] for one in people if one["tenant"] == OTHER_TENANT)
        server = server_token(stack, http, TENANT)
        leavers = [_passing_token(stack, http, own[0], number) for number in range(_LEAVERS)]
        callers = Callers(
            users=[user_token(stack, http, TENANT, user) for user in own],
            leavers=leavers,
            server=server,
            push_secret=push_secret(stack),
            good_for_nothing=["fake", user_token(stack, http, OTHER_TENANT, other), server],
        )
        known = {
            "provider": sorted(declared().providers),
            "user_id": [*own, shown],
            "receipt": [receipt_of(http, address, leavers[0])],
        }
        show_to_all(http, address, user_token(stack, http, TENANT, shown))
        return Target(description_of(http, address), [Tenant(TENANT, address, callers, known)])


def _passing_token(stack: LocalStack, http: httpx2.Client, user: str, number: int) -> str:
    """A token of a user who is not in the world, issued through the sign-in of `user`."""
    return user_token(stack, http, TENANT, user, sub=f"leaver-{number}")


def show_to_all(http: httpx2.Client, address: str, user: str) -> None:
    """The list of a user that other requests do not change."""
    headers, body = {"authorization": f"Bearer {user}"}, {"visibility": "public"}
    http.patch(f"{address}/v1/me", headers=headers, json=body).raise_for_status()


def receipt_of(http: httpx2.Client, address: str, leaver: str) -> str:
    answer = http.delete(f"{address}/v1/me", headers={"authorization": f"Bearer {leaver}"})
    return str(answer.raise_for_status().json()["receipt"])


def push_secret(stack: LocalStack) -> str:
    secret = stack.outputs[outputs.secret("partner")]
    found = stack.client("secretsmanager").get_secret_value(SecretId=secret)
    return str(json.loads(found["SecretString"])["push_secret"])


def description_of(http: httpx2.Client, address: str) -> Mapping[str, Any]:
    try:
        answer = http.get(f"{address}/v1/openapi.json").raise_for_status()
        found: Mapping[str, Any] = answer.json()
    except (httpx2.HTTPError, ValueError) as error:
        raise CommandFailedError(f"{address} serves no description of itself") from error
    return found
