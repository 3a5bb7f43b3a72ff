"""Fixes of HTTP APIs.

Limits: https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-quotas.html
The documentation gives the limits of sizes and time, not always the response. 413 is that of AWS's
own test tool (https://github.com/aws/aws-lambda-dotnet/pull/1990), 503 is seen on AWS
(https://github.com/cortexlabs/cortex/issues/1225), 431 is RFC 6585's.
"""

import asyncio
import json
import time
from collections.abc import Mapping
from typing import Any

from simulator.emulator.limits.invocations import REQUEST_BYTES
from simulator.emulator.limits.refusals import Members, Refusal, refuse_resources
from simulator.emulator.limits.throttling import Buckets, throttle_of
from simulator.emulator.splice import Part, around, emulated, part, rewrite

BODY_BYTES = 10 * 1024 * 1024
HEAD_BYTES = 10_240
MOST_MILLIS, LEAST_MILLIS = 30_000, 50
Answer = tuple[int, dict[str, str], bytes]


def refuse_large_bodies() -> None:
    """Fault: a request's body may have any size.

    The gateway takes 10 MB, a function 6 MB.
    """
    apis = emulated("services.apigateway")

    async def execute(original: Part, *args: Any) -> Any:
        body = args[5]
        return _too_large() if len(body or b"") > BODY_BYTES else await original(*args)

    async def invoke(original: Part, *args: Any, **kwargs: Any) -> Any:
        headers, body = args[5], args[6] or b""
        text = part(apis, "_v2_request_body_is_text")(headers.get("content-type"))
        size = len(body) if text else len(body) * 4 / 3
        return _too_large() if size > REQUEST_BYTES else await original(*args, **kwargs)

    around(apis, "_handle_execute_in_scope", execute)
    around(apis, "_invoke_lambda_proxy", invoke)


def refuse_large_heads() -> None:
    """Fault: the request line and the headers' values may have any size together."""
    apis = emulated("services.apigateway")

    async def execute(original: Part, *args: Any) -> Any:
        _, _, path, method, headers, _, query = args[:7]
        query_string = part(apis, "_raw_query_string")(query, args[9] if len(args) > 9 else None)
        line = f"{method} {path}{'?' if query_string else ''}{query_string} HTTP/1.1"
        if len(line.encode()) + sum(len(value.encode()) for value in headers.values()) > HEAD_BYTES:
            return _answer(431, "Request Header Fields Too Large")
        return await original(*args)

    around(apis, "_handle_execute_in_scope", execute)


def throttle_requests() -> None:
    """Fault: the throttles of stages and routes are kept but not applied.

    https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-throttling.html
    """
    apis = emulated("services.apigateway")
    buckets = Buckets(time.monotonic)

    async def execute(original: Part, *args: Any) -> Any:
        api, stage, path, method = args[:4]
        route = part(apis, "_match_route")(api, method, "/" + path.lstrip("/"))
        if route:
            key = route.get("routeKey", "$default")
            settings = part(apis, "_stages").get(api, {}).get(stage) or {}
            throttle = throttle_of(settings, key)
            if throttle and not buckets.take((api, stage, key), throttle):
                return _answer(429, "Too Many Requests")
        return await original(*args)

    around(apis, "_handle_execute_in_scope", execute)


def give_up_after_the_timeout() -> None:
    """Fault: an API waits for its function however long it takes.

    AWS waits for the integration's timeout, at most 30 s; the function continues.
    """
    waiting: set[asyncio.Task[Any]] = set()

    async def invoke(original: Part, integration: Members, *args: Any, **kwargs: Any) -> Any:
        seconds = min(int(integration.get("timeoutInMillis") or MOST_MILLIS), MOST_MILLIS) / 1000
        call = asyncio.ensure_future(original(integration, *args, **kwargs))
        waiting.add(call)
        call.add_done_callback(waiting.discard)
        done, _ = await asyncio.wait({call}, timeout=seconds)
        return call.result() if done else _answer(503, "Service Unavailable")

    around(emulated("services.apigateway"), "_invoke_lambda_proxy", invoke)


def refuse_long_timeouts() -> None:
    """Fault: an integration's timeout may have any length.

    https://docs.aws.amazon.com/apigatewayv2/latest/api-reference/apis-apiid-integrations.html
    """

    def check(integration: Members) -> Refusal | None:
        millis = integration.get("timeoutInMillis", integration.get("TimeoutInMillis"))
        if millis is None or LEAST_MILLIS <= int(millis) <= MOST_MILLIS:
            return None
        reason = f"Timeout should be between {LEAST_MILLIS} ms and {MOST_MILLIS} ms"
        return Refusal("BadRequestException", reason)

    apis = emulated("services.apigateway")

    def create(original: Part, api: str, data: Members) -> Any:
        refusal = check(data)
        if refusal is None:
            return original(api, data)
        return part(apis, "_apigw_error")(refusal.code, refusal.message, refusal.status)

    def update(original: Part, api: str, integration: str, data: Members) -> Any:
        refusal = check(data)
        if refusal is None:
            return original(api, integration, data)
        return part(apis, "_apigw_error")(refusal.code, refusal.message, refusal.status)

    around(apis, "_create_integration", create)
    around(apis, "_update_integration", update)
    refuse_resources("AWS::ApiGatewayV2::Integration", check)


def close_disabled_endpoints() -> None:
    """Fault: an API whose execute-api endpoint is disabled still responds there.

    A custom domain still works. The documentation gives no status for HTTP APIs; this is the 404 of
    a stage that is not there.
    https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-disable-default-endpoint.html
    """
    app, apis = emulated("app"), emulated("services.apigateway")

    async def handle(original: Part, host: str, path: str, *args: Any, **kwargs: Any) -> Any:
        parsed = part(app, "_parse_execute_api_url")(host, path)
        if parsed and _is_disabled(apis, parsed[0]):
            return part(apis, "_http_api_not_found")()
        return await original(host, path, *args, **kwargs)

    around(app, "_handle_execute_api_request", handle)


def route_preflights() -> None:
    """Fault: every OPTIONS request is answered before the routes, and an origin that is not allowed
    with 403.

    On AWS a matching route has precedence, as $default does, and without a route and without
    CorsConfiguration the response is 404. To an origin that is not allowed the response is 204
    without the headers.
    https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-cors.html
    """
    apis = emulated("services.apigateway")
    headers_for = part(apis, "_cors_response_headers")
    preflight = part(apis, "_cors_preflight_response")

    def answer(cors: Members, headers: Mapping[str, str]) -> Any:
        if not cors:
            return part(apis, "_http_api_not_found")()
        origin = headers.get("origin", "")
        if not headers_for(cors, origin) or "access-control-request-method" not in headers:
            return 204, {"Content-Length": "0"}, b""
        return preflight(cors, origin)

    apis.__dict__["_preflight"] = answer
    rewrite(
        apis,
        "_handle_execute_in_scope",
        {
            'if method == "OPTIONS":': (
                'if method == "OPTIONS" and not '
                '_match_route(api_id, method, "/" + path.lstrip("/")):'
            ),
            'return _cors_preflight_response(cors_cfg, headers.get("origin") or '
            'headers.get("Origin", ""))': "return _preflight(cors_cfg, headers)",
        },
    )


def _is_disabled(apis: Any, api_id: str) -> bool:
    owner = part(apis, "_api_owner")(api_id)
    record = part(apis, "_apis").get_scoped(*owner[1:], api_id) if owner else None
    return str((record or {}).get("disableExecuteApiEndpoint", False)).lower() == "true"


def _too_large() -> Answer:
    return _answer(413, "Request Entity Too Large")


def _answer(status: int, message: str) -> Answer:
    return status, {"Content-Type": "application/json"}, json.dumps({"message": message}).encode()
