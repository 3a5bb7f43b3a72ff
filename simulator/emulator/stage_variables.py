"""Fix: an HTTP API passes its stage variables to functions.

Fault: the emulator stores them, but omits them from events of payload format 2.0.
https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-integrations-lambda.html
"""

from collections.abc import Mapping
from typing import Any

from simulator.emulator.splice import Part, around, emulated, part


def pass_stage_variables() -> None:
    variables_of = part(emulated("services.apigateway"), "_get_stage_variables")

    def execute(original: Part, function: Any, event: Any) -> Any:
        context = event.get("requestContext", {}) if isinstance(event, Mapping) else {}
        if "apiId" in context:
            variables = variables_of(context["apiId"], context["stage"])
            event = {**event, "stageVariables": variables} if variables else event
        return original(function, event)

    around(emulated("services.lambda_svc"), "_execute_function", execute)
