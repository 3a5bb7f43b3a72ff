"""Tenants that a study adds to a running local stack, and calls of their APIs."""

import getpass
from dataclasses import dataclass
from typing import Any

import httpx2

from cli.local_stack.stack import LocalStack
from cli.sandbox.issuer import ALGORITHM, signed
from cli.tenants.deployed import registry_of
from cli.tenants.registry import Registry
from simulator.clock import Clock
from topk.runtime.api import GRAPH_WRITE

END_OF_TIME = 2**40


@dataclass(frozen=True, slots=True)
class TenantCalls:
    """Calls of the tenants' APIs with tokens of their issuers."""

    stack: LocalStack
    http: httpx2.Client
    issuers: str

    def issuer(self, tenant: str) -> str:
        return f"{self.issuers}/{tenant}"

    def token(self, tenant: str, user: str, **claims: str) -> str:
        given = {"iss": self.issuer(tenant), "aud": "topk", "sub": user, "exp": END_OF_TIME}
        return signed({**given, **claims})

    def server_token(self, tenant: str) -> str:
        client = f"{tenant}-server"
        return self.token(tenant, client, client_id=client, scope=GRAPH_WRITE)

    def call(
        self, tenant: str, method: str, path: str, token: str | None = None, **given: Any
    ) -> httpx2.Response:
        headers = {"authorization": f"Bearer {token}"} if token else {}
        return self.http.request(method, f"{self.base_url(tenant)}{path}", headers=headers, **given)

    def base_url(self, tenant: str) -> str:
        """The API at the tenant's host name."""
        host = tenant.replace("_", "-")
        return f"{self.stack.emulator_url}/_aws/execute-api/{host}/$default"

    def registry(self) -> Registry:
        clock = Clock(self.stack.clock_file)
        return registry_of(
            self.stack.outputs,
            self.stack.client("dynamodb"),
            by=getpass.getuser(),
            now=lambda: int(clock.now()),
            local=True,
        )

    def add(self, registry: Registry, tenant: str, **fields: Any) -> None:
        declaration = {
            "issuer": self.issuer(tenant),
            "audience": "topk",
            "algorithms": [ALGORITHM],
            "return_urls": [f"{self.issuer(tenant)}/accounts"],
            "web_origins": [self.issuers],
            **fields,
        }
        registry.write(registry.planned_new(tenant, declaration))
