"""Calls of the service's API: by a user with a token, by a browser, and by a partner's server."""

import itertools
import json
from collections.abc import Callable, Mapping, Sequence
from typing import Any
from urllib.parse import urlsplit

import httpx2

from cli.in_memory import events
from cli.in_memory.lambdas import InvocationError, Lambdas
from cli.in_memory.world import API_URL, SimulatedWorld
from cli.sandbox.issuer import signed
from infra_cdk.tenant import Tenant
from topk.domain.owner import Owner
from topk.domain.signature import sign
from topk.runtime.api import GRAPH_WRITE, HOST_HEADER

END_OF_TIME = 2**40
"""Epoch seconds."""


class Api:
    """`now` returns the time on API Gateway's clock (epoch seconds)."""

    def __init__(
        self, lambdas: Lambdas, tenants: Mapping[str, Tenant], now: Callable[[], float]
    ) -> None:
        self._lambdas = lambdas
        self._tenants = tenants
        self._now = now
        self._requests = itertools.count(1)
        self._tokens: dict[tuple[str, tuple[tuple[str, str], ...]], str] = {}

    def call(
        self,
        function: str,
        method: str,
        path: str,
        owner: Owner | None = None,
        *,
        query: str = "",
        at: float | None = None,
        **parts: Any,
    ) -> dict[str, Any]:
        """Calls the API and returns the response; status 502 if the function failed.

        `path` is a template filled from `parts`; the parts `body` and `headers` are the request's,
        `token` is one that is not of `owner`, and `tenant` the one whose host name is called.
        `at` is the time of the request (epoch seconds), by default API Gateway's current time.
        """
        body, headers = parts.pop("body", ""), parts.pop("headers", {})
        if tenant := parts.pop("tenant", ""):
            headers = {**headers, HOST_HEADER: f"{tenant}.{urlsplit(API_URL).hostname}"}
        if token := parts.pop("token", "") or self._token_of(owner):
            headers = {**headers, "authorization": f"Bearer {token}"}
        event = events.api_call(
            f"{method} {path}",
            API_URL + path.format(**parts) + (f"?{query}" if query else ""),
            now=self._now() if at is None else at,
            request=next(self._requests),
            path=parts,
            headers=headers,
            body=body,
        )
        try:
            answer: dict[str, Any] = self._lambdas.invoke(function, event)
        except InvocationError:
            return {"statusCode": 502, "headers": {}, "body": "{}"}
        return answer

    def follow(self, owner: Owner, others: Sequence[str]) -> dict[str, Any]:
        """Tells the service that `owner` follows `others`, as the servers of the host app do."""
        changes = [{"follower": owner.user, "followed": other, "op": "follow"} for other in others]
        server = f"{owner.tenant}-server"
        return self.call(
            "account",
            "POST",
            "/v1/graph/edges",
            token=self._token(owner.tenant, sub=server, client_id=server, scope=GRAPH_WRITE),
            body=json.dumps({"changes": changes}),
        )

    def _token_of(self, owner: Owner | None) -> str:
        return self._token(owner.tenant, sub=owner.user) if owner else ""

    def _token(self, tenant: str, **claims: str) -> str:
        """A token of `tenant`, signed once and valid in all years of a run."""
        known = tuple(sorted(claims.items()))
        if (tenant, known) not in self._tokens:
            of = self._tenants[tenant]
            given = {"iss": of.issuer, "aud": of.audience, "exp": END_OF_TIME, **claims}
            self._tokens[tenant, known] = signed(given)
        return self._tokens[tenant, known]

    def push(self, provider: str, listens: list[Any], secret: str) -> bool:
        """Pushes `listens` as the provider's server does. Returns whether all were accepted."""
        body = json.dumps({"listens": listens})
        signed = sign(body.encode(), secret, at=int(self._now()))
        answer = self.call(
            "ingest",
            "POST",
            "/v1/ingest/{provider}",
            provider=provider,
            body=body,
            headers={"x-topk-signature": signed},
        )
        taken = answer["statusCode"] == httpx2.codes.OK
        return taken and bool(events.json_body(answer)["accepted"] == len(listens))


class BrowserTransport(httpx2.BaseTransport):
    """Sends a browser's requests to the service's API or to the simulated world, by address."""

    def __init__(self, world: SimulatedWorld, api: Api) -> None:
        self._world = world
        self._api = api

    def handle_request(self, request: httpx2.Request) -> httpx2.Response:
        address = str(request.url)
        if not address.startswith(API_URL):
            return self._world.answer(request)
        *_, provider, last = request.url.path.split("/")
        answer = self._api.call(
            "connect",
            request.method,
            "/v1/oauth/{provider}/" + last,
            query=urlsplit(address).query,
            provider=provider,
            body=request.read().decode(),
        )
        return httpx2.Response(
            answer["statusCode"], headers=answer["headers"], text=answer["body"], request=request
        )
