"""Fix: a greedy path variable matches nothing after its slash.

Fault: the emulator wants at least one character. API Gateway accepts no route that ends with a
slash, and sends `/metrics/` to `/metrics/{proxy+}`:
https://github.com/storacha/w3infra/pull/166
"""

import re

from simulator.emulator.splice import Part, around, emulated

_GREEDY = re.compile(r"(.*/)\{(\w+)\+\}")


def match_nothing_after_a_slash() -> None:
    def extract(original: Part, route_path: str, request_path: str) -> dict[str, str] | None:
        greedy = _GREEDY.fullmatch(route_path)
        if greedy and greedy[1] == request_path:
            return {greedy[2]: ""}
        found: dict[str, str] | None = original(route_path, request_path)
        return found

    around(emulated("services.apigateway"), "_extract_path_params", extract)
