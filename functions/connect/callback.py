"""The OAuth callback, and the consent page for a provider's script."""

import secrets
from collections.abc import Mapping
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

from functions.connect.pages import Page, broken_off, music_kit
from functions.connect.wiring import connecting
from topk.domain.crawl.provider import BrowserGranted
from topk.domain.errors import (
    HandshakeError,
    InvalidRequestError,
    NotVisibleError,
    UnknownProviderError,
)
from topk.runtime.api import Answer, Request
from topk.runtime.observability import logger
from topk.runtime.problems import problem_of
from topk.usecases.accounts.receive_grant import Returned, receive_grant


def come_back(request: Request) -> Answer:
    """Redirects to the tenant's return address, or shows a page if there is no trusted one."""
    parts = connecting()
    name = _name(request)
    try:
        returned = parts.run(
            receive_grant(
                name,
                _answer(request),
                tenant=request.api_of,
                provider=parts.provider,
                handshakes=parts.handshakes,
                pending=parts.pending,
                vault=parts.vault,
                new_secret=lambda: secrets.token_urlsafe(32),
                now=request.now,
            )
        )
    except HandshakeError as error:
        return _page(problem_of(error).status, broken_off())
    if returned.reason:
        logger().warning(
            "not connected", extra={"provider": returned.provider, "reason": returned.reason}
        )
    return Answer(303, headers={"location": _location(returned)})


def consent_page(request: Request) -> Answer:
    """The page that obtains a token in the browser, for an existing handshake."""
    parts = connecting()
    name, state = _name(request), request.query.get("state", "")
    try:
        handshake = parts.handshakes.peek(state, now=request.now)
    except HandshakeError as error:
        return _page(problem_of(error).status, broken_off())
    provider = parts.provider(handshake.owner.tenant, name)
    elsewhere = request.api_of and handshake.owner.tenant != request.api_of
    if handshake.provider != name or elsewhere or not isinstance(provider, BrowserGranted):
        raise NotVisibleError("page")
    shown = provider.page(state=state, redirect_uri=handshake.redirect_uri, now=request.now)
    return _page(200, music_kit(shown, return_to=handshake.return_to))


def _name(request: Request) -> str:
    name = request.path["provider"]
    if name not in connecting().settings.providers:
        raise UnknownProviderError("is unknown")
    return name


def _answer(request: Request) -> Mapping[str, str]:
    if request.route.startswith("GET"):
        return request.query
    try:
        return dict(parse_qsl(request.body.decode(), max_num_fields=10))
    except ValueError:
        raise InvalidRequestError("body", "is not a form") from None


def _location(returned: Returned) -> str:
    told = {"provider": returned.provider, "confirmation": returned.confirmation}
    if returned.error:
        told = {"provider": returned.provider, "connect_error": returned.error}
    address = urlsplit(returned.return_to)
    query = "&".join(part for part in (address.query, urlencode(told)) if part)
    return urlunsplit(address._replace(query=query))


def _page(status: int, page: Page) -> Answer:
    headers = {
        "content-type": "text/html; charset=utf-8",
        "content-security-policy": page.policy,
    }
    return Answer(status, page.html, headers)
