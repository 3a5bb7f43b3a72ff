"""The HTTP API of one tenant, with the tenant's own authorizer."""

import json
from collections.abc import Mapping, Sequence
from typing import cast

from aws_cdk import Duration
from aws_cdk import aws_apigatewayv2 as apigateway
from aws_cdk import aws_apigatewayv2_authorizers as authorizers
from aws_cdk import aws_apigatewayv2_integrations as integrations
from aws_cdk import aws_route53_targets as targets
from constructs import Construct

from infra_cdk import outputs
from infra_cdk.api.routes import OPEN, PERSONAL, PUBLIC, SCOPED, SIGNED, SIGNED_IN, Routes
from infra_cdk.config import Deployment
from infra_cdk.edge.domain import DomainNames
from infra_cdk.functions.function import Function
from infra_cdk.monitoring.logs import log_group
from infra_cdk.nag import accept
from infra_cdk.tenant import Tenant

PREFLIGHT_HOURS = 1
ANONYMOUS_SHARE = 0.1
"""Of a tenant's requests, for each route that anybody may call: a flood of them leaves nine tenths
of the capacity to users."""
TENANT = "tenant"
ID_TAG = "ms-custom-id"
# The route and not the path, which contains user ids.
ACCESS_LOG = (
    "requestId",
    "requestTime",
    "routeKey",
    "status",
    "responseLatency",
    "integrationErrorMessage",
)


class TenantApi(Construct):
    """One tenant's API: routes to `functions`, its web origins' CORS, throttling, access logs."""

    def __init__(
        self,
        scope: Construct,
        name: str,
        tenant: Tenant,
        *,
        deployment: Deployment,
        functions: Mapping[str, Function],
        names: DomainNames | None,
    ) -> None:
        super().__init__(scope, outputs.api(name))
        self.api = apigateway.HttpApi(
            self,
            "Http",
            api_name=f"topk-{deployment.name}-{name}",
            description=f"TopK {deployment.name}: {name}",
            cors_preflight=_cors(tenant),
            create_default_stage=False,
            # Under its own domain alone, which outlives the API.
            disable_execute_api_endpoint=True if names else None,
        )
        if deployment.local:
            # The emulator takes the id from this tag, so that addresses outlive a restart.
            raw = cast(apigateway.CfnApi, self.api.node.default_child)
            raw.tags.set_tag(ID_TAG, name)
        stage = self._stage(name, deployment, names)
        anonymous = self._route(tenant, functions)
        if not deployment.local:
            self._throttle(stage, anonymous, deployment.throttle(name))

    def _domain(self, name: str, names: DomainNames) -> apigateway.DomainName:
        domain = apigateway.DomainName(
            self, "Domain", domain_name=name, certificate=names.certificate
        )
        target = targets.ApiGatewayv2DomainProperties(
            domain.regional_domain_name, domain.regional_hosted_zone_id
        )
        names.point(name, target)
        return domain

    def _stage(
        self, tenant: str, deployment: Deployment, names: DomainNames | None
    ) -> apigateway.CfnStage:
        rate, burst = deployment.throttle(tenant)
        domain = self._domain(deployment.api_domain(tenant), names) if names else None
        stage = apigateway.HttpStage(
            self,
            "Stage",
            http_api=self.api,
            auto_deploy=True,
            throttle=apigateway.ThrottleSettings(rate_limit=rate, burst_limit=burst),
            domain_mapping=apigateway.DomainMappingOptions(domain_name=domain) if domain else None,
        )
        raw = cast(apigateway.CfnStage, stage.node.default_child)
        # Tells a function that serves all tenants whose API was called, even without a token. The
        # API's id would create a circular dependency.
        raw.stage_variables = {TENANT: tenant}
        if deployment.local:
            return raw
        raw.access_log_settings = apigateway.CfnStage.AccessLogSettingsProperty(
            destination_arn=log_group(self, "AccessLogs", deployment.stage).log_group_arn,
            format=json.dumps({name: f"$context.{name}" for name in ACCESS_LOG}),
        )
        return raw

    def _throttle(
        self,
        stage: apigateway.CfnStage,
        routes: Sequence[apigateway.HttpRoute],
        limits: tuple[int, int],
    ) -> None:
        rate, burst = (max(1, int(limit * ANONYMOUS_SHARE)) for limit in limits)
        keys = [cast(apigateway.CfnRoute, one.node.default_child).route_key for one in routes]
        stage.route_settings = {
            key: {"ThrottlingRateLimit": rate, "ThrottlingBurstLimit": burst} for key in keys
        }
        for route in routes:
            # A stage refuses settings of a route that is not there yet.
            stage.node.add_dependency(route)

    def _route(
        self, tenant: Tenant, functions: Mapping[str, Function]
    ) -> list[apigateway.HttpRoute]:
        """Those that need no token and no secret."""
        anonymous: list[apigateway.HttpRoute] = []
        users = authorizers.HttpJwtAuthorizer(
            "Users", tenant.issuer, jwt_audience=[tenant.audience]
        )
        for name in {**SIGNED_IN, **PUBLIC, **SIGNED}:
            integration = integrations.HttpLambdaIntegration(
                outputs.pascal(name),
                functions[name].entry,
                # One permission for the whole API: a function's policy has room for some 50.
                scope_permission_to_route=False,
            )
            self._add(SIGNED_IN.get(name, {}), integration, users)
            for scope, of_scope in SCOPED.items():
                self._add(of_scope.get(name, {}), integration, users, scope)
            for route in self._add(OPEN.get(name, {}), integration, None):
                accept(
                    route,
                    "AwsSolutions-APIG4",
                    "A browser sent back by a provider has no token, but a one-time state.",
                )
            for route in self._add(PUBLIC.get(name, {}), integration, None):
                accept(route, "AwsSolutions-APIG4", "What it answers is for everybody.")
                anonymous.append(route)
            for route in self._add(SIGNED.get(name, {}), integration, None):
                accept(
                    route,
                    "AwsSolutions-APIG4",
                    "A provider's server has no token, but signs each call; the function verifies.",
                )
            for route in self._add(PERSONAL.get(name, {}), integration, None):
                accept(
                    route,
                    "AwsSolutions-APIG4",
                    "A player's protocol has its own form of token; the function verifies it.",
                )
        return anonymous

    def _add(
        self,
        routes: Routes,
        integration: integrations.HttpLambdaIntegration,
        authorizer: apigateway.IHttpRouteAuthorizer | None,
        scope: str | None = None,
    ) -> list[apigateway.HttpRoute]:
        return [
            route
            for path, methods in routes.items()
            for route in self.api.add_routes(
                path=path,
                methods=[apigateway.HttpMethod(method) for method in methods],
                integration=integration,
                authorizer=authorizer,
                authorization_scopes=[scope] if scope else None,
            )
        ]


def _cors(tenant: Tenant) -> apigateway.CorsPreflightOptions:
    methods = {
        method
        for routes in (*SIGNED_IN.values(), *OPEN.values(), *PUBLIC.values())
        for methods in routes.values()
        for method in methods
    }
    return apigateway.CorsPreflightOptions(
        allow_origins=list(tenant.web_origins),
        allow_methods=[apigateway.CorsHttpMethod(method) for method in sorted(methods)],
        allow_headers=["authorization", "content-type"],
        expose_headers=["retry-after"],
        max_age=Duration.hours(PREFLIGHT_HOURS),
    )
