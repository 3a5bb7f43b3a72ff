"""The sandbox as a target: requests go to the functions in this process."""

import json
from collections.abc import Mapping
from io import BytesIO
from pathlib import Path
from typing import Any

import requests
from requests.adapters import BaseAdapter, HTTPAdapter
from urllib3 import HTTPResponse

from cli.sandbox.deployment import PROVIDERS
from cli.sandbox.gateway import Gateway, server_token_of, token_of
from cli.sandbox.people import NOON
from cli.studies.fuzzing.callers import Callers, bytes_of
from cli.studies.fuzzing.mixing import Tenant
from cli.studies.fuzzing.run import Target

BASE_URL = "http://api.example"
DESCRIPTION = Path(__file__).resolve().parents[3] / "functions" / "account" / "openapi.json"
_USERS = ("anna", "ben", "carla", "dora", "finn", "nobody")
_SHOWN = "hugh"
"""Shows a list to all, which nobody changes."""
_LEAVERS = 20


def target() -> Target:
    """Within `cli.sandbox.deployment.sandbox`."""
    callers = Callers(
        users=[token_of("harbor", user) for user in _USERS],
        leavers=[token_of("harbor", f"leaver-{number}") for number in range(_LEAVERS)],
        server=server_token_of("harbor"),
        push_secret="fake-push-secret-of-32-characters",  # noqa: S106 - a fake
        good_for_nothing=["fake", token_of("meadow", "anna"), server_token_of("harbor")],
        clock=lambda: NOON,
    )
    description = json.loads(DESCRIPTION.read_text(encoding="utf-8"))
    known = {
        "provider": PROVIDERS,
        "user_id": [*_USERS, _SHOWN],
        "receipt": ["fake-receipt-hugo"],
    }
    return Target(description, [Tenant("harbor", BASE_URL, callers, known)], _Adapter)


def show_to_all() -> None:
    """One user has a public list that no request changes."""
    shown = token_of("harbor", _SHOWN)
    Gateway().call("PATCH", "/v1/me", token=shown, body='{"visibility": "public"}')


class _Adapter(BaseAdapter):
    def send(self, request: requests.PreparedRequest, *_: Any, **__: Any) -> requests.Response:
        token = str(request.headers.get("authorization", "")).removeprefix("Bearer ")
        reply = Gateway().call(
            str(request.method),
            request.path_url,
            token=token,
            headers=_text(request.headers),
            body=bytes_of(request),
        )
        raw_answer = HTTPResponse(
            body=BytesIO(reply.body),
            headers=reply.headers,
            status=reply.status,
            preload_content=False,
        )
        return HTTPAdapter().build_response(request, raw_answer)

    def close(self) -> None:
        """There is nothing to close."""


def _text(headers: Mapping[str, Any]) -> dict[str, str]:
    return {
        name: value.decode("latin-1") if isinstance(value, bytes) else str(value)
        for name, value in headers.items()
    }
