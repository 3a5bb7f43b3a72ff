"""One tenant's CloudFront distribution: static files and API."""

from collections.abc import Mapping

from aws_cdk import Duration
from aws_cdk import aws_cloudfront as cloudfront
from aws_cdk import aws_cloudfront_origins as origins
from aws_cdk import aws_route53_targets as targets
from constructs import Construct

from infra_cdk import outputs
from infra_cdk.config import Deployment, label
from infra_cdk.data.origin_secret import value_of
from infra_cdk.edge.domain import DomainNames
from infra_cdk.edge.site import Site
from infra_cdk.nag import accept

CACHED = (
    "/v1/public/*",
    "/v1/users/*/top.svg",
    "/v1/users/*/top.png",
    "/v1/openapi.json",
)
"""Public responses, cached by their own Cache-Control."""
KNOWN_PARAMETERS = ("k", "of", "size", "window")
"""What these responses depend on. Any other parameter is neither part of the key nor forwarded: a
caller who invents some gets the cached response, and nothing is computed.
"""
API = ("/v1/*", "/1/*", "/2.0*", "/api/auth*", "/audioscrobbler*")
"""The service's own routes, and those that players' protocols prescribe."""
ORIGIN_HEADER = "x-topk-origin"
"""Checked by `topk.runtime.api`."""
HOST_HEADER = "x-topk-host"
"""Names the tenant to `topk.runtime.api`, as the edge calls the API by its own domain."""
EMBEDDED = "embed/*"
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' https:; "
    "connect-src 'self' {uploads}; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; "
    "require-trusted-types-for 'script'; trusted-types lit-html"
)
YEAR = Duration.days(365)


class Headers(Construct):
    """Response headers of a stage's distributions: `pages`, and `embedded` for other sites.

    Pages may post to `uploads`, the domain of a bucket.
    """

    def __init__(self, scope: Construct, *, uploads: str) -> None:
        super().__init__(scope, "Headers")
        self.pages = cloudfront.ResponseHeadersPolicy(
            self, "Pages", security_headers_behavior=_security(f"https://{uploads}")
        )
        self.embedded = cloudfront.ResponseHeadersPolicy(
            self,
            "Embedded",
            security_headers_behavior=_security(),
            # Files without cookies may be used by any site; embedding pages check their integrity.
            cors_behavior=cloudfront.ResponseHeadersCorsBehavior(
                access_control_allow_credentials=False,
                access_control_allow_headers=["*"],
                access_control_allow_methods=["GET", "HEAD"],
                access_control_allow_origins=["*"],
                origin_override=True,
            ),
        )
        self.cache = cloudfront.CachePolicy(
            self,
            "AsTold",
            comment="As long as the answer says; apart for each page that may read it",
            min_ttl=Duration.seconds(0),
            default_ttl=Duration.seconds(0),
            max_ttl=Duration.days(1),
            header_behavior=cloudfront.CacheHeaderBehavior.allow_list("Origin"),
            query_string_behavior=cloudfront.CacheQueryStringBehavior.allow_list(*KNOWN_PARAMETERS),
            enable_accept_encoding_brotli=True,
            enable_accept_encoding_gzip=True,
        )

        # Answers that the gateway gives itself have none of these; the functions' own stay.
        self.api = cloudfront.ResponseHeadersPolicy(
            self, "Api", security_headers_behavior=_security(override=False)
        )
        self.forwarded = cloudfront.OriginRequestPolicy(
            self,
            "WithoutCookies",
            comment="The host name would hide the API; no cookie is of use to it",
            cookie_behavior=cloudfront.OriginRequestCookieBehavior.none(),
            header_behavior=cloudfront.OriginRequestHeaderBehavior.deny_list("Host"),
            query_string_behavior=cloudfront.OriginRequestQueryStringBehavior.all(),
        )


class Distribution(Construct):
    """`api` is the domain of the API; `url` is the distribution's address."""

    def __init__(
        self,
        scope: Construct,
        tenant: str,
        *,
        site: Site,
        api: str,
        headers: Headers,
        firewall: str,
        deployment: Deployment,
        names: DomainNames | None,
    ) -> None:
        super().__init__(scope, outputs.pascal(tenant))
        files = origins.S3BucketOrigin.with_origin_access_control(site.files)
        domain = deployment.site_domain(tenant)
        latest = next(iter(deployment.origin_secrets), None)
        secret = {ORIGIN_HEADER: value_of(latest)} if latest else {}
        sent = {HOST_HEADER: domain or label(tenant), **secret}
        behind = _origin(api, sent)
        shielded = _origin(api, sent, shield=deployment.stage.region)
        made = cloudfront.Distribution(
            self,
            "Distribution",
            comment=f"TopK: {tenant}",
            default_root_object="index.html",
            default_behavior=_static(files, headers.pages),
            additional_behaviors={
                "config.json": _static(
                    origins.S3BucketOrigin.with_origin_access_control(
                        site.files, origin_path=f"/tenants/{tenant}"
                    ),
                    headers.pages,
                ),
                EMBEDDED: _static(files, headers.embedded),
                **{path: _kept(shielded, headers) for path in CACHED},
                **{path: _passed_on(behind, headers) for path in API},
            },
            web_acl_id=firewall,
            domain_names=[domain] if domain else None,
            certificate=names.certificate if names else None,
            minimum_protocol_version=cloudfront.SecurityPolicyProtocol.TLS_V1_2_2021,
            http_version=cloudfront.HttpVersion.HTTP2_AND_3,
        )
        accept(made, "AwsSolutions-CFR1", "The service is for everywhere.")
        accept(
            made,
            "AwsSolutions-CFR3",
            "It would show whose lists a user reads; the API's own log has the routes.",
        )
        accept(
            made,
            "AwsSolutions-CFR4",
            "The minimum takes effect with a domain and certificate of the tenant's own.",
        )
        if names:
            names.point(domain, targets.CloudFrontTarget(made), ipv6=True)
        self.url = f"https://{domain or made.distribution_domain_name}"


def _origin(api: str, sent: Mapping[str, str], *, shield: str | None = None) -> origins.HttpOrigin:
    """The headers `sent` replace those of the viewer. With a `shield`, a region, all edges ask
    there: the API is asked once for many at a time.
    """
    return origins.HttpOrigin(
        api,
        protocol_policy=cloudfront.OriginProtocolPolicy.HTTPS_ONLY,
        origin_ssl_protocols=[cloudfront.OriginSslPolicy.TLS_V1_2],
        origin_shield_region=shield,
        custom_headers=dict(sent),
    )


def _static(
    files: cloudfront.IOrigin, headers: cloudfront.IResponseHeadersPolicy
) -> cloudfront.BehaviorOptions:
    return cloudfront.BehaviorOptions(
        origin=files,
        viewer_protocol_policy=cloudfront.ViewerProtocolPolicy.REDIRECT_TO_HTTPS,
        response_headers_policy=headers,
        cache_policy=cloudfront.CachePolicy.CACHING_OPTIMIZED,
        compress=True,
    )


def _kept(behind: cloudfront.IOrigin, headers: Headers) -> cloudfront.BehaviorOptions:
    """Forward only what is part of the cache key."""
    return cloudfront.BehaviorOptions(
        origin=behind,
        viewer_protocol_policy=cloudfront.ViewerProtocolPolicy.HTTPS_ONLY,
        allowed_methods=cloudfront.AllowedMethods.ALLOW_GET_HEAD_OPTIONS,
        cache_policy=headers.cache,
        response_headers_policy=headers.api,
    )


def _passed_on(behind: cloudfront.IOrigin, headers: Headers) -> cloudfront.BehaviorOptions:
    return cloudfront.BehaviorOptions(
        origin=behind,
        viewer_protocol_policy=cloudfront.ViewerProtocolPolicy.HTTPS_ONLY,
        allowed_methods=cloudfront.AllowedMethods.ALLOW_ALL,
        cache_policy=cloudfront.CachePolicy.CACHING_DISABLED,
        origin_request_policy=headers.forwarded,
        response_headers_policy=headers.api,
    )


def _security(
    uploads: str = "", *, override: bool = True
) -> cloudfront.ResponseSecurityHeadersBehavior:
    return cloudfront.ResponseSecurityHeadersBehavior(
        content_security_policy=cloudfront.ResponseHeadersContentSecurityPolicy(
            content_security_policy=POLICY.format(uploads=uploads).replace(" ;", ";"),
            override=override,
        ),
        content_type_options=cloudfront.ResponseHeadersContentTypeOptions(override=override),
        referrer_policy=cloudfront.ResponseHeadersReferrerPolicy(
            referrer_policy=cloudfront.HeadersReferrerPolicy.NO_REFERRER, override=override
        ),
        strict_transport_security=cloudfront.ResponseHeadersStrictTransportSecurity(
            access_control_max_age=YEAR, include_subdomains=True, override=override
        ),
    )
