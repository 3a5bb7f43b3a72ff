"""API Gateway, as far as the functions see of it: requests become events."""

import json
from collections.abc import Callable, Mapping
from typing import Any, NamedTuple
from urllib.parse import parse_qsl

import httpx2

from cli.failure import CommandFailedError
from topk.domain.owner import Owner

API_ID = "a1b2c3d4e5"
_SIGNED_IN = "https://id.{tenant}.example"

Handler = Callable[[dict[str, Any], Any], dict[str, Any]]


class Asked(NamedTuple):
    """A route of the API with the values of its parameters."""

    method: str
    route: str
    path: Mapping[str, str]


def event(
    asked: Asked,
    *,
    now: int,
    owner: Owner | None = None,
    body: str = "",
    query: Mapping[str, str] | None = None,
) -> dict[str, Any]:
    """The request as API Gateway hands it over (payload format 2.0), its token checked."""
    claims = {"iss": _SIGNED_IN.format(tenant=owner.tenant), "sub": owner.user} if owner else {}
    key = f"{asked.method} {asked.route}"
    return {
        "version": "2.0",
        "routeKey": key,
        "rawPath": asked.route.format(**asked.path),
        "rawQueryString": "",
        "headers": {"content-type": "application/x-www-form-urlencoded"},
        "pathParameters": dict(asked.path),
        "queryStringParameters": dict(query or {}),
        "requestContext": {
            "apiId": API_ID,
            "domainName": f"{API_ID}.execute-api.us-east-1.amazonaws.com",
            "http": {"method": asked.method, "path": asked.route.format(**asked.path)},
            "requestId": "fake-request",
            "routeKey": key,
            "stage": "$default",
            "timeEpoch": now * 1000,
            "authorizer": {"jwt": {"claims": claims, "scopes": None}},
        },
        "body": body,
        "isBase64Encoded": False,
    }


class Callbacks(httpx2.BaseTransport):
    """Carries a browser's requests: those to `base` to the function `connect`, others to `world`.

    `connect` takes an event and gives the function's answer.
    """

    def __init__(
        self,
        base: str,
        connect: Callable[[Asked, Mapping[str, str], str], Mapping[str, Any]],
        world: Callable[[httpx2.Request], httpx2.Response],
    ) -> None:
        self._base = base
        self._connect = connect
        self._world = world

    def handle_request(self, request: httpx2.Request) -> httpx2.Response:
        if not str(request.url).startswith(self._base):
            return self._world(request)
        *_, provider, last = request.url.path.split("/")
        asked = Asked(request.method, f"/v1/oauth/{{provider}}/{last}", {"provider": provider})
        query = dict(parse_qsl(request.url.query.decode()))
        answer = self._connect(asked, query, request.read().decode())
        return httpx2.Response(answer["statusCode"], headers=answer["headers"], text=answer["body"])


def document(answer: Mapping[str, Any]) -> Any:
    """The JSON of a function's answer. Raises CommandFailedError where it tells of a failure."""
    if answer["statusCode"] >= 400:
        raise CommandFailedError(f"a function answered {answer['statusCode']}: {answer['body']}")
    return json.loads(answer["body"]) if answer["body"] else None
