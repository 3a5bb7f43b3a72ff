"""The Lambda context object of a benchmarked invocation."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Context:
    function_name: str
    aws_request_id: str = "00000000-0000-0000-0000-000000000000"

    def get_remaining_time_in_millis(self) -> int:
        return 300_000
