"""A stage's CloudFront distribution: static files and API for the host names of all tenants."""

from collections.abc import Sequence

from aws_cdk import Duration
from aws_cdk import aws_cloudfront as cloudfront
from aws_cdk import aws_cloudfront_origins as origins
from aws_cdk import aws_route53_targets as targets
from constructs import Construct

from infra_cdk.config import Deployment
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
KNOWN_PARAMETERS = ("k", "look", "of", "service", "size", "window")
"""What these responses depend on. Any other parameter is neither part of the key nor forwarded: a
caller who invents some gets the cached response, and nothing is computed.
"""
API = ("/v1/*", "/1/*", "/2.0*", "/api/auth*", "/audioscrobbler*")
"""The service's own routes, and those that players' protocols prescribe."""
ORIGIN_HEADER = "x-topk-origin"
"""Checked by `topk.runtime.api`."""
HOST_HEADER = "x-topk-host"
"""Names the tenant to `topk.runtime.api`, as the edge calls the API by its own domain. Without a
domain, what the caller sends is passed on.
"""
NAME_HOST = f"""function handler(event) {{
  var request = event.request;
  request.headers['{HOST_HEADER}'] = {{ value: request.headers.host.value }};
  return request;
}}"""
CONFIGURE = """function handler(event) {
  return {
    statusCode: 200,
    statusDescription: 'OK',
    headers: {
      'content-type': { value: 'application/json' },
      'cache-control': { value: 'public, max-age=300' }
    },
    body: JSON.stringify({ api: 'https://' + event.request.headers.host.value })
  };
}"""
"""The pages' config.json: the API is at the host name of the page."""
EMBEDDED = "embed/*"
FRAMED = "embed/v1/list.html"
"""A page of a public list, which any site may show in a frame."""
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' https:; "
    "connect-src 'self' {uploads}; base-uri 'none'; form-action 'none'; "
    "frame-ancestors {framed_by}; "
    "require-trusted-types-for 'script'; trusted-types lit-html"
)
YEAR = Duration.days(365)


class Headers(Construct):
    """Response headers of a stage's distributions: `pages`, `embedded` for other sites, and
    `framed` for the page that other sites may frame.

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
        self.framed = cloudfront.ResponseHeadersPolicy(
            self, "Framed", security_headers_behavior=_security(framed_by="*")
        )
        self.cache = cloudfront.CachePolicy(
            self,
            "AsTold",
            comment="As long as the answer says; apart for each tenant and each page that may read",
            min_ttl=Duration.seconds(0),
            default_ttl=Duration.seconds(0),
            max_ttl=Duration.days(1),
            header_behavior=cloudfront.CacheHeaderBehavior.allow_list("Origin", HOST_HEADER),
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
    """`api` is the domain of the API; `url` is the distribution's address. With a domain it serves
    every host name below it, `<tenant>.<domain>`: a tenant needs no resource of its own.
    """

    def __init__(
        self,
        scope: Construct,
        *,
        site: Site,
        api: str,
        headers: Headers,
        firewall: str,
        deployment: Deployment,
        names: DomainNames | None,
    ) -> None:
        super().__init__(scope, "Tenants")
        files = origins.S3BucketOrigin.with_origin_access_control(site.files)
        latest = next(iter(deployment.origin_secrets), None)
        behind = _origin(api, latest)
        shielded = _origin(api, latest, shield=deployment.stage.region)
        domain = deployment.site_domain
        named = [self._function("NameHost", NAME_HOST)] if domain else []
        made = cloudfront.Distribution(
            self,
            "Distribution",
            comment=f"TopK {deployment.name}",
            default_root_object="index.html",
            default_behavior=_static(files, headers.pages),
            additional_behaviors={
                "config.json": _static(
                    files, headers.pages, [self._function("Configure", CONFIGURE)]
                ),
                FRAMED: _static(files, headers.framed),
                EMBEDDED: _static(files, headers.embedded),
                **{path: _kept(shielded, headers, named) for path in CACHED},
                **{path: _passed_on(behind, headers, named) for path in API},
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
            "The minimum takes effect with a domain and certificate of the stage's own.",
        )
        if names:
            names.point(domain, targets.CloudFrontTarget(made), ipv6=True)
        self.url = f"https://{domain or made.distribution_domain_name}"

    def _function(self, name: str, code: str) -> cloudfront.FunctionAssociation:
        function = cloudfront.Function(
            self,
            name,
            code=cloudfront.FunctionCode.from_inline(code),
            runtime=cloudfront.FunctionRuntime.JS_2_0,
        )
        return cloudfront.FunctionAssociation(
            function=function, event_type=cloudfront.FunctionEventType.VIEWER_REQUEST
        )


def _origin(api: str, secret: str | None, *, shield: str | None = None) -> origins.HttpOrigin:
    """Sends the value of `secret`, a name in Secrets Manager. With a `shield`, a region, all edges
    ask there: the API is asked once for many at a time.
    """
    return origins.HttpOrigin(
        api,
        protocol_policy=cloudfront.OriginProtocolPolicy.HTTPS_ONLY,
        origin_ssl_protocols=[cloudfront.OriginSslPolicy.TLS_V1_2],
        origin_shield_region=shield,
        custom_headers={ORIGIN_HEADER: value_of(secret)} if secret else None,
    )


def _static(
    files: cloudfront.IOrigin,
    headers: cloudfront.IResponseHeadersPolicy,
    functions: Sequence[cloudfront.FunctionAssociation] = (),
) -> cloudfront.BehaviorOptions:
    return cloudfront.BehaviorOptions(
        origin=files,
        viewer_protocol_policy=cloudfront.ViewerProtocolPolicy.REDIRECT_TO_HTTPS,
        response_headers_policy=headers,
        cache_policy=cloudfront.CachePolicy.CACHING_OPTIMIZED,
        compress=True,
        function_associations=list(functions),
    )


def _kept(
    behind: cloudfront.IOrigin,
    headers: Headers,
    functions: Sequence[cloudfront.FunctionAssociation],
) -> cloudfront.BehaviorOptions:
    """Forward only what is part of the cache key."""
    return cloudfront.BehaviorOptions(
        origin=behind,
        viewer_protocol_policy=cloudfront.ViewerProtocolPolicy.HTTPS_ONLY,
        allowed_methods=cloudfront.AllowedMethods.ALLOW_GET_HEAD_OPTIONS,
        cache_policy=headers.cache,
        response_headers_policy=headers.api,
        function_associations=list(functions),
    )


def _passed_on(
    behind: cloudfront.IOrigin,
    headers: Headers,
    functions: Sequence[cloudfront.FunctionAssociation],
) -> cloudfront.BehaviorOptions:
    return cloudfront.BehaviorOptions(
        origin=behind,
        viewer_protocol_policy=cloudfront.ViewerProtocolPolicy.HTTPS_ONLY,
        allowed_methods=cloudfront.AllowedMethods.ALLOW_ALL,
        cache_policy=cloudfront.CachePolicy.CACHING_DISABLED,
        origin_request_policy=headers.forwarded,
        response_headers_policy=headers.api,
        function_associations=list(functions),
    )


def _security(
    uploads: str = "", *, framed_by: str = "'none'", override: bool = True
) -> cloudfront.ResponseSecurityHeadersBehavior:
    return cloudfront.ResponseSecurityHeadersBehavior(
        content_security_policy=cloudfront.ResponseHeadersContentSecurityPolicy(
            content_security_policy=POLICY.format(uploads=uploads, framed_by=framed_by).replace(
                " ;", ";"
            ),
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
