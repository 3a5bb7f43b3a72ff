"""Fixes of the permissions that a call needs."""

from collections.abc import Mapping
from typing import Any

from simulator.emulator.splice import Part, around, emulated, part


def allow_batches_by_their_single_action() -> None:
    """Fault: SendMessageBatch requires sqs:SendMessageBatch, a permission that does not exist.

    On AWS it requires sqs:SendMessage (docs: SQS API permissions reference).
    """

    def extract(original: Part, *args: Any, **kwargs: Any) -> Any:
        action = original(*args, **kwargs)
        if isinstance(action, str) and action.startswith("sqs:"):
            return action.removesuffix("Batch")
        return action

    around(emulated("core.iam_actions"), "extract_iam_action", extract)


def invoke_only_with_permission() -> None:
    """Fault: an API and a schedule invoke any function.

    On AWS the function's resource policy has to allow it. Without, an API responds with 500, and an
    event is not delivered.
    https://docs.aws.amazon.com/lambda/latest/dg/access-control-resource-based.html
    https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-troubleshooting-lambda.html
    """
    apis, buses = emulated("services.apigateway"), emulated("services.eventbridge")

    async def invoke(original: Part, integration: Mapping[str, Any], *args: Any, **of: Any) -> Any:
        api, stage, _, _, _, _, _, route = args[:8]
        method, _, path = route.partition(" ")
        source = f"{_arn('execute-api')}:{api}/{stage}/{'*' if method == 'ANY' else method}{path}"
        uri = integration.get("integrationUri", "")
        function = part(apis, "_extract_lambda_ref_from_integration_uri")(uri)
        if _allows(function, "apigateway.amazonaws.com", source):
            return await original(integration, *args, **of)
        return 500, {"Content-Type": "application/json"}, b'{"message":"Internal Server Error"}'

    def dispatch(original: Part, function: str, payload: str) -> None:
        event = part(buses, "json").loads(payload)
        scheduled = isinstance(event, Mapping) and event.get("detail-type") == "Scheduled Event"
        rule = event["resources"][0] if scheduled else ""
        if not scheduled or _allows(function, "events.amazonaws.com", rule):
            original(function, payload)

    around(apis, "_invoke_lambda_proxy", invoke)
    around(buses, "_dispatch_to_lambda", dispatch)


def _allows(function: str, service: str, source: str) -> bool:
    """Whether the policy of `function`, a name or an ARN, lets `service` invoke it for `source`."""
    functions, iam = emulated("services.lambda_svc"), emulated("core.iam_evaluator")
    arn = function if function.startswith("arn:") else f"{_arn('lambda')}:function:{function}"
    record = part(functions, "_functions").get(part(functions, "_resolve_name")(function)) or {}
    call = iam.EvalContext(
        principal_arn="*",
        principal_type="Service",
        principal_account="",
        action="lambda:InvokeFunction",
        resource_arn=arn,
        region=emulated("core.responses").get_region(),
        service_context={"aws:sourcearn": source},
    )
    allowed = iam.evaluate_resource_policy(record.get("policy"), call, service=service)
    return bool(allowed.decision == "Allow")


def _arn(service: str) -> str:
    scope = emulated("core.responses")
    return f"arn:aws:{service}:{scope.get_region()}:{scope.get_account_id()}"
