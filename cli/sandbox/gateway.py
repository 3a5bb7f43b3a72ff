"""API Gateway in front of the sandbox's functions: a tenant's routes, authorizer and scopes.

Tokens are unsigned claims after the word `fake`; signatures are not checked.
"""

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
from cli.sandbox.people import NOON
from infra_cdk.api.routes import OPEN, PERSONAL, PUBLIC, SCOPED, SIGNED, SIGNED_IN, Routes


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
    guarded: bool
    scope: str | None = None


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
        claims = self._claims(token)
        if route.guarded and claims is None:
            return _refusal(401, "Unauthorized")
        scopes = str((claims or {}).get("scope", "")).split()
        if route.scope and route.scope not in scopes:
            return _refusal(403, "Forbidden")
        raw = body.encode() if isinstance(body, str) else body
        told = {name.lower(): value for name, value in (headers or {}).items()}
        event = self._event(route, path, query, told, raw) | {"pathParameters": parameters}
        if route.guarded:
            event["requestContext"]["authorizer"] = {"jwt": {"claims": claims, "scopes": scopes}}
        handler = importlib.import_module(f"functions.{route.function}.handler")
        answer = handler.lambda_handler(event, Context(route.function))
        return Reply(answer["statusCode"], answer["headers"], _content(answer))

    def _claims(self, token: str) -> dict[str, str] | None:
        """The claims of a token of this tenant's issuer, as text; None for any other token."""
        try:
            kind, _, text = token.partition(".")
            claims = json.loads(base64.urlsafe_b64decode(text))
            good = (
                kind == "fake"
                and claims["iss"] == issuer(self.tenant)
                and claims["aud"] == "topk"
                and int(claims["exp"]) > self.now
            )
        except (ValueError, KeyError, TypeError):
            return None
        return {name: str(value) for name, value in claims.items()} if good else None

    def _event(
        self, route: _Route, path: str, query: str, headers: Mapping[str, str], body: bytes
    ) -> dict[str, Any]:
        return {
            "version": "2.0",
            "routeKey": route.key,
            "rawPath": path,
            "rawQueryString": query,
            "headers": headers,
            "stageVariables": {"tenant": self.tenant},
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


def token_of(tenant: str, user: str, **claims: str) -> str:
    """A token that the issuer of `tenant` could have given its `user`."""
    given = {
        "iss": issuer(tenant),
        "aud": "topk",
        "sub": user,
        "exp": str(NOON + 3600),
        **claims,
    }
    return f"fake.{base64.urlsafe_b64encode(json.dumps(given).encode()).decode()}"


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
    for function, routes in SIGNED_IN.items():
        yield from _made(function, routes, guarded=True)
    for scope, functions in SCOPED.items():
        for function, routes in functions.items():
            yield from _made(function, routes, guarded=True, scope=scope)
    for declared in (OPEN, PUBLIC, SIGNED, PERSONAL):
        for function, routes in declared.items():
            yield from _made(function, routes, guarded=False)


def _made(
    function: str, routes: Routes, *, guarded: bool, scope: str | None = None
) -> Iterator[_Route]:
    for path, methods in routes.items():
        for method in methods:
            pattern = re.sub(r"\{(\w+)\}", r"(?P<\1>[^/]+)", f"{method} {path}")
            pattern = re.sub(r"\{(\w+)\+\}", r"(?P<\1>.*)", pattern)
            yield _Route(f"{method} {path}", function, re.compile(pattern), guarded, scope)
