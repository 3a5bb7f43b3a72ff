"""The guards of the service, each with the patches that remove it."""

import base64
import json
from dataclasses import replace
from typing import Any

import msgspec

from cli.sandbox.issuer import claims_of
from cli.studies.attacks.attack import Guard, Patch
from functions.ingest import handler as ingest_handler
from topk.domain.account.edge import Edge, EdgeChange
from topk.domain.account.following import FollowState, Pair
from topk.domain.account.handshake import Handshake
from topk.domain.account.pending_connection import PendingConnection
from topk.domain.owner import Owner
from topk.domain.toplist import view
from topk.runtime import api
from topk.runtime.tokens.access_tokens import Caller, Claims
from topk.stores.tables.handshakes import Handshakes
from topk.stores.tables.pending_connections import PendingConnections
from topk.usecases.accounts import begin_connection, confirm_connection, follows, receive_grant
from topk.usecases.accounts.change_edges import apply_changes
from topk.usecases.accounts.rate_limit import RateLimit
from topk.usecases.lists import build_list
from topk.usecases.privacy import export


def _anything(*_: Any, **__: Any) -> None:
    return None


def _unchecked_caller(event: Any, settings: Any, at: Any) -> Caller:
    try:
        claims = claims_of(event["headers"]["authorization"])
    except (KeyError, IndexError, ValueError):
        claims = {}
    given = {"sub": "anna", **claims, "iss": "ours", "exp": 0}
    tenant = at or settings.tenants.existing("harbor")
    return Caller(tenant, msgspec.convert(given, Claims, strict=False))


def _no_verification() -> tuple[Patch, ...]:
    return ((api, "_caller", _unchecked_caller),)


def _no_server_check() -> tuple[Patch, ...]:
    return ((api, "_OF_SERVERS", frozenset()), (Caller, "owner", property(_owner_of_anyone)))


def _owner_of_anyone(caller: Caller) -> Owner:
    return Owner(caller.tenant.name, caller.claims.sub)


def _no_scope() -> tuple[Patch, ...]:
    return ((api.Request, "server", lambda request, _scope: request.tenant),)


def _no_visibility() -> tuple[Patch, ...]:
    return ((view.View, "allowed", property(lambda _view: True)),)


def _no_consent() -> tuple[Patch, ...]:
    def follow(owner: Owner, other: Owner, parts: Any) -> Any:
        change = EdgeChange(Edge(owner, other), follows=True, agreed_at=parts.now)
        apply_changes([change], parts.graph)
        return FollowState.FOLLOWING

    return ((follows, "follow", follow),)


def _no_request_needed() -> tuple[Patch, ...]:
    def accept(owner: Owner, asker: Owner, parts: Any) -> None:
        change = EdgeChange(Edge(asker, owner), follows=True, agreed_at=parts.now)
        apply_changes([change], parts.graph)

    return ((follows, "accept", accept),)


def _users_end_it() -> tuple[Patch, ...]:
    return ((Pair, "set_by_host", property(lambda _pair: False)),)


def _any_path() -> tuple[Patch, ...]:
    class Anything(str):
        def __eq__(self, _other: object) -> bool:
            return True

        def __ne__(self, _other: object) -> bool:
            return False

        __hash__ = str.__hash__

    peek = PendingConnections.peek

    def agreeing(store: PendingConnections, confirmation: str) -> PendingConnection:
        found = peek(store, confirmation)
        return replace(found, provider=Anything(found.provider))

    return ((PendingConnections, "peek", agreeing),)


def _no_most_reports() -> tuple[Patch, ...]:
    return ((build_list, "MOST_REPORTS", 10**9),)


def _blocks_forgotten() -> tuple[Patch, ...]:
    return ((Pair, "hidden", property(lambda _pair: False)),)


def _host_overruled() -> tuple[Patch, ...]:
    return ((follows, "_users_decide", _anything),)


def _no_size() -> tuple[Patch, ...]:
    def body(event: Any, _largest: int) -> bytes:
        text = event.get("body") or ""
        return base64.b64decode(text) if event.get("isBase64Encoded") else text.encode()

    return ((api, "_body", body),)


def _loose_bodies() -> tuple[Patch, ...]:
    def loose(request: api.Request, shape: Any) -> Any:
        try:
            return shape(**json.loads(request.body.decode(errors="replace")))
        except (ValueError, TypeError, RecursionError):
            return shape()

    return ((api.Request, "json", loose),)


def _loose_parameters() -> tuple[Patch, ...]:
    from functions.read import following, handler, parameters

    def any_number(_request: api.Request, _most: int) -> int:
        return 10

    return (
        (parameters, "_number", any_number),
        (parameters, "_choice", lambda _request, _name, _choices: None),
        (following, "after", lambda _request: None),
        (handler, "_relation", lambda _request: None),
    )


def _loose_ids() -> tuple[Patch, ...]:
    return ((Owner, "of", classmethod(lambda cls, tenant, user: cls(tenant, user))),)


def _loose_zones() -> tuple[Patch, ...]:
    from topk.usecases.accounts import update_profile

    return ((update_profile, "zone", _anything),)


def _any_return() -> tuple[Patch, ...]:
    from functions.connect import handler

    begin = begin_connection.begin_connection

    def anywhere(owner: Owner, provider: Any, **parts: Any) -> str:
        return begin(owner, provider, **{**parts, "allowed_returns": (parts["return_to"],)})

    return ((handler, "begin_connection", anywhere),)


def _many_handshakes() -> tuple[Patch, ...]:
    return ((begin_connection, "_check_handshakes", _anything),)


def _states_kept() -> tuple[Patch, ...]:
    return ((Handshakes, "take", Handshakes.peek),)


def _any_state() -> tuple[Patch, ...]:
    def guess(_self: Handshakes, state: str, *, now: int) -> Handshake:
        return Handshake(state, Owner("harbor", "anna"), "spotify", "v", "r", "https://a", now + 1)

    return ((Handshakes, "peek", guess), (Handshakes, "take", guess))


def _no_address_check() -> tuple[Patch, ...]:
    return ((receive_grant, "_check", _anything),)


def _no_parameter_limit() -> tuple[Patch, ...]:
    return ((receive_grant, "LONGEST_PARAMETER", 10**9),)


def _anyone_confirms() -> tuple[Patch, ...]:
    return ((confirm_connection, "_in_time_and_theirs", _anything),)


def _host_header() -> tuple[Patch, ...]:
    request = api._request  # noqa: SLF001 - the rule that is removed

    def trusting(event: Any, settings: Any, largest: int, **known: Any) -> Any:
        found = request(event, settings, largest, **known)
        host = found.headers.get("x-forwarded-host", "")
        return replace(found, base_url=f"https://{host}") if host else found

    return ((api, "_request", trusting),)


def _user_of_query() -> tuple[Patch, ...]:
    request = api._request  # noqa: SLF001 - the rule that is removed

    def trusting(event: Any, settings: Any, largest: int, **known: Any) -> Any:
        found = request(event, settings, largest, **known)
        user = found.query.get("user_id")
        return replace(found, owner=Owner(found.tenant, user)) if user else found

    return ((api, "_request", trusting),)


def _no_signature() -> tuple[Patch, ...]:
    return ((ingest_handler, "verify", _anything),)


def _old_signatures() -> tuple[Patch, ...]:
    from topk.domain import signature

    return ((signature, "WINDOW_SECONDS", 10**9),)


def _no_rate_limit() -> tuple[Patch, ...]:
    return ((RateLimit, "charge", _anything),)


def _any_deletion() -> tuple[Patch, ...]:
    from functions.privacy import handler

    return ((handler, "delete_song", _anything),)


def _any_export() -> tuple[Patch, ...]:
    return ((export, "_not_too_soon", _anything),)


def _cached() -> tuple[Patch, ...]:
    headers = {**api._HEADERS, "cache-control": "public, max-age=600"}  # noqa: SLF001
    return ((api, "_HEADERS", headers),)


TOKEN = Guard("issuer, audience, signature and expiry of tokens", _no_verification)
USERS_ONLY = Guard("a server token and a malformed subject are no user", _no_server_check)
SCOPE = Guard("scope of server tokens", _no_scope)
VISIBILITY = Guard("visibility on every read", _no_visibility)
CONSENT = Guard("consent of the followed user", _no_consent)
REQUESTED = Guard("only requests are accepted", _no_request_needed)
BLOCKS = Guard("blocked users look unknown", _blocks_forgotten)
HOST = Guard("the host app decides", _host_overruled)
HOST_EDGES = Guard("users end only what they agreed on", _users_end_it)
PATHS = Guard("a confirmation is of one provider", _any_path)
REPORTS = Guard("most reports in a list", _no_most_reports)
SIZE = Guard("size of the body, before it is parsed", _no_size)
BODIES = Guard("strict decoding of bodies", _loose_bodies)
PARAMETERS = Guard("strict query parameters", _loose_parameters)
IDS = Guard("format of user ids", _loose_ids)
ZONES = Guard("time zones of the IANA list", _loose_zones)
RETURNS = Guard("exact return addresses", _any_return)
HANDSHAKES = Guard("limit of open handshakes", _many_handshakes)
SINGLE_USE = Guard("a state is used once", _states_kept)
STATES = Guard("a state that was issued", _any_state)
ADDRESS = Guard("a state is of one provider and tenant", _no_address_check)
LENGTHS = Guard("length of callback parameters", _no_parameter_limit)
CONFIRMED = Guard("confirmed by the user who began", _anyone_confirms)
HOST_HEADER = Guard("addresses from the deployment, not from headers", _host_header)
FROM_TOKEN = Guard("user and tenant come from the token", _user_of_query)
SIGNATURE = Guard("HMAC of pushes", _no_signature)
MOMENT = Guard("age of a signature", _old_signatures)
RATE = Guard("rate limit per user", _no_rate_limit)
HEARD = Guard("only songs that were played are deleted", _any_deletion)
EXPORTS = Guard("interval between exports", _any_export)
PRIVATE = Guard("responses are not cached", _cached)
