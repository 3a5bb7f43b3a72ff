"""The host app of each tenant."""

from collections.abc import Sequence

import httpx2
from starlette.routing import Mount

from simulator.host.app import HostApp
from simulator.listeners.population import TENANTS
from simulator.world import World

USERS_ASK = frozenset({"harbor"})
"""Tenants with `follows: request` in the local stage of cdk.json."""


def routes(
    world: World, service: httpx2.AsyncBaseTransport | None, origins: Sequence[str]
) -> list[Mount]:
    """`service` is the transport to the service's API; None means the network.

    Pages of `origins` may sign users in, load the elements, and frame the pages.
    """
    return [
        HostApp(world, tenant, service, origins, users_ask=tenant in USERS_ASK).mounted()
        for tenant in TENANTS
    ]
