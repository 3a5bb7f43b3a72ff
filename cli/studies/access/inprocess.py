"""The sandbox's functions behind the gateways of both its tenants."""

import itertools
import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from http.client import OK
from typing import Any

from cli.sandbox.deployment import sandbox
from cli.sandbox.gateway import Gateway, server_token_of, token_of
from cli.sandbox.people import NOON
from cli.studies.access.observe import Cast, Cell, Reply, User, observe
from cli.studies.access.specification import ENDPOINTS, FOLLOWS, RELATIONS
from topk.domain.chunk import Chunk
from topk.domain.owner import Owner
from topk.domain.play import plays_of
from topk.stores.tables.plays import Plays

CAST = Cast(
    owner=User("harbor", "anna"),
    viewer=User("harbor", "dora"),
    namesake=User("meadow", "dora"),
    foreigner=User("meadow", "anna"),
    companions=(User("harbor", "ben"), User("harbor", "eve")),
)
EXPORT = "/v1/me/export"
_BETWEEN_EXPORTS = 600


@dataclass(frozen=True, slots=True)
class Sandbox:
    """Use within `cli.sandbox.deployment.sandbox`.

    The clock advances with each export, because exports are limited to one every few minutes.
    """

    _exports: Iterator[int] = field(default_factory=itertools.count)

    @classmethod
    def open(cls) -> "Sandbox":
        """Gives Eve, a companion, the plays of Ben, and builds the companions' lists."""
        plays = Plays(retention_days=3650)
        heard = tuple(plays_of(plays.since(Owner("harbor", "ben"), 0)))
        plays.append([Chunk(Owner("harbor", "eve"), "spotify", NOON, "fake000ecrawl", heard)])
        sandbox = cls()
        for user in CAST.companions:
            sandbox.call(user.tenant, "PATCH", "/v1/me", bearer=user, body={"time_zone": "UTC"})
            sandbox.call(user.tenant, "GET", "/v1/me/top", bearer=user)
        return sandbox

    def call(
        self, tenant: str, method: str, path: str, *, bearer: User | None, body: Any = None
    ) -> Reply:
        now = NOON + (next(self._exports) * _BETWEEN_EXPORTS if path == EXPORT else 0)
        token = token_of(bearer.tenant, bearer.name, exp=now + 60) if bearer else ""
        text = "" if body is None else json.dumps(body)
        reply = Gateway(tenant, now).call(method, path, token=token, body=text)
        kind = reply.headers["content-type"]
        return Reply(reply.status, reply.json if "json" in kind else None, kind)

    def tell(self, tenant: str, follower: str, followed: str, op: str) -> None:
        changes = [{"follower": follower, "followed": followed, "op": op}]
        body = json.dumps({"changes": changes})
        reply = Gateway(tenant, NOON).call(
            "POST", "/v1/graph/edges", token=server_token_of(tenant), body=body
        )
        if reply.status != OK or reply.json["refused"]:
            raise AssertionError(f"the follows of {follower} answered {reply.status}")


def observed(endpoints: Iterable[str] = ENDPOINTS) -> Iterator[Cell]:
    """All cells, in a sandbox of its own for each rule of following."""
    for rule in FOLLOWS:
        with sandbox(follows=rule):
            yield from observe(
                Sandbox.open(), replace(CAST, follows=rule), tuple(RELATIONS), endpoints
            )
