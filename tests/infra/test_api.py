"""One HTTP API for each tenant."""

import json
from typing import Any

import pytest

from infra_cdk.config import deployments
from infra_cdk.tenant import Tenant
from tests.infra.templates import pointed_at, properties, stateless
from tests.synthesis import Target, context

JWT, OPEN = "JWT", "NONE"
ROUTES = {
    ("POST /v1/connections/{provider}", JWT, "Connect"),
    ("POST /v1/connections/{provider}/confirmation", JWT, "Connect"),
    ("GET /v1/connections", JWT, "Connect"),
    ("DELETE /v1/connections/{provider}", JWT, "Connect"),
    ("GET /v1/oauth/{provider}/callback", OPEN, "Connect"),
    ("POST /v1/oauth/{provider}/callback", OPEN, "Connect"),
    ("GET /v1/oauth/{provider}/authorize", OPEN, "Connect"),
    ("POST /v1/ingest/{provider}", OPEN, "Ingest"),
    ("GET /v1/me/tokens", JWT, "Scrobble"),
    ("POST /v1/me/tokens", JWT, "Scrobble"),
    ("DELETE /v1/me/tokens/{token_id}", JWT, "Scrobble"),
    ("POST /1/submit-listens", OPEN, "Scrobble"),
    ("GET /1/validate-token", OPEN, "Scrobble"),
    ("GET /1/user/{user_name}/listen-count", OPEN, "Scrobble"),
    ("GET /1/user/{user_name}/listens", OPEN, "Scrobble"),
    ("GET /1/user/{user_name}/playing-now", OPEN, "Scrobble"),
    ("POST /1/delete-listen", OPEN, "Scrobble"),
    ("GET /1/latest-import", OPEN, "Scrobble"),
    ("POST /1/latest-import", OPEN, "Scrobble"),
    ("GET /2.0", OPEN, "Scrobble"),
    ("POST /2.0", OPEN, "Scrobble"),
    ("GET /2.0/{slash+}", OPEN, "Scrobble"),
    ("POST /2.0/{slash+}", OPEN, "Scrobble"),
    ("GET /api/auth", OPEN, "Scrobble"),
    ("POST /api/auth", OPEN, "Scrobble"),
    ("GET /api/auth/{slash+}", OPEN, "Scrobble"),
    ("POST /api/auth/{slash+}", OPEN, "Scrobble"),
    ("GET /audioscrobbler", OPEN, "Scrobble"),
    ("GET /audioscrobbler/{slash+}", OPEN, "Scrobble"),
    ("POST /audioscrobbler/np_1.2", OPEN, "Scrobble"),
    ("POST /audioscrobbler/protocol_1.2", OPEN, "Scrobble"),
    ("GET /v1/users/{user_id}/top", JWT, "Read"),
    ("GET /v1/public/users/{user_id}/top", OPEN, "Read"),
    ("GET /v1/users/{user_id}/top.svg", OPEN, "Card"),
    ("GET /v1/users/{user_id}/top.png", OPEN, "Card"),
    ("GET /v1/me/top", JWT, "Read"),
    ("GET /v1/me/following/top", JWT, "Read"),
    ("GET /v1/me/following/songs", JWT, "Read"),
    ("GET /v1/openapi.json", OPEN, "Account"),
    ("POST /v1/graph/edges", JWT, "Account"),
    ("GET /v1/me", JWT, "Account"),
    ("PATCH /v1/me", JWT, "Account"),
    ("GET /v1/me/hidden", JWT, "Account"),
    ("PUT /v1/me/hidden/songs/{song_id}", JWT, "Account"),
    ("DELETE /v1/me/hidden/songs/{song_id}", JWT, "Account"),
    ("PUT /v1/me/hidden/providers/{provider}", JWT, "Account"),
    ("DELETE /v1/me/hidden/providers/{provider}", JWT, "Account"),
    ("GET /v1/me/following/{user_id}", JWT, "Account"),
    ("PUT /v1/me/following/{user_id}", JWT, "Account"),
    ("DELETE /v1/me/following/{user_id}", JWT, "Account"),
    ("GET /v1/me/followers", JWT, "Account"),
    ("PUT /v1/me/followers/{user_id}", JWT, "Account"),
    ("DELETE /v1/me/followers/{user_id}", JWT, "Account"),
    ("GET /v1/me/requests", JWT, "Account"),
    ("DELETE /v1/me/requests/{user_id}", JWT, "Account"),
    ("PUT /v1/me/blocks/{user_id}", JWT, "Account"),
    ("DELETE /v1/me/blocks/{user_id}", JWT, "Account"),
    ("GET /v1/me/export", JWT, "Export"),
    ("DELETE /v1/me", JWT, "Privacy"),
    ("GET /v1/me/erasure/{receipt}", JWT, "Privacy"),
    ("DELETE /v1/me/plays/songs/{song_id}", JWT, "Privacy"),
    ("GET /v1/me/corrections", JWT, "Privacy"),
    ("POST /v1/me/corrections", JWT, "Privacy"),
    ("DELETE /v1/me/corrections/{correction_id}", JWT, "Privacy"),
    ("GET /v1/me/songs/{song_id}/spellings", JWT, "Privacy"),
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
EACH = [("local", "harbor"), ("local", "meadow"), ("aws", "harbor"), ("aws", "meadow")]
pytestmark = pytest.mark.parametrize(("target", "tenant"), EACH)


def test_a_tenant_has_all_routes_with_their_functions(target: Target, tenant: str) -> None:
    assert {
        (route["RouteKey"], route["AuthorizationType"], _function(target, route))
        for route in _owned(target, tenant, "Route")
    } == ROUTES


def test_only_tokens_of_the_tenants_own_issuer_are_accepted(target: Target, tenant: str) -> None:
    declared = _declared(target, tenant)
    (authorizer,) = _owned(target, tenant, "Authorizer")
    assert authorizer["JwtConfiguration"] == {
        "Issuer": declared.issuer,
        "Audience": [declared.audience],
    }
    authorizers = {
        pointed_at(route["AuthorizerId"])
        for route in _owned(target, tenant, "Route")
        if route["AuthorizationType"] == JWT
    }
    assert authorizers == {f"Api{tenant.capitalize()}HttpUsers"}


def test_only_the_server_route_requires_a_scope(target: Target, tenant: str) -> None:
    asked = {
        route["RouteKey"]: route["AuthorizationScopes"]
        for route in _owned(target, tenant, "Route")
        if "AuthorizationScopes" in route
    }
    assert asked == {"POST /v1/graph/edges": ["graph:write"]}


def test_only_pages_of_the_tenants_own_origins_may_call(target: Target, tenant: str) -> None:
    api = properties(stateless(target), "ApiGatewayV2::Api")[_api(target, tenant)]
    cors = api["CorsConfiguration"]
    assert cors["AllowOrigins"] == list(_declared(target, tenant).web_origins)
    assert cors["AllowMethods"] == ["DELETE", "GET", "PATCH", "POST", "PUT"]
    assert cors["AllowHeaders"] == ["authorization", "content-type"]
    assert cors["ExposeHeaders"] == ["retry-after"], "so that pages know when to try again"


def test_only_a_local_api_is_named_after_its_tenant(target: Target, tenant: str) -> None:
    api = properties(stateless(target), "ApiGatewayV2::Api")[_api(target, tenant)]
    expected = {"ms-custom-id": tenant} if target == "local" else {}
    assert api.get("Tags", {}) == expected


def test_a_stage_names_its_tenant_to_requests_without_a_token(target: Target, tenant: str) -> None:
    (stage,) = _owned(target, tenant, "Stage")
    assert stage["StageVariables"] == {"tenant": tenant}


def test_requests_are_throttled(target: Target, tenant: str) -> None:
    (stage,) = _owned(target, tenant, "Stage")
    rate, burst = deployments(context(target))[-1].throttle(tenant)
    assert stage["DefaultRouteSettings"] == {
        "ThrottlingRateLimit": rate,
        "ThrottlingBurstLimit": burst,
    }


def test_access_is_logged_on_aws_without_naming_users(target: Target, tenant: str) -> None:
    (stage,) = _owned(target, tenant, "Stage")
    if target == "local":
        assert "AccessLogSettings" not in stage
        return
    logged = json.loads(stage["AccessLogSettings"]["Format"])
    assert {"requestId", "routeKey", "status"} <= set(logged)
    assert {one.removeprefix("$context.") for one in logged.values()} <= LOGGED
    assert not {"path", "authorizer.claims.sub", "identity.sourceIp"} & set(logged)


def _declared(target: Target, tenant: str) -> Tenant:
    return deployments(context(target))[-1].stage.tenants[tenant]


def _api(target: Target, tenant: str) -> str:
    said = stateless(target)["Outputs"][f"Api{tenant.capitalize()}"]
    name: str = said["Value"]["Ref"]
    return name


def _owned(target: Target, tenant: str, kind: str) -> list[dict[str, Any]]:
    api = {"Ref": _api(target, tenant)}
    found = properties(stateless(target), f"ApiGatewayV2::{kind}").values()
    return [one for one in found if one["ApiId"] == api]


def _function(target: Target, route: dict[str, Any]) -> str:
    integration = route["Target"]["Fn::Join"][1][1]["Ref"]
    made = properties(stateless(target), "ApiGatewayV2::Integration")[integration]
    name = pointed_at(made["IntegrationUri"]).removeprefix("Function")
    assert name.endswith("Aliaslive") == (target == "aws")
    return name.removesuffix("Aliaslive")
