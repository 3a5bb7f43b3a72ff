"""A stage with a domain: certificates, addresses, and an origin that only the edge can call."""

import copy
import functools
import json
import re
import subprocess
import tempfile
from pathlib import Path
from typing import Any

import pytest

from infra_cdk import outputs
from infra_cdk.app import build
from infra_cdk.config import ConfigurationError, Deployment, deployments
from infra_cdk.edge.distribution import API, CACHED, CONFIGURE, HOST_HEADER, ORIGIN_HEADER
from infra_cdk.limits.measured import measured
from tests.infra.templates import properties
from tests.infra.test_cfn_lint import findings
from tests.synthesis import context
from topk.runtime import api

STAGE = "production"
ZONE = "Z0123456789ABCDEFGHIJ"
STATEFUL, STATELESS, EDGE = (
    name(STAGE) for name in (outputs.stateful_stack, outputs.stateless_stack, outputs.edge_stack)
)
SECRET = re.compile(r"\{\{resolve:secretsmanager:(topk/production/origin/\d+):SecretString\}\}")


def _declared(**domain: Any) -> dict[str, Any]:
    declared = copy.deepcopy(context("aws", stage=STAGE))
    named = {"name": "music.acme.io", "hosted_zone_id": ZONE, **domain}
    declared["stages"][STAGE]["domain"] = named
    return declared


def _deployment(**domain: Any) -> Deployment:
    (found,) = deployments(_declared(**domain))
    return found


@functools.cache
def _templates() -> dict[str, dict[str, Any]]:
    unbundled: dict[str, Any] = {"aws:cdk:bundling-stacks": []}
    with tempfile.TemporaryDirectory() as outdir:
        build(_declared(origin_secret=2) | unbundled, outdir).synth()
        return {
            path.name.removesuffix(".template.json"): json.loads(path.read_text(encoding="utf-8"))
            for path in Path(outdir).glob("*.template.json")
        }


@pytest.mark.parametrize("stack", [STATELESS, EDGE])
def test_one_wildcard_certificate_in_each_region_serves_every_tenant(stack: str) -> None:
    (found,) = properties(_templates()[stack], "CertificateManager::Certificate").values()
    assert found["DomainName"] == "*.music.acme.io"
    (validated,) = found["DomainValidationOptions"]
    assert validated["HostedZoneId"] == ZONE


def test_all_tenants_have_an_address_at_the_edge_and_the_api_has_one() -> None:
    names = {
        stack: {(one["Name"].rstrip("."), one["Type"]) for one in records.values()}
        for stack in (STATELESS, EDGE)
        if (records := properties(_templates()[stack], "Route53::RecordSet"))
    }
    assert names[STATELESS] == {("api.music.acme.io", "A")}
    assert names[EDGE] == {("*.music.acme.io", kind) for kind in ("A", "AAAA")}
    distributions = properties(_templates()[EDGE], "CloudFront::Distribution").values()
    aliases = sorted(one["DistributionConfig"]["Aliases"][0] for one in distributions)
    assert aliases == ["*.music.acme.io"]
    assert _templates()[EDGE]["Outputs"][outputs.EDGE_URL]["Value"] == "https://*.music.acme.io"


def test_the_api_answers_under_its_own_domain_alone() -> None:
    apis = properties(_templates()[STATELESS], "ApiGatewayV2::Api").values()
    assert [one["DisableExecuteApiEndpoint"] for one in apis] == [True]
    domains = properties(_templates()[STATELESS], "ApiGatewayV2::DomainName").values()
    assert [one["DomainName"] for one in domains] == ["api.music.acme.io"]
    assert len(properties(_templates()[STATELESS], "ApiGatewayV2::ApiMapping")) == 1


def test_the_edge_calls_the_api_with_the_newest_secret() -> None:
    for one in properties(_templates()[EDGE], "CloudFront::Distribution").values():
        origins = [
            origin
            for origin in one["DistributionConfig"]["Origins"]
            if "CustomOriginConfig" in origin
        ]
        assert {origin["DomainName"] for origin in origins} == {"api.music.acme.io"}
        for origin in origins:
            (header,) = origin["OriginCustomHeaders"]
            assert header["HeaderName"] == ORIGIN_HEADER == api.ORIGIN_HEADER
            assert SECRET.findall(header["HeaderValue"]) == ["topk/production/origin/2"]


def test_the_edge_names_the_tenants_host_to_the_api_whatever_the_caller_sends() -> None:
    assert HOST_HEADER == api.HOST_HEADER
    (one,) = properties(_templates()[EDGE], "CloudFront::Distribution").values()
    functions = properties(_templates()[EDGE], "CloudFront::Function")
    for behaviour in one["DistributionConfig"]["CacheBehaviors"]:
        if behaviour["PathPattern"] not in (*CACHED, *API):
            continue
        (association,) = behaviour["FunctionAssociations"]
        assert association["EventType"] == "viewer-request"
        code = functions[association["FunctionARN"]["Fn::GetAtt"][0]]["FunctionCode"]
        request = {"headers": {"host": _of("reef.music.acme.io"), HOST_HEADER: _of("harbor.evil")}}
        assert _run(code, request)["headers"][HOST_HEADER] == _of("reef.music.acme.io")


def test_pages_reach_the_api_at_their_own_host() -> None:
    answer = _run(CONFIGURE, {"headers": {"host": _of("reef.music.acme.io")}})
    assert json.loads(answer["body"]) == {"api": "https://reef.music.acme.io"}


def _of(value: str) -> dict[str, str]:
    return {"value": value}


def _run(code: str, request: dict[str, Any]) -> dict[str, Any]:
    """What a CloudFront function returns, in Node."""
    said = f"{code}; console.log(JSON.stringify(handler({json.dumps({'request': request})})))"
    done = subprocess.run(["node", "-e", said], check=True, capture_output=True, text=True)
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def test_functions_behind_the_api_accept_the_newest_secret_and_the_one_before() -> None:
    for name, one in properties(_templates()[STATELESS], "Lambda::Function").items():
        variables = one.get("Environment", {}).get("Variables", {})
        if name.startswith("FunctionRead"):
            assert SECRET.findall(variables["ORIGIN_SECRETS"]) == [
                "topk/production/origin/2",
                "topk/production/origin/1",
            ]
        if name.startswith("FunctionCrawl"):
            assert "ORIGIN_SECRETS" not in variables


def test_a_replacement_is_accepted_before_the_edge_sends_it_and_after() -> None:
    before, after = (_deployment(origin_secret=number).origin_secrets for number in (1, 2))
    assert before[0] in after, "while the edge is not yet updated"
    assert after[0] not in before, "so that it can be replaced at all"


def test_the_secrets_are_in_both_regions_under_known_names() -> None:
    secrets = properties(_templates()[STATEFUL], "SecretsManager::Secret").values()
    found = {one["Name"]: one for one in secrets if "Name" in one}
    assert sorted(found) == ["topk/production/origin/1", "topk/production/origin/2"]
    for one in found.values():
        assert one["ReplicaRegions"] == [{"Region": "us-east-1"}]


def test_browsers_return_from_a_provider_to_the_edge() -> None:
    assert _deployment().public_url == "https://{host}.music.acme.io"


@pytest.mark.parametrize("stack", [STATEFUL, STATELESS, EDGE])
def test_the_templates_have_no_findings(stack: str) -> None:
    region = "us-east-1" if stack == EDGE else "eu-central-1"
    assert findings(_templates()[stack], region) == []


def test_it_keeps_every_limit() -> None:
    regions = {stack: "us-east-1" if stack == EDGE else "eu-central-1" for stack in _templates()}
    assert [one for one in measured(_templates(), regions) if one.exceeded] == []


@pytest.mark.parametrize(
    ("domain", "says"),
    [
        ({"name": "acme"}, r"stages\.production: .*domain\.name"),
        ({"hosted_zone_id": "acme.io"}, r"domain\.hosted_zone_id"),
        ({"origin_secret": 0}, r"domain\.origin_secret"),
    ],
)
def test_an_invalid_domain_is_reported(domain: dict[str, Any], says: str) -> None:
    with pytest.raises(ConfigurationError, match=says):
        _deployment(**domain)


def test_a_tenant_cannot_have_the_address_of_the_api() -> None:
    declared = _declared()
    tenants = declared["stages"][STAGE]["tenants"]
    tenants["api"] = tenants["meadow"] | {"issuer": "https://id.other.io"}
    with pytest.raises(ConfigurationError, match=r"api: has the address of the API"):
        deployments(declared)
