"""The tenants of a deployment, from a file in a layer.

A function's environment is limited to 4 KB, which a dozen tenants would fill. The file is found on
sys.path, on Lambda in /opt/python.
"""

import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import msgspec

from topk.domain.account.following import Follows
from topk.domain.play_rule import PlayRule
from topk.runtime.tokens.jwk import Algorithm


class Tenant(msgspec.Struct, frozen=True):
    """A host app: its token issuer, and the addresses of its pages.

    Its tokens are for `audience`, signed by one of `algorithms` with a key of the issuer: one of
    `keys` (JWKs) or, without any, of the key set that the issuer publishes. Pages of `web_origins`
    may call the API from a browser.

    `providers` are those that its users may connect. `apps` names the providers where it has its
    own app, with the fields of that app's Budget, or none for the provider's. Changes of its users'
    lists are published on `event_bus` if there is one. Plays of `separate` providers are not mixed
    with others. `play_rule` says what counts as a play.
    """

    name: str
    issuer: str
    audience: str
    return_urls: tuple[str, ...]
    providers: tuple[str, ...]
    web_origins: tuple[str, ...] = ()
    algorithms: frozenset[Algorithm] = frozenset({"RS256"})
    keys: tuple[dict[str, Any], ...] = ()
    apps: Mapping[str, Mapping[str, float]] = {}
    connections_per_user: int = 10
    follows: Follows = Follows.HOST
    event_bus: str = ""
    separate: frozenset[str] = frozenset()
    play_rule: PlayRule = PlayRule()


def read_tenants(file: str) -> tuple[Tenant, ...]:
    """The tenants in `file`: an absolute path or one relative to sys.path.

    Raises FileNotFoundError or ValueError for an invalid deployment.
    """
    declared = [{"name": name, **given} for name, given in read_declared(file).items()]
    return msgspec.convert(declared, tuple[Tenant, ...])


def read_declared(file: str) -> dict[str, dict[str, Any]]:
    """The objects in `file`, by name; none if it is empty. Raises what `read_tenants` raises."""
    if not file:
        return {}
    for folder in sys.path:
        path = Path(folder, file)
        if path.is_file():
            return msgspec.json.decode(path.read_bytes(), type=dict[str, dict[str, Any]])
    raise FileNotFoundError(file)
