"""Reads the form fields and the authorization of a request."""

import base64
from urllib.parse import parse_qsl

from starlette.requests import Request


async def form(request: Request) -> dict[str, str]:
    """The fields of a URL-encoded body."""
    body = (await request.body()).decode("utf-8", "replace")
    return dict(parse_qsl(body))


def bearer(request: Request) -> str:
    """The bearer token of a request; empty if there is none."""
    kind, _, token = request.headers.get("authorization", "").partition(" ")
    return token if kind.casefold() == "bearer" else ""


def basic(request: Request) -> tuple[str, str] | None:
    """Name and secret of basic authentication; None if there is none."""
    kind, _, credentials = request.headers.get("authorization", "").partition(" ")
    if kind.casefold() != "basic":
        return None
    try:
        client_id, _, secret = base64.b64decode(credentials).decode().partition(":")
    except ValueError:
        return None
    return client_id, secret
