"""The tenants of a stage as functions read them: from its table or, in memory, from a file."""

import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import msgspec

from topk.domain.account.following import Follows
from topk.domain.play_rule import PlayRule
from topk.runtime.tokens.jwk import Algorithm
from topk.stores.tables.tenants import Tenants, issuer_claim


class Tenant(msgspec.Struct, frozen=True):
    """A host app: its token issuer, and the addresses of its pages.

    Its tokens are for `audience`, signed by one of `algorithms` with a key of the issuer, from
    the key set that it publishes, of which `keys` (JWKs) are known. Pages of `web_origins`
    may call the API from a browser.

    `providers` are those that its users may connect. `apps` names the providers where it has its
    own app, with the fields of that app's Budget, or none for the provider's. Changes of its users'
    lists are published on `event_bus` if there is one. Plays of `separate` providers are not mixed
    with others. `play_rule` says what counts as a play. Nobody may call the API of a `suspended`
    tenant. `requests_per_second` is its limit, or 0 for the stage's.
    """

    name: str
    issuer: str
    audience: str
    return_urls: tuple[str, ...]
    providers: tuple[str, ...]
    web_origins: tuple[str, ...] = ()
    algorithms: frozenset[Algorithm] = frozenset({"RS256"})
    keys: tuple[dict[str, Any], ...] = ()
    publishes_keys: bool = True
    suspended: bool = False
    requests_per_second: int = 0
    apps: Mapping[str, Mapping[str, float]] = {}
    connections_per_user: int = 10
    follows: Follows = Follows.HOST
    event_bus: str = ""
    separate: frozenset[str] = frozenset()
    play_rule: PlayRule = PlayRule()


class TenantsFile:
    """Tenants of a run in memory, from `file`: an absolute path or one relative to sys.path.

    Raises FileNotFoundError or ValueError for an invalid file.
    """

    def __init__(self, file: str) -> None:
        declared = [{"name": name, **given} for name, given in read_declared(file).items()]
        self._tenants = {one.name: one for one in msgspec.convert(declared, tuple[Tenant, ...])}
        self._issuers = {one.issuer: one.name for one in self._tenants.values()}

    def tenant(self, name: str) -> Tenant | None:
        return self._tenants.get(name)

    def name_of_issuer(self, issuer: str) -> str:
        return self._issuers.get(issuer, "")


class TenantsTable:
    """The tenants of a stage, from the table that is bound. Raises StoreError if it fails."""

    def __init__(self) -> None:
        self._rows = Tenants()

    def tenant(self, name: str) -> Tenant | None:
        row = self._rows.read(name)
        return msgspec.json.decode(row.served, type=Tenant) if row else None

    def name_of_issuer(self, issuer: str) -> str:
        return self._rows.name_of(issuer_claim(issuer))


def read_declared(file: str) -> dict[str, dict[str, Any]]:
    """The objects in `file`, by name; none if it is empty.

    Raises FileNotFoundError or ValueError.
    """
    if not file:
        return {}
    for folder in sys.path:
        path = Path(folder, file)
        if path.is_file():
            return msgspec.json.decode(path.read_bytes(), type=dict[str, dict[str, Any]])
    raise FileNotFoundError(file)
