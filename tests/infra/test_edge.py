"""CloudFront, its firewall and the site bucket, on AWS only."""

import json
from typing import Any

import pytest

from infra_cdk import outputs
from infra_cdk.config import EDGE_REGION
from infra_cdk.edge.distribution import CACHED, HOST_HEADER
from tests.infra.templates import Resources, of_type, pointed_at, properties
from tests.synthesis import synthesis

STAGE = "production"


def template() -> dict[str, Any]:
    return synthesis("aws").templates[outputs.edge_stack(STAGE)]


def distribution() -> dict[str, Any]:
    (one,) = properties(template(), "CloudFront::Distribution").values()
    config: dict[str, Any] = one["DistributionConfig"]
    return config


def behaviours() -> dict[str, dict[str, Any]]:
    return {one["PathPattern"]: one for one in distribution()["CacheBehaviors"]}


def test_the_local_target_has_no_edge() -> None:
    assert outputs.edge_stack("local") not in synthesis("local").templates


def test_the_edges_address_is_an_output() -> None:
    assert outputs.EDGE_URL in template()["Outputs"]


def test_the_bucket_is_private_and_readable_only_by_cloudfront() -> None:
    for bucket in properties(template(), "S3::Bucket").values():
        assert set(bucket["PublicAccessBlockConfiguration"].values()) == {True}
    policies = json.dumps(list(properties(template(), "S3::BucketPolicy").values()))
    assert "cloudfront.amazonaws.com" in policies
    files = [one for one in distribution()["Origins"] if "S3OriginConfig" in one]
    assert files
    assert all("OriginAccessControlId" in one for one in files)


def test_only_public_api_routes_are_cached() -> None:
    by_path = behaviours()
    uncached = "4135ea2d-6df8-44a3-9df3-4b5a84be39ad"  # AWS's CachingDisabled.
    assert by_path["/v1/*"]["CachePolicyId"] == uncached
    (told,) = of_type(template(), "CloudFront::CachePolicy")
    shared = [path for path, one in by_path.items() if one["CachePolicyId"] == {"Ref": told}]
    assert shared == [
        "/v1/public/*",
        "/v1/users/*/top.svg",
        "/v1/users/*/top.png",
        "/v1/openapi.json",
    ]
    passed_on = [path for path, one in by_path.items() if one["CachePolicyId"] == uncached]
    assert passed_on == ["/v1/*", "/1/*", "/2.0*", "/api/auth*", "/audioscrobbler*"]
    assert list(by_path)[-len(passed_on) :] == passed_on, "what is asked for first counts"
    (policy,) = properties(template(), "CloudFront::CachePolicy").values()
    config = policy["CachePolicyConfig"]
    assert (config["MinTTL"], config["DefaultTTL"]) == (0, 0), "no longer than the answer says"
    keyed = config["ParametersInCacheKeyAndForwardedToOrigin"]
    assert keyed["HeadersConfig"]["Headers"] == ["Origin", HOST_HEADER]
    assert keyed["CookiesConfig"]["CookieBehavior"] == "none"
    assert keyed["QueryStringsConfig"] == {
        "QueryStringBehavior": "whitelist",
        "QueryStrings": ["k", "look", "of", "service", "size", "window"],
    }
    kept = [by_path[path] for path in shared]
    assert not any("OriginRequestPolicyId" in one for one in kept), "only the key is passed on"


def test_no_cookie_reaches_the_api_and_every_answer_has_security_headers() -> None:
    (policy,) = properties(template(), "CloudFront::OriginRequestPolicy").values()
    config = policy["OriginRequestPolicyConfig"]
    assert config["CookiesConfig"]["CookieBehavior"] == "none"
    assert config["HeadersConfig"] == {"HeaderBehavior": "allExcept", "Headers": ["Host"]}
    security = headers("Api")["SecurityHeadersConfig"]
    assert {one["Override"] for one in security.values()} == {False}, "a function's own stay"
    (name,) = of_type(template(), "CloudFront::OriginRequestPolicy")
    assert behaviours()["/v1/*"]["OriginRequestPolicyId"] == {"Ref": name}
    of_api = [one for path, one in behaviours().items() if path.startswith("/v1/")]
    assert all("ResponseHeadersPolicyId" in one for one in of_api)


def test_nothing_is_served_or_fetched_without_encryption() -> None:
    config = distribution()
    every = [config["DefaultCacheBehavior"], *config["CacheBehaviors"]]
    assert {one["ViewerProtocolPolicy"] for one in every} <= {"redirect-to-https", "https-only"}
    for api in api_origins():
        assert api["CustomOriginConfig"]["OriginProtocolPolicy"] == "https-only"
        assert api["CustomOriginConfig"]["OriginSSLProtocols"] == ["TLSv1.2"]


def api_origins() -> list[dict[str, Any]]:
    return [one for one in distribution()["Origins"] if "CustomOriginConfig" in one]


def test_what_is_cached_is_asked_of_the_api_by_one_place_for_all_edges() -> None:
    shielded = {one["Id"] for one in api_origins() if "OriginShield" in one}
    cached = {one["TargetOriginId"] for path, one in behaviours().items() if path in CACHED}
    assert cached == shielded
    assert behaviours()["/v1/*"]["TargetOriginId"] not in shielded


def headers(name: str) -> dict[str, Any]:
    found = properties(template(), "CloudFront::ResponseHeadersPolicy")
    (one,) = [made for key, made in found.items() if key.startswith(f"Headers{name}")]
    config: dict[str, Any] = one["ResponseHeadersPolicyConfig"]
    return config


def test_other_sites_may_frame_the_page_of_a_public_list_alone() -> None:
    policies = of_type(template(), "CloudFront::ResponseHeadersPolicy")
    by_name = {name: json.dumps(one) for name, one in policies.items()}
    (framed,) = [name for name, one in by_name.items() if "frame-ancestors *" in one]
    assert all("frame-ancestors 'none'" in one for name, one in by_name.items() if name != framed)
    paths = list(behaviours())
    assert [
        path
        for path, one in behaviours().items()
        if one.get("ResponseHeadersPolicyId") == {"Ref": framed}
    ] == ["embed/v1/list.html"]
    assert paths.index("embed/v1/list.html") < paths.index("embed/*"), "the first match counts"


@pytest.mark.parametrize("name", ["Pages", "Embedded", "Framed"])
def test_every_file_has_the_security_headers(name: str) -> None:
    security = headers(name)["SecurityHeadersConfig"]
    policy = json.dumps(security["ContentSecurityPolicy"]["ContentSecurityPolicy"])
    assert "default-src 'none'; script-src 'self'; style-src 'self'" in policy
    assert "unsafe" not in policy
    assert security["StrictTransportSecurity"]["AccessControlMaxAgeSec"] >= 31_536_000
    assert security["ReferrerPolicy"]["ReferrerPolicy"] == "no-referrer"
    assert security["ContentTypeOptions"]["Override"]


def test_only_embeddable_files_are_readable_by_other_sites() -> None:
    assert "CorsConfig" not in headers("Pages")
    assert headers("Embedded")["CorsConfig"]["AccessControlAllowOrigins"]["Items"] == ["*"]
    policies = of_type(template(), "CloudFront::ResponseHeadersPolicy")
    (embedded,) = [name for name in policies if name.startswith("HeadersEmbedded")]
    bearing = [
        path
        for path, one in behaviours().items()
        if one.get("ResponseHeadersPolicyId") == {"Ref": embedded}
    ]
    assert bearing == ["embed/*"]


def test_one_firewall_protects_everything() -> None:
    (acl,) = properties(template(), "WAFv2::WebACL").values()
    assert acl["Scope"] == "CLOUDFRONT"
    (rate,) = [one for one in acl["Rules"] if one["Name"] == "Rate"]
    assert rate["Action"] == {"Block": {}}
    assert rate["Statement"]["RateBasedStatement"]["AggregateKeyType"] == "IP"
    managed = {one["Name"] for one in acl["Rules"]} - {"Rate"}
    assert "AWSManagedRulesCommonRuleSet" in managed
    (name,) = of_type(template(), "WAFv2::WebACL")
    assert distribution()["WebACLId"] == {"Fn::GetAtt": [name, "Arn"]}


def test_the_firewall_logs_blocked_requests_alone_without_paths_tokens_and_cookies() -> None:
    (logging,) = properties(template(), "WAFv2::LoggingConfiguration").values()
    redacted = json.dumps(logging["RedactedFields"])
    for field in ("authorization", "cookie", "referer", "QueryString", "UriPath"):
        assert field in redacted
    kept = logging["LoggingFilter"]
    assert kept["DefaultBehavior"] == "DROP"
    (rule,) = kept["Filters"]
    assert (rule["Behavior"], rule["Conditions"]) == (
        "KEEP",
        [{"ActionCondition": {"Action": "BLOCK"}}],
    )


def test_no_log_shows_whose_lists_a_user_reads() -> None:
    assert "Logging" not in distribution()


def test_requests_to_the_files_are_logged_and_forgotten_again() -> None:
    buckets: Resources = of_type(template(), "S3::Bucket")
    (name,) = [one for one in buckets if one.startswith("SiteLogs")]
    rules = buckets[name]["Properties"]["LifecycleConfiguration"]["Rules"]
    assert [one["ExpirationInDays"] for one in rules] == [90]


def test_hashed_files_are_cached_indefinitely_and_others_for_minutes() -> None:
    found = [
        one["Properties"]
        for one in template()["Resources"].values()
        if one["Type"] == "Custom::CDKBucketDeployment"
    ]
    kept = {one["SystemMetadata"]["cache-control"]: one for one in found}
    hashed = kept["public, max-age=31536000, immutable"]
    named = kept["public, max-age=300"]
    assert hashed["Include"] == named["Exclude"]
    assert not any(one["Prune"] for one in found), "pages may ask for an older release"


def test_the_firewall_is_in_the_region_that_cloudfront_requires() -> None:
    assert EDGE_REGION == "us-east-1"


def test_the_log_of_the_function_that_copies_the_site_goes_with_its_stack() -> None:
    (function,) = properties(template(), "Lambda::Function").values()
    logged = pointed_at(function["LoggingConfig"]["LogGroup"])
    (group,) = (
        one
        for name, one in of_type(template(), "Logs::LogGroup").items()
        if name.startswith(logged)
    )
    assert group["DeletionPolicy"] == "Delete"
    assert group["Properties"]["RetentionInDays"] == 90
