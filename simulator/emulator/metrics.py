"""Fixes of metrics: embedded metrics in function logs, and those of Lambda and API Gateway.

Embedded metric format: https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch_Embedded_Metric_Format_Specification.html
"""

import json
import time
from collections.abc import Iterator
from typing import Any, NamedTuple

from simulator.emulator.splice import Part, around, emulated, part


class Measurement(NamedTuple):
    namespace: str
    name: str
    value: float
    unit: str
    dimensions: dict[str, str]


def measurements(log: str) -> Iterator[Measurement]:
    """Every value in the lines of `log` that follow the format; other lines are skipped."""
    for line in log.splitlines():
        if line.startswith("{") and '"_aws"' in line:
            try:
                # Read the whole line first, so that a malformed one adds no values.
                found = list(_of_line(json.loads(line)))
            except (ValueError, KeyError, TypeError):
                continue
            yield from found


def _of_line(entry: dict[str, Any]) -> Iterator[Measurement]:
    for directive in entry["_aws"]["CloudWatchMetrics"]:
        for names in directive.get("Dimensions") or [[]]:
            dimensions = {name: str(entry[name]) for name in names}
            for metric in directive["Metrics"]:
                value = entry[metric["Name"]]
                for one in value if isinstance(value, list) else [value]:
                    yield Measurement(
                        directive["Namespace"],
                        metric["Name"],
                        float(one),
                        metric.get("Unit", "None"),
                        dimensions,
                    )


def collect_embedded_metrics() -> None:
    """Fault: log lines in the embedded metric format do not become metrics."""
    record = emulated("services.cloudwatch").record_metric

    def emit(original: Part, func: Any, request: str, log: str, *args: Any, **kwargs: Any) -> None:
        for measurement in measurements(log or ""):
            record(*measurement)
        original(func, request, log, *args, **kwargs)

    around(emulated("services.lambda_svc"), "_emit_lambda_logs", emit)


def measure_every_invocation() -> None:
    """Fault: only direct Lambda calls are measured, not those from an API, a queue or a stream."""
    functions = emulated("services.lambda_svc")
    measure = part(functions, "_emit_lambda_metrics")

    def emit(
        original: Part, func: Any, request: str, log: str, error: bool, millis: int, **how: Any
    ) -> None:
        config = func.get("config") or func
        measure(config["FunctionName"], millis, error=error, throttle=False)
        original(func, request, log, error, millis, **how)

    def only_throttled(
        original: Part, name: str, duration_ms: float, error: bool, throttle: bool
    ) -> None:
        if throttle:
            original(name, duration_ms, error, throttle)

    around(functions, "_emit_lambda_logs", emit)
    around(functions, "_emit_lambda_metrics", only_throttled)


def measure_every_request() -> None:
    """Fault: HTTP APIs are not measured.

    Source: https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-metrics.html
    """
    apis = emulated("services.apigateway")
    record = emulated("services.cloudwatch").record_metric

    async def execute(original: Part, api: str, *args: Any, **kwargs: Any) -> Any:
        began = time.perf_counter()
        answer = await original(api, *args, **kwargs)
        millis, status = (time.perf_counter() - began) * 1000, int(answer[0])
        of_api = {"ApiId": api}
        record("AWS/ApiGateway", "Count", 1.0, "Count", of_api)
        record("AWS/ApiGateway", "Latency", millis, "Milliseconds", of_api)
        record("AWS/ApiGateway", "4xx", float(400 <= status < 500), "Count", of_api)
        record("AWS/ApiGateway", "5xx", float(status >= 500), "Count", of_api)
        return answer

    around(apis, "_handle_execute_in_scope", execute)
