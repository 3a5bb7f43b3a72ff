"""HTTP API events in, JSON responses and RFC 9457 problem documents out.

API Gateway matches the route before a function runs: `routeKey` is the route. The function verifies
the token, which identifies the tenant and its user or server.
"""

import base64
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from hmac import compare_digest
from typing import Any, TypeVar

import msgspec

from topk.domain.errors import (
    InvalidRequestError,
    NotAllowedError,
    ScopeError,
    TokenError,
    TooLargeError,
    TopkError,
    place_of,
)
from topk.domain.limits import LARGEST_BODY
from topk.domain.owner import Owner
from topk.runtime import cors, problems
from topk.runtime.compression import SMALLEST, accepts_gzip, encoded, gzipped
from topk.runtime.invocation import begin_invocation
from topk.runtime.observability import count_by_version, logger
from topk.runtime.problems import Problem
from topk.runtime.settings import Settings
from topk.runtime.tenants import Tenant
from topk.runtime.tokens.access_tokens import Caller, bearer
from topk.usecases.accounts.tenant_limit import buckets

ORIGIN_HEADER = "x-topk-origin"
"""Sent by the edge (infra_cdk/edge/distribution.py)."""
HOST_HEADER = "x-topk-host"
"""The host name that the edge was called by, which names the tenant of a request without a token. A
stage without a domain can be called past the edge with any name: like an address, it gives access
to public data only.
"""
GRAPH_WRITE = "graph:write"
"""The scope of server tokens that may change follow edges."""
_OF_SERVERS = frozenset({GRAPH_WRITE})
_T = TypeVar("_T")

_HEADERS: Mapping[str, str] = {
    "content-type": "application/json",
    "cache-control": "private, no-store",
    "content-security-policy": "default-src 'none'; frame-ancestors 'none'",
    "referrer-policy": "no-referrer",
    "strict-transport-security": "max-age=31536000; includeSubDomains",
    "x-content-type-options": "nosniff",
}
"""Default headers: nothing may run, load, frame or send a referrer."""


@dataclass(frozen=True, slots=True)
class Request:
    """One request. `now` is the time of its receipt by API Gateway (epoch seconds).

    Names in `headers` are in lower case.
    """

    route: str
    path: Mapping[str, str]
    query: Mapping[str, str]
    headers: Mapping[str, str] = field(repr=False)
    body: bytes
    now: int
    request_id: str
    base_url: str
    tenant: str = ""
    """The tenant of the token's issuer; empty without a token."""
    scopes: frozenset[str] = frozenset()
    owner: Owner | None = None
    api_of: str = ""
    """The tenant whose host name was called, known without a token."""

    @property
    def user(self) -> Owner:
        """The calling user. Raises TokenError if the token identifies no user."""
        if self.owner is None:
            raise TokenError("does not identify a user of this tenant")
        return self.owner

    def server(self, scope: str) -> str:
        """The tenant of the calling server. Raises TokenError if the token belongs to none, and
        ScopeError if it does not have `scope`.
        """
        if not self.tenant:
            raise TokenError("does not belong to a tenant")
        if scope not in self.scopes:
            raise ScopeError(f"does not have the scope {scope}")
        return self.tenant

    def json(self, shape: type[_T]) -> _T:
        """The body as `shape`. Raises InvalidRequestError with the invalid field."""
        try:
            return msgspec.json.decode(self.body or b"{}", type=shape)
        except msgspec.ValidationError as error:
            detail, _, where = str(error).partition(" - at `$.")
            raise InvalidRequestError(where.rstrip("`") or "body", detail) from None
        except (msgspec.DecodeError, UnicodeDecodeError):
            raise InvalidRequestError("body", "is not valid JSON") from None
        except RecursionError:
            raise InvalidRequestError("body", "is nested too deeply") from None


@dataclass(frozen=True, slots=True)
class Answer:
    """A response. A `body` that is neither text nor bytes is encoded as JSON."""

    status: int = 200
    body: Any = None
    headers: Mapping[str, str] = field(default_factory=dict)


Route = Callable[[Request], Answer]


def respond(
    event: Mapping[str, Any],
    routes: Mapping[str, Route],
    settings: Settings,
    *,
    without_token: Collection[str] = (),
    largest_body: int = LARGEST_BODY,
    limited: bool = True,
) -> dict[str, Any]:
    """Call the route of `event`; every error becomes a problem document.

    Each route requires a valid token, except those `without_token`. A body larger than
    `largest_body` bytes is rejected before it is parsed. Requests above the tenant's limit are
    refused, if `limited`.
    """
    begin_invocation()
    request_id = event["requestContext"]["requestId"]
    logger().append_keys(request_id=request_id)
    at: Tenant | None = None
    try:
        at = settings.tenants.at_host(host_of(event))
        api_of = at.name if at else ""
        if _is_from_edge(event, settings):
            caller = None if event["routeKey"] in without_token else _caller(event, settings, at)
            at = caller.tenant if caller else at
            _check_active(at)
            if limited:
                _charge(at, event, settings, named_by_token=caller is not None)
            request = _request(event, settings, largest_body, caller=caller, api_of=api_of)
            answer = routes[event["routeKey"]](request)
        else:
            answer = _document(problems.PAST_THE_EDGE, None, request_id)
    except TopkError as error:
        answer = _problem(error, request_id)
    except Exception as error:  # noqa: BLE001 - whatever it is, the caller gets an answer
        # No traceback: it may quote user input.
        logger().error("unexpected", extra={"error": place_of(error)})
        answer = _document(problems.UNEXPECTED, None, request_id)
    headers = event.get("headers") or {}
    return wire(
        answer,
        cors.headers(headers.get("origin", ""), at),
        gzip=accepts_gzip(headers.get("accept-encoding", "")),
    )


def host_of(event: Mapping[str, Any]) -> str:
    """The host name that was called."""
    given: str = (event.get("headers") or {}).get(HOST_HEADER, "")
    return given or str(event["requestContext"].get("domainName", ""))


def _caller(event: Mapping[str, Any], settings: Settings, at: Tenant | None) -> Caller:
    """The caller with the event's token. Raises TokenError, also for a token of a tenant whose host
    name was not called.
    """
    now = int(event["requestContext"]["timeEpoch"]) // 1000
    caller = settings.access_tokens.verify(bearer(event.get("headers") or {}), now=now)
    if at is not None and at.name != caller.tenant.name:
        raise TokenError("is not valid")
    return caller


def _check_active(tenant: Tenant | None) -> None:
    if tenant is not None and tenant.suspended:
        raise NotAllowedError("the tenant is suspended")


def _charge(
    tenant: Tenant | None, event: Mapping[str, Any], settings: Settings, *, named_by_token: bool
) -> None:
    """Raises TooSoonError above the tenant's limit.

    Requests without a token have a bucket of their own, so that anybody's flood of a tenant's
    public addresses refuses none of its users. Preflight requests, by which pages of users begin,
    have none.
    """
    if tenant is None or event["routeKey"].startswith("OPTIONS "):
        return
    most = tenant.requests_per_second or settings.requests_per_second
    if most:
        of_users, of_anybody = buckets(tenant.name)
        settings.limit.charge(of_users if named_by_token else of_anybody, most)


def _is_from_edge(event: Mapping[str, Any], settings: Settings) -> bool:
    """Whether the firewall has seen the request: the edge adds a secret, where there is one."""
    given = (event.get("headers") or {}).get(ORIGIN_HEADER, "").encode()
    accepted = [compare_digest(given, one.encode()) for one in settings.origin_secrets]
    return any(accepted) or not accepted


def _request(
    event: Mapping[str, Any],
    settings: Settings,
    largest_body: int,
    *,
    caller: Caller | None,
    api_of: str,
) -> Request:
    context = event["requestContext"]
    name = caller.tenant.name if caller else ""
    scopes = caller.scopes if caller else frozenset()
    return Request(
        route=event["routeKey"],
        path=event.get("pathParameters") or {},
        query=event.get("queryStringParameters") or {},
        headers=event.get("headers") or {},
        body=_body(event, largest_body),
        now=int(context["timeEpoch"]) // 1000,
        request_id=context["requestId"],
        base_url=settings.public_url.format(
            domain=context.get("domainName", ""),
            host=(name or api_of).replace("_", "-"),
        ),
        tenant=name,
        scopes=scopes,
        owner=None if caller is None or _OF_SERVERS & scopes else caller.owner,
        api_of=api_of,
    )


def _body(event: Mapping[str, Any], largest: int) -> bytes:
    body = event.get("body") or ""
    raw = base64.b64decode(body) if event.get("isBase64Encoded") else body.encode()
    if len(raw) > largest:
        raise TooLargeError("body", f"is larger than {largest} bytes")
    return raw


def _problem(error: TopkError, request_id: str) -> Answer:
    problem = problems.problem_of(error)
    problems.log(error, problem)
    return _document(problem, error, request_id)


def _document(problem: Problem, error: TopkError | None, request_id: str) -> Answer:
    if problem.is_ours:
        count_by_version({"ServerErrors": 1})
    document = problems.document(problem, error, request_id)
    return Answer(problem.status, document, problems.headers(error))


def wire(
    answer: Answer, added: Mapping[str, str] | None = None, *, gzip: bool = False
) -> dict[str, Any]:
    """The response as Lambda returns it, compressed if the caller accepts `gzip` and it is long."""
    headers = {**_HEADERS, **answer.headers, **(added or {})}
    if answer.body is None:
        return {"statusCode": answer.status, "headers": headers, "body": ""}
    if isinstance(answer.body, bytes):
        return _binary(answer.status, headers, answer.body)
    text = (
        answer.body.encode() if isinstance(answer.body, str) else msgspec.json.encode(answer.body)
    )
    if len(text) >= SMALLEST:
        headers["vary"] = ", ".join(filter(None, (headers.get("vary"), "accept-encoding")))
        if gzip:
            return _binary(answer.status, encoded(headers), gzipped(text))
    return {"statusCode": answer.status, "headers": headers, "body": text.decode()}


def _binary(status: int, headers: Mapping[str, str], body: bytes) -> dict[str, Any]:
    return {
        "statusCode": status,
        "headers": dict(headers),
        "body": base64.b64encode(body).decode(),
        "isBase64Encoded": True,
    }
