"""Stands in for the edge: tenants' host names, for which this machine has no DNS.

`/_aws/execute-api/<label>/$default/...` is the stage's API, called by the host name
`<label>.localhost`, unless an API has that id. As the edge does (infra_cdk/edge/distribution.py),
it names the host in a header and replaces what the caller sent. Not every resolver knows
`*.localhost` (RFC 6761, section 6.3).
"""

from typing import Any

from simulator.emulator.splice import Part, around, emulated, part

API = "topk"
"""The id of the stage's API (infra_cdk/api/http_api.py)."""
HOST_HEADER = "x-topk-host"
_BEFORE = "/_aws/execute-api/"


def serve_host_names() -> None:
    """Fault: an API is called by its id alone; no edge gives each tenant a host name."""
    app, apis = emulated("app"), emulated("services.apigateway")
    owner_of = part(apis, "_api_owner")

    async def handle(
        original: Part,
        host: str,
        path: str,
        method: str,
        headers: dict[str, str],
        *args: Any,
        raw_path: str | None = None,
        **kwargs: Any,
    ) -> Any:
        label, _, rest = path.removeprefix(_BEFORE).partition("/")
        if path.startswith(_BEFORE) and not owner_of(label) and owner_of(API):
            path = f"{_BEFORE}{API}/{rest}"
            raw_path = raw_path and raw_path.replace(f"{_BEFORE}{label}/", f"{_BEFORE}{API}/", 1)
            headers = {**headers, HOST_HEADER: f"{label}.localhost"}
        return await original(host, path, method, headers, *args, raw_path=raw_path, **kwargs)

    around(app, "_handle_execute_api_request", handle)
