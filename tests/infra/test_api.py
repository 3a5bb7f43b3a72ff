"""One HTTP API for all tenants."""

import importlib
import json
from collections.abc import Iterable
from typing import Any
from unittest.mock import Mock

import pytest

from infra_cdk.api.routes import OPEN, PERSONAL, PREFLIGHT, PUBLIC, SIGNED
from infra_cdk.config import deployments
from simulator.emulator.edge import API as EMULATED
from tests.infra.templates import pointed_at, properties, stateless
from tests.synthesis import Target, context

ROUTES = {
    ("POST /v1/connections/{provider}", "Connect"),
    ("POST /v1/connections/{provider}/confirmation", "Connect"),
    ("GET /v1/connections", "Connect"),
    ("DELETE /v1/connections/{provider}", "Connect"),
    ("GET /v1/oauth/{provider}/callback", "Connect"),
    ("POST /v1/oauth/{provider}/callback", "Connect"),
    ("GET /v1/oauth/{provider}/authorize", "Connect"),
    ("POST /v1/ingest/{provider}", "Ingest"),
    ("GET /v1/me/tokens", "Scrobble"),
    ("POST /v1/me/tokens", "Scrobble"),
    ("DELETE /v1/me/tokens/{token_id}", "Scrobble"),
    ("GET /v1/me/imports", "Scrobble"),
    ("POST /v1/me/imports", "Scrobble"),
    ("GET /v1/me/imports/{import_id}", "Scrobble"),
    ("POST /v1/me/imports/{import_id}/start", "Scrobble"),
    ("POST /1/submit-listens", "Scrobble"),
    ("GET /1/validate-token", "Scrobble"),
    ("GET /1/user/{user_name}/listen-count", "Scrobble"),
    ("GET /1/user/{user_name}/listens", "Scrobble"),
    ("GET /1/user/{user_name}/playing-now", "Scrobble"),
    ("POST /1/delete-listen", "Scrobble"),
    ("GET /1/latest-import", "Scrobble"),
    ("POST /1/latest-import", "Scrobble"),
    ("GET /2.0", "Scrobble"),
    ("POST /2.0", "Scrobble"),
    ("GET /2.0/{slash+}", "Scrobble"),
    ("POST /2.0/{slash+}", "Scrobble"),
    ("GET /api/auth", "Scrobble"),
    ("POST /api/auth", "Scrobble"),
    ("GET /api/auth/{slash+}", "Scrobble"),
    ("POST /api/auth/{slash+}", "Scrobble"),
    ("GET /audioscrobbler", "Scrobble"),
    ("GET /audioscrobbler/{slash+}", "Scrobble"),
    ("POST /audioscrobbler/np_1.2", "Scrobble"),
    ("POST /audioscrobbler/protocol_1.2", "Scrobble"),
    ("GET /v1/users/{user_id}/top", "Read"),
    ("GET /v1/public/users/{user_id}/top", "Read"),
    ("GET /v1/users/{user_id}/top.svg", "Card"),
    ("GET /v1/users/{user_id}/top.png", "Card"),
    ("GET /v1/oembed", "Card"),
    ("GET /v1/me/top", "Read"),
    ("GET /v1/me/following/top", "Read"),
    ("GET /v1/me/following/songs", "Read"),
    ("POST /v1/tops", "Read"),
    ("GET /v1/openapi.json", "Account"),
    ("OPTIONS /{path+}", "Account"),
    ("POST /v1/graph/edges", "Account"),
    ("POST /v1/graph/people", "Account"),
    ("GET /v1/me", "Account"),
    ("PATCH /v1/me", "Account"),
    ("GET /v1/me/hidden", "Account"),
    ("PUT /v1/me/hidden/songs/{song_id}", "Account"),
    ("DELETE /v1/me/hidden/songs/{song_id}", "Account"),
    ("PUT /v1/me/hidden/providers/{provider}", "Account"),
    ("DELETE /v1/me/hidden/providers/{provider}", "Account"),
    ("GET /v1/me/following/{user_id}", "Account"),
    ("PUT /v1/me/following/{user_id}", "Account"),
    ("DELETE /v1/me/following/{user_id}", "Account"),
    ("GET /v1/me/followers", "Account"),
    ("PUT /v1/me/followers/{user_id}", "Account"),
    ("DELETE /v1/me/followers/{user_id}", "Account"),
    ("GET /v1/me/requests", "Account"),
    ("DELETE /v1/me/requests/{user_id}", "Account"),
    ("PUT /v1/me/blocks/{user_id}", "Account"),
    ("DELETE /v1/me/blocks/{user_id}", "Account"),
    ("GET /v1/me/export", "Export"),
    ("DELETE /v1/me", "Privacy"),
    ("GET /v1/me/erasure/{receipt}", "Privacy"),
    ("DELETE /v1/me/plays/songs/{song_id}", "Privacy"),
    ("GET /v1/me/corrections", "Privacy"),
    ("POST /v1/me/corrections", "Privacy"),
    ("DELETE /v1/me/corrections/{correction_id}", "Privacy"),
    ("GET /v1/me/songs/{song_id}/spellings", "Privacy"),
}
LOGGED = {
    "requestId",
    "requestTime",
    "routeKey",
    "status",
    "responseLatency",
    "integrationErrorMessage",
}
"""Of the variables that an HTTP API has:
https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-logging-variables.html
"""
WIRINGS = (
    "accounts",
    "connecting",
    "drawing",
    "exporting",
    "guarding",
    "ingesting",
    "reading",
    "scrobbling",
)
TARGETS = pytest.mark.parametrize("target", ["local", "aws"])


@TARGETS
def test_there_is_one_api_with_all_routes_and_their_functions(target: Target) -> None:
    assert len(properties(stateless(target), "ApiGatewayV2::Api")) == 1
    assert {
        (route["RouteKey"], _function(target, route)) for route in _made(target, "Route")
    } == ROUTES


@TARGETS
def test_the_gateway_leaves_tokens_to_the_functions(target: Target) -> None:
    assert {route["AuthorizationType"] for route in _made(target, "Route")} == {"NONE"}
    assert not properties(stateless(target), "ApiGatewayV2::Authorizer")


@pytest.mark.parametrize(
    "function", ["account", "card", "connect", "export", "ingest", "privacy", "read", "scrobble"]
)
def test_a_function_asks_for_a_token_at_all_routes_but_those_declared_without(
    function: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    handler = importlib.import_module(f"functions.{function}.handler")
    asked: list[set[str]] = []
    wiring = next(name for name in WIRINGS if hasattr(handler, name))
    monkeypatch.setattr(handler, wiring, Mock())

    def respond(*_: object, without_token: Iterable[str] = (), **__: object) -> None:
        asked.append(set(without_token))

    monkeypatch.setattr(handler, "respond", respond)
    handler.lambda_handler({"routeKey": "GET /v1/me"}, None)
    assert asked == [
        {
            f"{method} {path}"
            for kind in (OPEN, PUBLIC, SIGNED, PERSONAL, PREFLIGHT)
            for path, methods in kind.get(function, {}).items()
            for method in methods
        }
    ]


@TARGETS
def test_the_gateway_knows_no_origins(target: Target) -> None:
    (api,) = properties(stateless(target), "ApiGatewayV2::Api").values()
    assert "CorsConfiguration" not in api


@TARGETS
def test_only_a_local_api_has_a_known_id(target: Target) -> None:
    (api,) = properties(stateless(target), "ApiGatewayV2::Api").values()
    expected = {"ms-custom-id": EMULATED} if target == "local" else {}
    assert api.get("Tags", {}) == expected


@TARGETS
def test_requests_of_all_tenants_are_throttled_together(target: Target) -> None:
    (stage,) = _made(target, "Stage")
    most = deployments(context(target))[-1].stage.api_requests_per_second
    assert stage["DefaultRouteSettings"] == {
        "ThrottlingRateLimit": most,
        "ThrottlingBurstLimit": most,
    }


@TARGETS
def test_access_is_logged_on_aws_without_naming_users(target: Target) -> None:
    (stage,) = _made(target, "Stage")
    if target == "local":
        assert "AccessLogSettings" not in stage
        return
    logged = json.loads(stage["AccessLogSettings"]["Format"])
    assert {"requestId", "routeKey", "status"} <= set(logged)
    assert {one.removeprefix("$context.") for one in logged.values()} <= LOGGED
    assert not {"path", "authorizer.claims.sub", "identity.sourceIp"} & set(logged)


def _made(target: Target, kind: str) -> list[dict[str, Any]]:
    return list(properties(stateless(target), f"ApiGatewayV2::{kind}").values())


def _function(target: Target, route: dict[str, Any]) -> str:
    integration = route["Target"]["Fn::Join"][1][1]["Ref"]
    made = properties(stateless(target), "ApiGatewayV2::Integration")[integration]
    name = pointed_at(made["IntegrationUri"]).removeprefix("Function")
    assert name.endswith("Aliaslive") == (target == "aws")
    return name.removesuffix("Aliaslive")
