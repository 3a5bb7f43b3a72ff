"""Requests that mix tenants: the host name of one, the token of another, the ids of a third."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from random import Random
from typing import Any

from schemathesis import Case, Response

from cli.studies.fuzzing.callers import Callers

FOREIGN_ANSWER = "foreign_answer"
"""The kind of a finding: an answer about another tenant, or to another tenant's token."""
_STRAY = 0.25
"""Share of requests with another tenant's token, and of those with ids of another tenant."""
_BY_TOKEN = frozenset({"userToken", "serverToken"})
_OF_OTHERS = ("/v1/users/", "/v1/public/users/", "/v1/me/erasure/")
"""Paths that answer 404 to an id of another tenant."""


@dataclass(frozen=True, slots=True)
class Tenant:
    """A fuzzed tenant: its API at `base_url`, and its callers.

    `known` maps path parameters to existing values. `canary` is a title that only its users played;
    empty if there is one tenant.
    """

    name: str
    base_url: str
    callers: Callers
    known: Mapping[str, Sequence[str]]
    canary: str = ""


@dataclass(frozen=True, slots=True)
class Mix:
    """Whose host name, token and ids a request has."""

    host: Tenant
    caller: Tenant
    ids: Tenant


def mixed(tenants: Sequence[Tenant], dice: Random) -> Mix:
    """Mostly one tenant, otherwise any of `tenants`."""
    host = dice.choice(tenants)
    caller, ids = (dice.choice(tenants) if dice.random() < _STRAY else host for _ in range(2))
    return Mix(host, caller, ids)


@dataclass(frozen=True)
class Borders:
    """Finds answers that cross from one of the tenants to another."""

    tenants: Sequence[Tenant]

    def crossed(self, mix: Mix, case: Case[Any], answer: Response, *, guard: str) -> str | None:
        """What is wrong with the answer, or None. `guard` is the operation's security scheme."""
        served = answer.status_code < 400
        token = str(answer.request.headers.get("authorization", "")).removeprefix("Bearer ")
        owner = self._owners.get(token)
        if served and guard in _BY_TOKEN and owner not in {None, mix.host.name}:
            return f"a token of {owner} was accepted at {mix.host.name}"
        if served and mix.ids is not mix.host and case.path.startswith(_OF_OTHERS):
            theirs = [*mix.ids.known["user_id"], *mix.ids.known["receipt"]]
            if any(given in theirs for given in case.path_parameters.values()):
                return f"an id of {mix.ids.name} was found at {mix.host.name}"
        for other in self.tenants:
            if other is not mix.host and other.canary and other.canary.encode() in answer.content:
                return f"a title of {other.name} was shown at {mix.host.name}"
        return None

    @cached_property
    def _owners(self) -> Mapping[str, str]:
        """The names of tenants by token."""
        return {
            token: tenant.name
            for tenant in self.tenants
            for token in (
                *tenant.callers.users,
                *tenant.callers.leavers,
                tenant.callers.server,
            )
        }
