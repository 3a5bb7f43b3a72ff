"""Observes what an API shows of an owner to each kind of caller, cell by cell."""

import base64
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, Protocol

from cli.studies.access.specification import (
    COMMON,
    ENDPOINTS,
    HIDDEN,
    NOTHING,
    OWN,
    PICTURES,
    REFUSED,
    SHOWN,
    TOKENS,
    UNNAMED,
    VISIBILITIES,
    specified,
)

NOBODY = "nobody-of-this-name"


@dataclass(frozen=True, slots=True)
class User:
    tenant: str
    name: str


@dataclass(frozen=True, slots=True)
class Reply:
    """`json` is None if the response is not JSON."""

    status: int
    json: Any
    kind: str = "application/json"


class Apis(Protocol):
    def call(
        self, tenant: str, method: str, path: str, *, bearer: User | None, body: Any = None
    ) -> Reply:
        """The response of `tenant`'s API to a caller with the token of `bearer`."""
        ...


@dataclass(frozen=True, slots=True)
class Cast:
    """`owner` and `viewer` are of one tenant, `namesake` and `foreigner` of another.

    The `companions` of the owner play the same songs. Shared songs need at least three users, so
    the viewer follows them as well.
    """

    owner: User
    viewer: User
    namesake: User
    foreigner: User
    companions: tuple[User, ...] = ()


@dataclass(frozen=True, slots=True)
class Cell:
    visibility: str
    relation: str
    endpoint: str
    token: str
    observed: str
    problem: str = ""
    """The response without the list, ignoring the request id: it must not reveal the reason."""

    @property
    def specified(self) -> str:
        return specified(self.visibility, self.relation, self.endpoint, self.token)

    @property
    def holds(self) -> bool:
        return self.observed == self.specified


def observe(
    apis: Apis, cast: Cast, relations: Sequence[str], endpoints: Iterable[str] = ENDPOINTS
) -> Iterator[Cell]:
    """One cell for each visibility, relation, endpoint and token."""
    own = _own(apis, cast)
    for companion in cast.companions:
        _must(apis, cast.viewer, "PUT", f"/v1/me/following/{companion.name}")
    for visibility in VISIBILITIES:
        if visibility != "unset":
            _must(apis, cast.owner, "PATCH", "/v1/me", {"visibility": visibility})
        for relation in relations:
            with _related(apis, cast, relation, visibility) as (viewer, owner):
                for endpoint in endpoints:
                    for token in TOKENS:
                        looking = _Looking(apis, viewer, owner, own)
                        yield _cell(looking, cast, visibility, relation, endpoint, token)


@contextmanager
def _related(apis: Apis, cast: Cast, relation: str, visibility: str) -> Iterator[tuple[User, str]]:
    """The viewer and the owner; the setup is undone afterwards."""
    if "leaver" in relation:
        leaver = _leaver(apis, cast, visibility)
        yield leaver if relation == "leaver" else cast.viewer, leaver.name
        return
    done = [("PUT", user, f"/v1/me/{edge}") for user, edge in _edges(cast, relation)]
    for method, user, path in done:
        _must(apis, user, method, path)
    if relation == "former follower":
        _must(apis, cast.viewer, "DELETE", f"/v1/me/following/{cast.owner.name}")
    viewer = {"self": cast.owner, "namesake": cast.namesake}.get(relation, cast.viewer)
    yield viewer, NOBODY if relation == "of nobody" else cast.owner.name
    for _, user, path in done:
        _must(apis, user, "DELETE", path)


def _leaver(apis: Apis, cast: Cast, visibility: str) -> User:
    """A followed user with `visibility` who is being erased."""
    leaver = User(cast.owner.tenant, f"leaver-{visibility}")
    if apis.call(leaver.tenant, "GET", "/v1/me", bearer=leaver).status == 200:
        if visibility != "unset":
            _must(apis, leaver, "PATCH", "/v1/me", {"visibility": visibility})
        _must(apis, cast.viewer, "PUT", f"/v1/me/following/{leaver.name}")
        _must(apis, leaver, "DELETE", "/v1/me")
    return leaver


def _edges(cast: Cast, relation: str) -> Iterator[tuple[User, str]]:
    owner, viewer = cast.owner, cast.viewer
    if relation in {"follower", "blocked", "blocking", "former follower", "namesake"}:
        yield viewer, f"following/{owner.name}"
    if relation == "blocked":
        yield owner, f"blocks/{viewer.name}"
    if relation == "blocking":
        yield viewer, f"blocks/{owner.name}"


@dataclass(frozen=True, slots=True)
class _Looking:
    """A viewer of `owner` (a name), and the viewer's own data by endpoint."""

    apis: Apis
    viewer: User
    owner: str
    own: Mapping[tuple[User, str], Any]

    def reply(self, endpoint: str, bearer: User | None) -> Reply:
        method, _, path = endpoint.partition(" ")
        return self.apis.call(
            self.viewer.tenant, method, path.format(user_id=self.owner), bearer=bearer
        )

    def observed(self, reply: Reply, endpoint: str) -> str:
        match reply.status:
            case 200 if endpoint in PICTURES:
                return SHOWN if reply.kind.startswith("image/") else f"200 as {reply.kind}"
            case 200:
                return self._told(reply.json, endpoint)
            case 401:
                return REFUSED
            case 404:
                return NOTHING
        return str(reply.status)

    def _told(self, found: Any, endpoint: str) -> str:
        if endpoint in UNNAMED:
            return OWN if self._is_own(found, endpoint) else "another's"
        if endpoint == COMMON:
            return SHOWN if found["songs"] else HIDDEN
        if "lists" in found:
            users = [one["user_id"] for one in found["lists"]]
            return SHOWN if self.owner in users else HIDDEN
        if endpoint.startswith("GET /v1/me"):
            return OWN if found["user_id"] == self.viewer.name else "another's"
        of_owner = found["user_id"] == self.owner and found["songs"]
        return SHOWN if of_owner else "200 without songs"

    def _is_own(self, found: Any, endpoint: str) -> bool:
        return bool(found == self.own.get((self.viewer, endpoint), []))


def _cell(
    looking: _Looking, cast: Cast, visibility: str, relation: str, endpoint: str, token: str
) -> Cell:
    other = cast.foreigner if looking.viewer.tenant == cast.owner.tenant else cast.owner
    bearer = {"right": looking.viewer, "wrong tenant": other, "none": None}[token]
    reply = looking.reply(endpoint, bearer)
    told = reply.json if reply.status >= 400 else {}
    problem = json.dumps({name: of for name, of in told.items() if name != "instance"})
    observed = looking.observed(reply, endpoint)
    return Cell(visibility, relation, endpoint, token, observed, problem)


def _own(apis: Apis, cast: Cast) -> Mapping[tuple[User, str], Any]:
    """The caller's own data in responses without a user id: each user has hidden a different
    mark.
    """
    found = {}
    for user in (cast.owner, cast.viewer, cast.namesake):
        mark = base64.b32encode(f"{user.tenant}/{user.name}".encode().ljust(10)[:10]).decode()
        _must(apis, user, "PUT", f"/v1/me/hidden/songs/{mark.lower()}")
        for endpoint in UNNAMED:
            path = endpoint.partition(" ")[2]
            found[user, endpoint] = apis.call(user.tenant, "GET", path, bearer=user).json
    return found


def _must(apis: Apis, user: User, method: str, path: str, body: Any = None) -> None:
    status = apis.call(user.tenant, method, path, bearer=user, body=body).status
    if status not in {200, 202, 204}:
        raise AssertionError(f"{method} {path} answered {status}")
