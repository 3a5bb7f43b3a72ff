"""The providers' servers, each under a path of the world and under its own hostname.

The product configures a base URL per provider, so one address serves all of them by path. Other
clients have fixed hostnames, so each server also answers requests to its hostname.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from starlette.requests import Request
from starlette.routing import BaseRoute, Host, Mount, Router


@dataclass(frozen=True, slots=True)
class VirtualHost:
    """A provider's server: `name` is its hostname, `path` is where the world mounts it."""

    name: str
    path: str
    routes: Sequence[BaseRoute]


def routed(hosts: Iterable[VirtualHost], *, everywhere: Sequence[BaseRoute]) -> list[BaseRoute]:
    """Routes by hostname, then by path. The routes `everywhere` are added to each host."""
    hosts = list(hosts)
    by_name = [Host(host.name, Router([*host.routes, *everywhere])) for host in hosts]
    return [*by_name, *(Mount(host.path, routes=host.routes) for host in hosts), *everywhere]


def address(request: Request, path: str) -> str:
    """The URL of `path` at the server that received `request`."""
    root: str = request.scope.get("root_path", "")
    return str(request.url.replace(path=root + path, query=""))
