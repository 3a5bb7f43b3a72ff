"""The service under attack: the sandbox in this process, or a deployed local stack."""

from collections.abc import Mapping
from dataclasses import dataclass

import httpx2

from cli.local_stack.stack import LocalStack
from cli.local_stack.tokens import server_token, user_token
from cli.sandbox.gateway import Gateway, Reply, server_token_of, token_of
from cli.sandbox.people import NOON
from cli.studies.demonstration.people import People
from cli.studies.fuzzing.deployed import push_secret
from topk.clock import wall_clock
from topk.domain.signature import sign

_SANDBOX_SECRET = "fake-push-secret-of-32-characters"  # noqa: S105 - a fake


@dataclass(frozen=True, slots=True)
class SandboxTarget:
    """Use within `cli.sandbox.deployment.sandbox`."""

    victim: str = "anna"
    provider: str = "spotify"
    return_to: str = "https://harbor.example/accounts"

    def call(
        self,
        method: str,
        path: str,
        *,
        token: str = "",
        tenant: str = "harbor",
        headers: Mapping[str, str] | None = None,
        body: str | bytes = b"",
    ) -> Reply:
        return Gateway(tenant).call(method, path, token=token, headers=headers, body=body)

    def user(self, name: str, tenant: str = "harbor", **claims: str) -> str:
        return token_of(tenant, name, **claims)

    def server(self, tenant: str = "harbor") -> str:
        return server_token_of(tenant)

    def expired(self, name: str) -> str:
        return token_of("harbor", name, exp=NOON - 1)

    def sign(self, body: bytes, *, age: int = 0, secret: str | None = None) -> str:
        return sign(body, secret or _SANDBOX_SECRET, at=NOON - age)


class DeployedTarget:
    """The APIs of `stack`. The first listener of harbor is the victim."""

    provider = "spotify"

    def __init__(self, stack: LocalStack, http: httpx2.Client) -> None:
        self._stack, self._http = stack, http
        self._people = {one.tenant: one for one in reversed(People(stack, http).everyone)}
        self.victim = self._people["harbor"].user
        self.return_to = f"{stack.world_url}/host/harbor/accounts"

    def call(
        self,
        method: str,
        path: str,
        *,
        token: str = "",
        tenant: str = "harbor",
        headers: Mapping[str, str] | None = None,
        body: str | bytes = b"",
    ) -> Reply:
        given = {"authorization": f"Bearer {token}"} if token else {}
        answer = self._http.request(
            method,
            f"{self._stack.api_urls[tenant]}{path}",
            headers={**given, **(headers or {})},
            content=body.encode() if isinstance(body, str) else body,
        )
        return Reply(answer.status_code, answer.headers, answer.content)

    def user(self, name: str, tenant: str = "harbor", **claims: str) -> str:
        listener = self._people[tenant].user
        return user_token(self._stack, self._http, tenant, listener, **{"sub": name, **claims})

    def server(self, tenant: str = "harbor") -> str:
        return server_token(self._stack, self._http, tenant)

    def expired(self, name: str) -> str:
        return self.user(name, exp=int(wall_clock()) - 60)  # type: ignore[arg-type]

    def sign(self, body: bytes, *, age: int = 0, secret: str | None = None) -> str:
        at = int(wall_clock()) - age
        return sign(body, secret or push_secret(self._stack), at=at)
