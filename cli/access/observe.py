"""What an API shows of an owner to each who may ask, cell by cell."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, Protocol

from cli.access.specification import (
    ENDPOINTS,
    HIDDEN,
    NOTHING,
    OWN,
    PICTURES,
    REFUSED,
    SHOWN,
    TOKENS,
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
    """`json` is None for an answer of another kind."""

    status: int
    json: Any
    kind: str = "application/json"


class Apis(Protocol):
    def call(
        self, tenant: str, method: str, path: str, *, bearer: User | None, body: Any = None
    ) -> Reply:
        """The answer of the API of `tenant` to who bears a token of `bearer`."""
        ...


@dataclass(frozen=True, slots=True)
class Cast:
    """`owner` and `viewer` are of one tenant, `namesake` and `foreigner` of another."""

    owner: User
    viewer: User
    namesake: User
    foreigner: User


@dataclass(frozen=True, slots=True)
class Cell:
    visibility: str
    relation: str
    endpoint: str
    token: str
    observed: str
    title: str = ""
    """Of a problem: it must not tell why."""

    @property
    def specified(self) -> str:
        return specified(self.visibility, self.relation, self.endpoint, self.token)

    @property
    def holds(self) -> bool:
        return self.observed == self.specified


def observe(apis: Apis, cast: Cast, relations: Sequence[str]) -> Iterator[Cell]:
    """One cell for each visibility, relation, endpoint and token."""
    for visibility in VISIBILITIES:
        if visibility != "unset":
            _must(apis, cast.owner, "PATCH", "/v1/me", {"visibility": visibility})
        for relation in relations:
            with _related(apis, cast, relation) as (viewer, owner):
                for endpoint in ENDPOINTS:
                    for token in TOKENS:
                        yield _cell(
                            apis, cast, viewer, owner, visibility, relation, endpoint, token
                        )


@contextmanager
def _related(apis: Apis, cast: Cast, relation: str) -> Iterator[tuple[User, str]]:
    """Who looks, and at whom; what was done for it is undone."""
    done = [("PUT", user, f"/v1/me/{edge}") for user, edge in _edges(cast, relation)]
    for method, user, path in done:
        _must(apis, user, method, path)
    if relation == "former follower":
        _must(apis, cast.viewer, "DELETE", f"/v1/me/following/{cast.owner.name}")
    viewer = {"self": cast.owner, "namesake": cast.namesake}.get(relation, cast.viewer)
    yield viewer, NOBODY if relation == "of nobody" else cast.owner.name
    for _, user, path in done:
        _must(apis, user, "DELETE", path)


def _edges(cast: Cast, relation: str) -> Iterator[tuple[User, str]]:
    owner, viewer = cast.owner, cast.viewer
    if relation in {"follower", "blocked", "blocking", "former follower", "namesake"}:
        yield viewer, f"following/{owner.name}"
    if relation == "blocked":
        yield owner, f"blocks/{viewer.name}"
    if relation == "blocking":
        yield viewer, f"blocks/{owner.name}"


def _cell(
    apis: Apis,
    cast: Cast,
    viewer: User,
    owner: str,
    visibility: str,
    relation: str,
    endpoint: str,
    token: str,
) -> Cell:
    other = cast.foreigner if viewer.tenant == cast.owner.tenant else cast.owner
    bearer = {"right": viewer, "wrong tenant": other, "none": None}[token]
    method, _, path = endpoint.partition(" ")
    reply = apis.call(viewer.tenant, method, path.format(user_id=owner), bearer=bearer)
    observed = _observed(reply, viewer, owner, endpoint)
    title = reply.json.get("title", "") if reply.status >= 400 else ""
    return Cell(visibility, relation, endpoint, token, observed, title)


def _observed(reply: Reply, viewer: User, owner: str, endpoint: str) -> str:
    match reply.status:
        case 401:
            return REFUSED
        case 404:
            return NOTHING
        case 200 if endpoint in PICTURES:
            return SHOWN if reply.kind.startswith("image/") else f"200 as {reply.kind}"
        case 200 if "lists" in reply.json:
            users = [one["user_id"] for one in reply.json["lists"]]
            return SHOWN if owner in users else HIDDEN
        case 200 if endpoint.startswith("GET /v1/me"):
            return OWN if reply.json["user_id"] == viewer.name else "another's"
        case 200 if reply.json["user_id"] == owner and reply.json["songs"]:
            return SHOWN
    return f"{reply.status} without songs"


def _must(apis: Apis, user: User, method: str, path: str, body: Any = None) -> None:
    status = apis.call(user.tenant, method, path, bearer=user, body=body).status
    if status not in {200, 204}:
        raise AssertionError(f"{method} {path} answered {status}")
