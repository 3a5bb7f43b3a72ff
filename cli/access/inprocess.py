"""The sandbox's functions behind the gateways of both its tenants."""

import json
from dataclasses import dataclass
from typing import Any

from cli.access.observe import Cast, Reply, User
from cli.sandbox.gateway import Gateway, token_of

CAST = Cast(
    owner=User("harbor", "anna"),
    viewer=User("harbor", "dora"),
    namesake=User("meadow", "dora"),
    foreigner=User("meadow", "anna"),
)


@dataclass(frozen=True, slots=True)
class Sandbox:
    """Within `cli.sandbox.deployment.sandbox`."""

    def call(
        self, tenant: str, method: str, path: str, *, bearer: User | None, body: Any = None
    ) -> Reply:
        token = token_of(bearer.tenant, bearer.name) if bearer else ""
        text = "" if body is None else json.dumps(body)
        reply = Gateway(tenant).call(method, path, token=token, body=text)
        kind = reply.headers["content-type"]
        return Reply(reply.status, reply.json if "json" in kind else None, kind)
