"""An HTTP API refuses what API Gateway refuses."""

from typing import Any

import httpx2
import pytest

from simulator.emulator.process import ACCOUNT, REGION
from tests.emulator.limits.account import SOURCE, Account
from tests.emulator.limits.proofs import proves
from tests.emulator.limits.requests import MB

pytestmark = [pytest.mark.emulator, pytest.mark.xdist_group("emulator contract")]

PAGE = "https://page.example"
PREFLIGHT = {"Origin": PAGE, "Access-Control-Request-Method": "GET"}
THROTTLED = {"GET /throttled": {"ThrottlingRateLimit": 0.01, "ThrottlingBurstLimit": 2}}
ROUTES = ("GET /plain", "POST /plain", "GET /throttled", "ANY /any", "OPTIONS /options")


class Api:
    """Routes to a function that takes `seconds` and returns `bytes`, both in the query."""

    def __init__(self, account: Account, **settings: Any) -> None:
        self.client = account.client("apigatewayv2")
        self.id = self.client.create_api(Name="limited", ProtocolType="HTTP", **settings)["ApiId"]
        self._url = f"{account.url}/_aws/execute-api/{self.id}/$default"
        self._account = account
        made = self.client.create_integration(**self.integration(TimeoutInMillis=1000))
        for route in ROUTES:
            self.client.create_route(
                ApiId=self.id, RouteKey=route, Target=f"integrations/{made['IntegrationId']}"
            )
        self.client.create_stage(
            ApiId=self.id, StageName="$default", AutoDeploy=True, RouteSettings=THROTTLED
        )

    def integration(self, **more: Any) -> dict[str, Any]:
        return {
            "ApiId": self.id,
            "IntegrationType": "AWS_PROXY",
            "IntegrationUri": f"arn:aws:lambda:{REGION}:{ACCOUNT}:function:behind-api",
            "PayloadFormatVersion": "2.0",
            **more,
        }

    def __call__(self, method: str, path: str, **request: Any) -> tuple[int, str]:
        answer = self.answer(method, path, **request)
        return answer.status_code, answer.text

    def answer(self, method: str, path: str, **request: Any) -> httpx2.Response:
        url = f"{self._url}{path}"
        return httpx2.request(method, url, trust_env=False, timeout=60, **request)


@pytest.fixture(scope="module")
def api(account: Account) -> Api:
    account.create_function("behind-api", SOURCE, Timeout=60)
    account.client("lambda").add_permission(
        FunctionName="behind-api",
        StatementId="apis",
        Action="lambda:InvokeFunction",
        Principal="apigateway.amazonaws.com",
        SourceArn=f"arn:aws:execute-api:{REGION}:{ACCOUNT}:*",
    )
    account.client("lambda").invoke(FunctionName="behind-api", Payload="{}")
    return Api(account)


@pytest.fixture(scope="module")
def shared(api: Api, account: Account) -> Api:
    """An API that pages may call."""
    cors = {"AllowOrigins": [PAGE], "AllowMethods": ["GET"], "MaxAge": 60}
    return Api(account, CorsConfiguration=cors)


@proves("HTTP API: body of a request", "HTTP API: body for a function")
@pytest.mark.parametrize(
    ("size", "kind", "status"),
    [
        (5 * MB, "application/json", 200),
        (5 * MB, "image/png", 413),  # As base64, more than a function takes.
        (6 * MB + 1, "application/json", 413),
        (10 * MB + 1, "application/json", 413),
    ],
)
def test_a_body_fits_the_gateway_and_the_function(
    api: Api, size: int, kind: str, status: int
) -> None:
    answer = api.answer("POST", "/plain", content=b"x" * size, headers={"Content-Type": kind})
    assert answer.status_code == status
    if status == 413:
        assert answer.json() == {"message": "Request Entity Too Large"}


def test_a_response_above_six_megabytes_is_an_error(api: Api) -> None:
    status, text = api("GET", f"/plain?bytes={6 * MB + 101}")
    assert (status, text) == (500, '{"message":"Internal Server Error"}')


@proves("HTTP API: request line and header values")
def test_the_head_of_a_request_has_10240_bytes(api: Api) -> None:
    assert api("GET", "/plain", headers={"X-Long": "x" * 9500})[0] == 200
    assert api("GET", "/plain", headers={"X-Long": "x" * 10_240})[0] == 431
    assert api("GET", "/plain?" + "x" * 10_240)[0] == 431


@proves("HTTP API: throttle of a route")
def test_a_route_has_its_own_throttle(api: Api) -> None:
    answers = [api("GET", "/throttled") for _ in range(3)]
    assert [status for status, _ in answers] == [200, 200, 429]
    assert "Too Many Requests" in answers[-1][1]
    assert api("GET", "/plain")[0] == 200


@proves("HTTP API: throttle of a stage")
def test_a_stages_throttle_is_that_of_routes_without_one(api: Api, account: Account) -> None:
    limited = Api(account)
    settings = {"ThrottlingRateLimit": 0.01, "ThrottlingBurstLimit": 1}
    limited.client.update_stage(
        ApiId=limited.id, StageName="$default", DefaultRouteSettings=settings
    )
    assert [limited("GET", "/plain")[0] for _ in range(2)] == [200, 429]
    assert [limited("GET", "/throttled")[0] for _ in range(3)] == [200, 200, 429]


@proves("HTTP API: wait for an integration")
def test_a_slow_function_is_not_waited_for(api: Api) -> None:
    status, text = api("GET", "/plain?seconds=2")
    assert status == 503
    assert "Service Unavailable" in text


@proves("HTTP API: timeout of an integration")
@pytest.mark.parametrize("millis", [49, 30_001])
def test_an_integrations_timeout_is_at_most_thirty_seconds(
    api: Api, account: Account, millis: int
) -> None:
    code, message = account.refusal(
        "apigatewayv2", "create_integration", **api.integration(TimeoutInMillis=millis)
    )
    assert code == "BadRequestException"
    assert "between 50 ms and 30000 ms" in message


@proves("HTTP API: disabled execute-api endpoint")
def test_a_disabled_endpoint_is_not_found_but_its_domain_is(api: Api, account: Account) -> None:
    closed = Api(account, DisableExecuteApiEndpoint=True)
    assert closed("GET", "/plain") == (404, '{"message":"Not Found"}')
    closed.client.create_domain_name(
        DomainName="api.example",
        DomainNameConfigurations=[
            {
                "CertificateArn": f"arn:aws:acm:{REGION}:{ACCOUNT}:certificate/fake",
                "EndpointType": "REGIONAL",
                "SecurityPolicy": "TLS_1_2",
            }
        ],
    )
    closed.client.create_api_mapping(DomainName="api.example", ApiId=closed.id, Stage="$default")
    answer = httpx2.get(f"{account.url}/plain", headers={"Host": "api.example"}, trust_env=False)
    assert (answer.status_code, answer.text) == (200, "GET /plain")


@proves("HTTP API: preflight requests")
@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("/options", (200, "OPTIONS /options")),
        ("/any", (200, "ANY /any")),
        ("/plain", (404, '{"message":"Not Found"}')),
    ],
)
def test_without_cors_a_preflight_goes_to_its_route(
    api: Api, path: str, expected: tuple[int, str]
) -> None:
    assert api("OPTIONS", path, headers=PREFLIGHT) == expected


def test_with_cors_a_route_has_precedence_and_gets_the_headers(shared: Api) -> None:
    answer = shared.answer("OPTIONS", "/any", headers=PREFLIGHT)
    assert answer.text == "ANY /any"
    assert answer.headers["access-control-allow-origin"] == PAGE


def test_with_cors_a_preflight_without_a_route_is_answered(shared: Api) -> None:
    answer = shared.answer("OPTIONS", "/plain", headers=PREFLIGHT)
    assert answer.status_code == 204
    assert answer.headers["access-control-allow-origin"] == PAGE
    assert answer.headers["access-control-max-age"] == "60"


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": PAGE},
        {"Access-Control-Request-Method": "GET"},
        {**PREFLIGHT, "Origin": "https://elsewhere.example"},
    ],
)
def test_what_is_no_allowed_preflight_gets_no_headers(shared: Api, headers: dict[str, str]) -> None:
    answer = shared.answer("OPTIONS", "/plain", headers=headers)
    assert answer.status_code == 204
    assert "access-control-allow-origin" not in answer.headers
