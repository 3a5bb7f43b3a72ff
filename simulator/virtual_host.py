"""The providers' servers, each below a path of the world and under its own hostname.

The product reaches a provider by a base URL, so one address serves them all by path. Other clients
have the hostnames built in, so each server also answers requests that name its host.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from starlette.requests import Request
from starlette.routing import BaseRoute, Host, Mount, Router


@dataclass(frozen=True, slots=True)
class VirtualHost:
    """A server of a provider: `name` is its hostname, `path` where the world mounts it."""

    name: str
    path: str
    routes: Sequence[BaseRoute]


def routed(hosts: Iterable[VirtualHost], *, everywhere: Sequence[BaseRoute]) -> list[BaseRoute]:
    """Routes by hostname, then by path. The routes `everywhere` belong to each host as well."""
    hosts = list(hosts)
    by_name = [Host(host.name, Router([*host.routes, *everywhere])) for host in hosts]
    return [*by_name, *(Mount(host.path, routes=host.routes) for host in hosts), *everywhere]


def address(request: Request, path: str) -> str:
    """The URL of `path` at the server that got `request`."""
    root: str = request.scope.get("root_path", "")
    return str(request.url.replace(path=root + path, query=""))
