"""API Gateway in front of the sandbox's functions: the routes. Functions verify the tokens."""

import base64
import importlib
import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any
from urllib.parse import parse_qsl, unquote

from cli.commands.run.replay import Context
from cli.sandbox.issuer import signed
from cli.sandbox.people import NOON
from infra_cdk.api.routes import (
    OPEN,
    PERSONAL,
    PREFLIGHT,
    PUBLIC,
    SCOPED,
    SIGNED,
    SIGNED_IN,
    Routes,
)


@dataclass(frozen=True, slots=True)
class Reply:
    status: int
    headers: Mapping[str, str]
    body: bytes

    @property
    def json(self) -> Any:
        return json.loads(self.body or b"null")


@dataclass(frozen=True, slots=True)
class _Route:
    key: str
    function: str
    pattern: re.Pattern[str]


@dataclass(frozen=True, slots=True)
class Gateway:
    """The API of one tenant of the sandbox. `now` is in epoch seconds."""

    tenant: str = "harbor"
    now: int = NOON

    def call(
        self,
        method: str,
        target: str,
        *,
        token: str = "",
        headers: Mapping[str, str] | None = None,
        body: str | bytes = b"",
    ) -> Reply:
        """The response to a request for `target`, a path with its query."""
        path, _, query = target.partition("?")
        route, parameters = _match(method, path)
        if route is None:
            return _refusal(404, "Not Found")
        raw = body.encode() if isinstance(body, str) else body
        told = {name.lower(): value for name, value in (headers or {}).items()}
        told = {"x-topk-host": f"{self.tenant}.topk.example", **told}
        if token:
            told = {"authorization": f"Bearer {token}", **told}
        event = self._event(route, path, query, told, raw) | {"pathParameters": parameters}
        handler = importlib.import_module(f"functions.{route.function}.handler")
        answer = handler.lambda_handler(event, Context(route.function))
        return Reply(answer["statusCode"], answer["headers"], _content(answer))

    def _event(
        self, route: _Route, path: str, query: str, headers: Mapping[str, str], body: bytes
    ) -> dict[str, Any]:
        return {
            "version": "2.0",
            "routeKey": route.key,
            "rawPath": path,
            "rawQueryString": query,
            "headers": headers,
            "queryStringParameters": dict(parse_qsl(query, keep_blank_values=True)),
            "requestContext": {
                "apiId": "a1b2c3d4e5",
                "domainName": "api.example",
                "requestId": "JKJaXmPLvHcESHA=",
                "routeKey": route.key,
                "timeEpoch": self.now * 1000,
            },
            **_body(body),
        }


def token_of(tenant: str, user: str, **claims: Any) -> str:
    """A token that the issuer of `tenant` could have given its `user`."""
    given = {"iss": issuer(tenant), "aud": "topk", "sub": user, "exp": NOON + 3600, **claims}
    return signed(given)


def server_token_of(tenant: str) -> str:
    """A server token of `tenant` for changing follow edges."""
    client = f"{tenant}-server"
    return token_of(tenant, client, client_id=client, scope="graph:write")


def issuer(tenant: str) -> str:
    return f"https://id.{tenant}.example"


def _body(raw: bytes) -> dict[str, Any]:
    """The body in a Lambda event: as text if possible, otherwise as base64."""
    try:
        return {"isBase64Encoded": False, "body": raw.decode()}
    except UnicodeDecodeError:
        return {"isBase64Encoded": True, "body": base64.b64encode(raw).decode()}


def _content(answer: Mapping[str, Any]) -> bytes:
    """The body of a response as bytes."""
    body: str = answer["body"]
    if answer.get("isBase64Encoded"):
        return base64.b64decode(body, validate=True)
    return body.encode("utf-8", "surrogatepass")


def _refusal(status: int, message: str) -> Reply:
    body = json.dumps({"message": message}).encode()
    return Reply(status, {"content-type": "application/json"}, body)


def _match(method: str, path: str) -> tuple[_Route | None, dict[str, str]]:
    for route in _routes():
        found = route.pattern.fullmatch(f"{method} {path}")
        if found:
            return route, {name: unquote(value) for name, value in found.groupdict().items()}
    return None, {}


@cache
def _routes() -> tuple[_Route, ...]:
    """All routes; those with more literal path segments come first."""
    return tuple(sorted(_declared(), key=lambda route: route.key.count("{")))


def _declared() -> Iterator[_Route]:
    for declared in (SIGNED_IN, *SCOPED.values(), OPEN, PUBLIC, SIGNED, PERSONAL, PREFLIGHT):
        for function, routes in declared.items():
            yield from _made(function, routes)


def _made(function: str, routes: Routes) -> Iterator[_Route]:
    for path, methods in routes.items():
        for method in methods:
            pattern = re.sub(r"\{(\w+)\}", r"(?P<\1>[^/]+)", f"{method} {path}")
            pattern = re.sub(r"\{(\w+)\+\}", r"(?P<\1>.*)", pattern)
            yield _Route(f"{method} {path}", function, re.compile(pattern))
