"""The access matrix at the deployed service, with real tokens."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import httpx2
import pytest

from cli.local_stack.stack import LocalStack
from cli.local_stack.tokens import server_token, user_token
from cli.studies.access.observe import Cast, Reply, User, observe
from cli.studies.access.specification import COMMON, ENDPOINTS, RELATIONS
from cli.studies.demonstration.people import People, Person
from cli.studies.demonstration.run import Result

pytestmark = [pytest.mark.emulator, pytest.mark.xdist_group("end to end")]


@dataclass
class Deployed:
    """The APIs of all tenants, and the tokens that were asked for."""

    stack: LocalStack
    http: httpx2.Client
    listeners: Mapping[str, str]
    """By tenant: the listener as which its users sign in."""
    tokens: dict[User, str] = field(default_factory=dict)

    def call(
        self, tenant: str, method: str, path: str, *, bearer: User | None, body: Any = None
    ) -> Reply:
        headers = {"authorization": f"Bearer {self._token(bearer)}"} if bearer else {}
        url = f"{self.stack.api_urls[tenant]}{path}"
        answer = self.http.request(method, url, json=body, headers=headers)
        kind = answer.headers.get("content-type", "")
        found = answer.json() if answer.content and "json" in kind else None
        return Reply(answer.status_code, found, kind)

    def tell(self, tenant: str, follower: str, followed: str, op: str) -> None:
        token = server_token(self.stack, self.http, tenant)
        self.http.post(
            f"{self.stack.api_urls[tenant]}/v1/graph/edges",
            json={"changes": [{"follower": follower, "followed": followed, "op": op}]},
            headers={"authorization": f"Bearer {token}"},
        ).raise_for_status()

    def _token(self, user: User) -> str:
        """That of a user who need not be a listener of the world."""
        if user not in self.tokens:
            self.tokens[user] = user_token(
                self.stack, self.http, user.tenant, self.listeners[user.tenant], sub=user.name
            )
        return self.tokens[user]


@pytest.fixture
def cast(week: Result, people: People) -> Iterator[Cast]:
    """An owner with a list, and a viewer who has nothing to do with them until this is over."""
    assert week.faults == {}
    ours = [one for one in people.everyone if one.tenant == "harbor"]
    owner = next(one for one in ours if people.expect(one, "GET", "/v1/me/top")["songs"])
    viewer = next(one for one in ours if one != owner)
    foreigner, namesake, *_ = (one for one in people.everyone if one.tenant == "meadow")
    followed = owner.user in viewer.follows
    people.tell(viewer, "unfollow", [owner.user])
    yield Cast(_user(owner), _user(viewer), _user(namesake), _user(foreigner))
    people.expect(owner, "PATCH", "/v1/me", {"visibility": "followers"})
    people.tell(viewer, "follow" if followed else "unfollow", [owner.user])


def test_every_cell_is_as_specified(stack: LocalStack, cast: Cast) -> None:
    with httpx2.Client(timeout=30, trust_env=False) as http:
        # The people of the two tenants have the same names: a namesake has an owner of that name.
        relations = tuple(one for one in RELATIONS if one != "namesake")
        listeners = {one.tenant: one.name for one in (cast.owner, cast.foreigner)}
        # Shared songs need three listeners of the same song; an export takes some minutes.
        endpoints = [one for one in ENDPOINTS if one not in {COMMON, "GET /v1/me/export"}]
        apis = Deployed(stack, http, listeners)
        cells = list(observe(apis, cast, relations, endpoints))
    assert [cell for cell in cells if not cell.holds] == []
    (problem,) = {cell.problem for cell in cells if cell.observed == "404"}
    assert "Not found" in problem


def _user(person: Person) -> User:
    return User(person.tenant, person.user)
