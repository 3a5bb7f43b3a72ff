"""Observes what an API shows of an owner to each kind of caller, cell by cell."""

import base64
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, Protocol

from cli.studies.access.specification import (
    COMMON,
    EMBED,
    ENDPOINTS,
    HIDDEN,
    MANY,
    NOTHING,
    OF_FOLLOWS,
    OWN,
    PICTURES,
    REFUSED,
    SHOWN,
    STANDING,
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

    def tell(self, tenant: str, follower: str, followed: str, op: str) -> None:
        """The servers of `tenant` set (`follow`) or end (`unfollow`) a follow."""
        ...


@dataclass(frozen=True, slots=True)
class Cast:
    """`owner` and `viewer` are of one tenant, `namesake` and `foreigner` of another.

    The `companions` of the owner play the same songs. Shared songs need at least three users, so
    the viewer follows them as well. `follows` is the rule of their tenant.
    """

    owner: User
    viewer: User
    namesake: User
    foreigner: User
    companions: tuple[User, ...] = ()
    follows: str = "request"


@dataclass(frozen=True, slots=True)
class Cell:
    visibility: str
    relation: str
    endpoint: str
    token: str
    follows: str
    observed: str
    problem: str = ""
    """The response without the list, ignoring the request id: it must not reveal the reason."""

    @property
    def specified(self) -> str:
        return specified(self.visibility, self.relation, self.endpoint, self.token, self.follows)

    @property
    def holds(self) -> bool:
        return self.observed == self.specified


def observe(
    apis: Apis, cast: Cast, relations: Sequence[str], endpoints: Iterable[str] = ENDPOINTS
) -> Iterator[Cell]:
    """One cell for each visibility, relation, endpoint and token."""
    own = _own(apis, cast)
    for companion in cast.companions:
        _befriend(apis, cast, companion, "unset")
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
    follows = relation in _FOLLOWING
    if follows:
        _befriend(apis, cast, cast.owner, visibility)
    if relation == "former follower":
        _part(apis, cast)
    blocks = list(_blocks(cast, relation))
    for user, path in blocks:
        _must(apis, user, "PUT", path)
    viewer = {"self": cast.owner, "namesake": cast.namesake}.get(relation, cast.viewer)
    yield viewer, NOBODY if relation == "of nobody" else cast.owner.name
    for user, path in blocks:
        _must(apis, user, "DELETE", path)
    if follows:
        _part(apis, cast)


def _leaver(apis: Apis, cast: Cast, visibility: str) -> User:
    """A followed user with `visibility` who is being erased."""
    leaver = User(cast.owner.tenant, f"leaver-{visibility}")
    if apis.call(leaver.tenant, "GET", "/v1/me", bearer=leaver).status == 200:
        chosen = {} if visibility == "unset" else {"visibility": visibility}
        _must(apis, leaver, "PATCH", "/v1/me", chosen)
        _befriend(apis, cast, leaver, visibility)
        _must(apis, leaver, "DELETE", "/v1/me")
    return leaver


_FOLLOWING = frozenset({"follower", "blocked", "blocking", "former follower", "namesake"})


def _blocks(cast: Cast, relation: str) -> Iterator[tuple[User, str]]:
    if relation == "blocked":
        yield cast.owner, f"/v1/me/blocks/{cast.viewer.name}"
    if relation == "blocking":
        yield cast.viewer, f"/v1/me/blocks/{cast.owner.name}"


def _befriend(apis: Apis, cast: Cast, other: User, visibility: str) -> None:
    """The viewer follows `other`, whose list has `visibility`, as their tenant's rule wants it."""
    path = f"/v1/me/following/{other.name}"
    match cast.follows:
        case "host":
            apis.tell(other.tenant, cast.viewer.name, other.name, "follow")
        case "request":
            _must(apis, cast.viewer, "PUT", path)
            _must(apis, other, "PUT", f"/v1/me/followers/{cast.viewer.name}")
        case _:
            _must(apis, other, "PATCH", "/v1/me", {"visibility": "public"})
            _must(apis, cast.viewer, "PUT", path)
            chosen = "followers" if visibility == "unset" else visibility
            _must(apis, other, "PATCH", "/v1/me", {"visibility": chosen})


def _part(apis: Apis, cast: Cast) -> None:
    """The viewer no longer follows the owner."""
    if cast.follows == "host":
        apis.tell(cast.owner.tenant, cast.viewer.name, cast.owner.name, "unfollow")
    else:
        _must(apis, cast.viewer, "DELETE", f"/v1/me/following/{cast.owner.name}")


@dataclass(frozen=True, slots=True)
class _Looking:
    """A viewer of `owner` (a name), and the viewer's own data by endpoint."""

    apis: Apis
    viewer: User
    owner: str
    own: Mapping[tuple[User, str], Any]

    def reply(self, endpoint: str, bearer: User | None) -> Reply:
        method, _, path = endpoint.partition(" ")
        body = {"users": [self.owner, NOBODY]} if endpoint == MANY else None
        return self.apis.call(
            self.viewer.tenant, method, path.format(user_id=self.owner), bearer=bearer, body=body
        )

    def observed(self, reply: Reply, endpoint: str) -> str:
        match reply.status:
            case 200 if endpoint in PICTURES:
                return SHOWN if reply.kind.startswith("image/") else f"200 as {reply.kind}"
            case 200 if endpoint == EMBED:
                return SHOWN if reply.json["type"] == "rich" else "another embed"
            case 200:
                return self._told(reply.json, endpoint)
            case 401:
                return REFUSED
            case 404:
                return NOTHING
        return str(reply.status)

    def _told(self, found: Any, endpoint: str) -> str:
        if endpoint == STANDING:
            return str(found["state"])
        if endpoint in OF_FOLLOWS:
            return OWN
        if endpoint in UNNAMED:
            return OWN if self._is_own(found, endpoint) else "another's"
        if endpoint == COMMON:
            return SHOWN if found["songs"] else HIDDEN
        if "lists" in found:
            users = [one["user_id"] for one in found["lists"]]
            return SHOWN if self.owner in users else HIDDEN
        if endpoint.startswith("GET /v1/me"):
            return OWN if found["user_id"] == self.viewer.name else "another's"
        entries = found.get("songs") or found.get("artists")
        of_owner = found["user_id"] == self.owner and entries
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
    return Cell(visibility, relation, endpoint, token, cast.follows, observed, problem)


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
