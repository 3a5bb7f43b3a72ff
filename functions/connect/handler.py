"""Connections: start, callback, confirmation, list and disconnect."""

import secrets
from typing import Any

import msgspec

from functions.connect.callback import come_back, consent_page
from functions.connect.wiring import connecting
from topk.domain.account.alerts import alert_of
from topk.domain.account.connection import Connection
from topk.domain.errors import InvalidRequestError, UnknownProviderError
from topk.domain.privacy.provider_policies import deletes_on_disconnect, shown_providers
from topk.runtime.api import Answer, Request, Route, respond
from topk.runtime.rate_limited import rate_limited
from topk.runtime.snapshot import prepare
from topk.usecases.accounts.begin_connection import begin_connection
from topk.usecases.accounts.confirm_connection import confirm_connection
from topk.usecases.accounts.disconnect import disconnect
from topk.usecases.accounts.update_profile import read_profile
from topk.usecases.privacy.delete_plays import delete_provider


class _Start(msgspec.Struct, forbid_unknown_fields=True):
    return_to: str | None = None


class _Confirmation(msgspec.Struct, forbid_unknown_fields=True):
    confirmation: str


def lambda_handler(event: dict[str, Any], _context: Any) -> dict[str, Any]:
    return respond(event, _ROUTES, connecting().settings, without_token=_FOR_BROWSERS)


def _begin(request: Request) -> Answer:
    parts = connecting()
    tenant = parts.tenant(request.user)
    name = request.path["provider"]
    if name not in tenant.providers:
        offered = ", ".join(sorted(tenant.providers))
        raise UnknownProviderError(f"must be one of {offered}")
    provider = parts.provider(tenant.name, name)
    read_profile(request.user, profiles=parts.profiles)
    address = begin_connection(
        request.user,
        provider,
        return_to=request.json(_Start).return_to,
        allowed_returns=tenant.return_urls,
        redirect_uri=f"{request.base_url}/v1/oauth/{provider.name}/callback",
        connections=parts.connections,
        most_connections=tenant.connections_per_user,
        handshakes=parts.handshakes,
        new_secret=lambda: secrets.token_urlsafe(32),
        now=request.now,
    )
    return Answer(201, {"authorize_url": address})


def _confirm(request: Request) -> Answer:
    parts = connecting()
    provider = parts.provider(request.user.tenant, request.path["provider"])
    parts.run(
        confirm_connection(
            request.user,
            provider,
            request.json(_Confirmation).confirmation,
            parts.confirming,
            cadence=parts.settings.providers[provider.name].first_cadence,
            most_connections=parts.tenant(request.user).connections_per_user,
            correlation=request.request_id,
            now=request.now,
        )
    )
    return Answer(204)


def _list(request: Request) -> Answer:
    read_profile(request.user, profiles=connecting().profiles)
    found = connecting().connections.of_owner(request.user)
    separate = connecting().tenant(request.user).separate
    counts = shown_providers(separate, [one.provider for one in found])
    shown = [{**_shown(one, request.now), "counted": counts(one.provider)} for one in found]
    return Answer(body={"connections": shown})


def _shown(connection: Connection, now: int) -> dict[str, Any]:
    alert = alert_of(connection, now=now)
    return {
        "provider": connection.provider,
        "status": connection.status,
        "since": connection.status_since,
        "reason": connection.reason or None,
        "connected_at": connection.connected_at,
        "crawled_through": connection.crawled_through or None,
        "consent_ends_at": connection.consent_ends_at,
        "attention": alert.code if alert else None,
        "plays_deleted_on_disconnect": deletes_on_disconnect(connection.provider),
    }


def _disconnect(request: Request) -> Answer:
    parts = connecting()
    name = request.path["provider"]
    plays = request.query.get("plays", "keep")
    if plays not in {"keep", "delete"}:
        raise InvalidRequestError("plays", "must be keep or delete")
    if name not in parts.settings.providers:
        raise UnknownProviderError("cannot be connected")
    read_profile(request.user, profiles=parts.profiles)
    parts.run(disconnect(request.user, name, parts.disconnecting))
    if plays == "delete" or deletes_on_disconnect(name):
        delete_provider(request.user, name, parts.lists, now=request.now)
    return Answer(204)


def _limited(route: Route) -> Route:
    return rate_limited(route, lambda: connecting().rate_limit)


_FOR_BROWSERS: dict[str, Route] = {
    "GET /v1/oauth/{provider}/callback": come_back,
    "POST /v1/oauth/{provider}/callback": come_back,
    "GET /v1/oauth/{provider}/authorize": consent_page,
}
"""The single-use `state` replaces the token, which a redirect cannot carry."""
_ROUTES = {
    "POST /v1/connections/{provider}": _limited(_begin),
    "POST /v1/connections/{provider}/confirmation": _limited(_confirm),
    "GET /v1/connections": _list,
    "DELETE /v1/connections/{provider}": _limited(_disconnect),
    **_FOR_BROWSERS,
}


prepare(
    connecting,
    clients=["kms"],
    modules=["topk.stores.tables.vault", "topk.providers.http.http_client"],
)
