"""Connects an account as a user does: through the API and the provider's consent pages."""

import json
from urllib.parse import parse_qsl, urlsplit

import httpx2

from cli.failure import CommandFailedError
from cli.in_memory.api import Api
from cli.in_memory.events import json_body
from cli.studies.demonstration.browser import Browser
from topk.domain.owner import Owner


def connected(api: Api, http: httpx2.Client, owner: Owner, provider: str, account: str) -> bool:
    """Connects `account`; returns whether every step succeeded. `http` is the browser's client."""
    begun = api.call(
        "connect", "POST", "/v1/connections/{provider}", owner, provider=provider, body="{}"
    )
    if begun["statusCode"] != httpx2.codes.CREATED:
        return False
    try:
        landed = Browser(http).consent(json_body(begun)["authorize_url"], account)
    except CommandFailedError:
        return False
    fields = dict(parse_qsl(urlsplit(landed).query))
    if "confirmation" not in fields:
        return False
    confirmed = api.call(
        "connect",
        "POST",
        "/v1/connections/{provider}/confirmation",
        owner,
        provider=provider,
        body=json.dumps({"confirmation": fields["confirmation"]}),
    )
    return bool(confirmed["statusCode"] < httpx2.codes.BAD_REQUEST)
