"""Tokens from the host apps of a local stack."""

import httpx2

from cli.local_stack.stack import LocalStack
from simulator.host.open_id import SERVER_SECRET


def user_token(
    stack: LocalStack, http: httpx2.Client, tenant: str, user: str, **claims: str
) -> str:
    """A token of `user`; `claims` override the default ones."""
    asked = {"user": user, "claims": claims}
    answer = http.post(f"{stack.world_url}/host/{tenant}/sign-in", json=asked)
    return str(answer.raise_for_status().json()["token"])


def server_token(stack: LocalStack, http: httpx2.Client, tenant: str) -> str:
    """A token of the servers of `tenant`, which may set follows."""
    answer = http.post(
        f"{stack.world_url}/host/{tenant}/token",
        data={"grant_type": "client_credentials", "scope": "graph:write"},
        auth=(f"{tenant}-server", SERVER_SECRET),
    )
    return str(answer.raise_for_status().json()["access_token"])
