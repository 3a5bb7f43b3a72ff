"""Fix: the response of an HTTP API whose function failed."""

from typing import Any

from simulator.emulator.splice import Part, around, emulated


def hide_exceptions() -> None:
    """Fault: a function that raised answers 502 with the exception's text.

    AWS answers 500 without details:
    https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-troubleshooting-lambda.html
    """

    def answer(original: Part, outcome: dict[str, Any]) -> Any:
        if outcome.get("error") and not outcome.get("throttle"):
            outcome = {
                "body": {
                    "statusCode": 500,
                    "headers": {"Content-Type": "application/json"},
                    "body": '{"message":"Internal Server Error"}',
                }
            }
        return original(outcome)

    around(emulated("services.lambda_svc"), "lambda_execute_result_to_api_proxy_response", answer)
