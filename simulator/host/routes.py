"""The host app of each tenant."""

import httpx2
from starlette.routing import Mount

from simulator.host.app import HostApp
from simulator.population import TENANTS
from simulator.world import World


def routes(world: World, service: httpx2.AsyncBaseTransport | None) -> list[Mount]:
    """`service` carries the requests to the service's API; None for the network."""
    return [HostApp(world, tenant, service).mounted() for tenant in TENANTS]
