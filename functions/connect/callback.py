"""The browser's way back from the provider, and the page on which a provider's own script asks."""

from collections.abc import Mapping
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

from functions.connect.pages import Page, broken_off, music_kit
from functions.connect.wiring import connecting
from topk.domain.errors import HandshakeError, InvalidRequestError, NotVisibleError
from topk.domain.provider import BrowserGranted
from topk.runtime.api import Answer, Request
from topk.runtime.observability import logger
from topk.usecases.complete_connection import Completed, complete_connection


def complete(request: Request) -> Answer:
    """Sends the browser on to the tenant's address; shows a page where there is none to trust."""
    parts = connecting()
    provider = parts.provider(request.path["provider"])
    try:
        completed = parts.run(
            complete_connection(
                provider,
                _answer(request),
                handshakes=parts.handshakes,
                connections=parts.connections,
                profiles=parts.profiles,
                provider_users=parts.provider_users,
                timetable=parts.timetable,
                queues=parts.queues,
                vault=parts.vault,
                grid=parts.settings.grid,
                cadence=parts.settings.providers[provider.name].first_cadence,
                correlation=request.request_id,
                now=request.now,
            )
        )
    except HandshakeError:
        return _page(400, broken_off())
    if completed.reason:
        logger().warning(
            "not connected", extra={"provider": completed.provider, "reason": completed.reason}
        )
    return Answer(303, headers={"location": _location(completed)})


def consent_page(request: Request) -> Answer:
    """The page that obtains a token in the browser, for a handshake that has begun."""
    parts = connecting()
    provider = parts.provider(request.path["provider"])
    if not isinstance(provider, BrowserGranted):
        raise NotVisibleError("page")
    state = request.query.get("state", "")
    try:
        handshake = parts.handshakes.peek(state, now=request.now)
    except HandshakeError:
        return _page(400, broken_off())
    shown = provider.page(state=state, redirect_uri=handshake.redirect_uri, now=request.now)
    return _page(200, music_kit(shown, return_to=handshake.return_to))


def _answer(request: Request) -> Mapping[str, str]:
    if request.route.startswith("GET"):
        return request.query
    try:
        return dict(parse_qsl(request.body.decode(), max_num_fields=10))
    except ValueError:
        raise InvalidRequestError("body", "is not a form") from None


def _location(completed: Completed) -> str:
    told = {"provider": completed.provider, "connected": "1"}
    if completed.error:
        told = {"provider": completed.provider, "connect_error": completed.error}
    address = urlsplit(completed.return_to)
    query = "&".join(part for part in (address.query, urlencode(told)) if part)
    return urlunsplit(address._replace(query=query))


def _page(status: int, page: Page) -> Answer:
    headers = {
        "content-type": "text/html; charset=utf-8",
        "content-security-policy": page.policy,
    }
    return Answer(status, page.html, headers)
