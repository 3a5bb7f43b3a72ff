"""The HTTP API of a stage, for all its tenants.

It knows no tenants: functions verify tokens by the tenant's data and answer preflight requests.
"""

import json
from collections.abc import Mapping, Sequence
from typing import cast

from aws_cdk import aws_apigatewayv2 as apigateway
from aws_cdk import aws_apigatewayv2_integrations as integrations
from aws_cdk import aws_route53_targets as targets
from constructs import Construct

from infra_cdk import outputs
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
from infra_cdk.config import Deployment
from infra_cdk.edge.domain import DomainNames
from infra_cdk.functions.function import Function
from infra_cdk.monitoring.logs import log_group
from infra_cdk.nag import accept

ANONYMOUS_SHARE = 0.1
"""Of all requests, for each route that anybody may call: a flood of them leaves nine tenths of the
capacity to users."""
ID_TAG = "ms-custom-id"
LOCAL_ID = "topk"
# The route and not the path, which contains user ids. CloudWatch adds the time.
ACCESS_LOG = (
    "requestId",
    "routeKey",
    "status",
    "responseLatency",
    "integrationErrorMessage",
)


class Api(Construct):
    """Routes to `functions`, throttling, access logs."""

    def __init__(
        self,
        scope: Construct,
        *,
        deployment: Deployment,
        functions: Mapping[str, Function],
        names: DomainNames | None,
    ) -> None:
        super().__init__(scope, outputs.API)
        self.api = apigateway.HttpApi(
            self,
            "Http",
            api_name=f"topk-{deployment.name}",
            description=f"TopK {deployment.name}",
            create_default_stage=False,
            # Under its own domain alone, which outlives the API.
            disable_execute_api_endpoint=True if names else None,
        )
        if deployment.local:
            # The emulator takes the id from this tag, so that addresses outlive a restart.
            raw = cast(apigateway.CfnApi, self.api.node.default_child)
            raw.tags.set_tag(ID_TAG, LOCAL_ID)
        stage = self._stage(deployment, names)
        anonymous = self._route(functions)
        if not deployment.local:
            self._throttle(stage, anonymous, deployment.stage.api_requests_per_second)

    def _domain(self, name: str, names: DomainNames) -> apigateway.DomainName:
        domain = apigateway.DomainName(
            self, "Domain", domain_name=name, certificate=names.certificate
        )
        target = targets.ApiGatewayv2DomainProperties(
            domain.regional_domain_name, domain.regional_hosted_zone_id
        )
        names.point(name, target)
        return domain

    def _stage(self, deployment: Deployment, names: DomainNames | None) -> apigateway.CfnStage:
        most = deployment.stage.api_requests_per_second
        domain = self._domain(deployment.api_domain, names) if names else None
        stage = apigateway.HttpStage(
            self,
            "Stage",
            http_api=self.api,
            auto_deploy=True,
            throttle=apigateway.ThrottleSettings(rate_limit=most, burst_limit=most),
            domain_mapping=apigateway.DomainMappingOptions(domain_name=domain) if domain else None,
        )
        raw = cast(apigateway.CfnStage, stage.node.default_child)
        if deployment.local:
            return raw
        raw.access_log_settings = apigateway.CfnStage.AccessLogSettingsProperty(
            # Nothing is derived from it, and a line for each request is half of all logs.
            destination_arn=log_group(
                self, "AccessLines", deployment.stage, rarely_read=True
            ).log_group_arn,
            format=json.dumps({name: f"$context.{name}" for name in ACCESS_LOG}),
        )
        return raw

    def _throttle(
        self,
        stage: apigateway.CfnStage,
        routes: Sequence[apigateway.HttpRoute],
        most: int,
    ) -> None:
        share = max(1, int(most * ANONYMOUS_SHARE))
        keys = [cast(apigateway.CfnRoute, one.node.default_child).route_key for one in routes]
        stage.route_settings = {
            key: {"ThrottlingRateLimit": share, "ThrottlingBurstLimit": share} for key in keys
        }
        for route in routes:
            # A stage refuses settings of a route that is not there yet.
            stage.node.add_dependency(route)

    def _route(self, functions: Mapping[str, Function]) -> list[apigateway.HttpRoute]:
        """Those that need no token and no secret."""
        anonymous: list[apigateway.HttpRoute] = []
        for name in {**SIGNED_IN, **PUBLIC, **SIGNED}:
            integration = integrations.HttpLambdaIntegration(
                outputs.pascal(name),
                functions[name].entry,
                # One permission for the whole API: a function's policy has room for some 50.
                scope_permission_to_route=False,
            )
            for routes, why in _DECLARED:
                made = self._add(routes.get(name, {}), integration, why)
                if routes is PUBLIC:
                    anonymous += made
        return anonymous

    def _add(
        self, routes: Routes, integration: integrations.HttpLambdaIntegration, why: str
    ) -> list[apigateway.HttpRoute]:
        """`why` the gateway asks for no token."""
        made = [
            route
            for path, methods in routes.items()
            for route in self.api.add_routes(
                path=path,
                methods=[apigateway.HttpMethod(method) for method in methods],
                integration=integration,
            )
        ]
        for route in made:
            accept(route, "AwsSolutions-APIG4", why)
        return made


_VERIFIED = "The function verifies the token, by the data of the token's tenant."
_DECLARED: Sequence[tuple[Mapping[str, Routes], str]] = (
    (SIGNED_IN, _VERIFIED),
    *((routes, _VERIFIED) for routes in SCOPED.values()),
    (OPEN, "A browser sent back by a provider has no token, but a one-time state."),
    (PUBLIC, "What it answers is for everybody."),
    (SIGNED, "A provider's server has no token, but signs each call; the function verifies."),
    (PERSONAL, "A player's protocol has its own form of token; the function verifies it."),
    (PREFLIGHT, "A browser sends no token with a preflight request."),
)
