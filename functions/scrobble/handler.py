"""Plays that users bring: personal tokens, players' protocols, and imports of histories.

See docs/scrobblers.md and docs/imports.md.
"""

from typing import Any

from functions.scrobble import audioscrobbler, consent, lastfm, listenbrainz
from functions.scrobble.imports import add_import, begin_reading, show_import, show_imports
from functions.scrobble.tokens import add_token, remove_token, show_tokens
from functions.scrobble.wiring import scrobbling
from topk.domain.limits import LARGEST_BODY, LARGEST_SCROBBLES_BODY
from topk.runtime.api import Route, respond
from topk.runtime.rate_limited import rate_limited
from topk.runtime.snapshot import prepare


def lambda_handler(event: dict[str, Any], _context: Any) -> dict[str, Any]:
    own = event["routeKey"] in _SIGNED_IN
    largest = LARGEST_BODY if own else LARGEST_SCROBBLES_BODY
    return respond(
        event,
        _ROUTES,
        scrobbling().settings,
        without_token=_FOR_PLAYERS,
        largest_body=largest,
    )


def _limited(route: Route) -> Route:
    return rate_limited(route, lambda: scrobbling().rate_limit)


_SIGNED_IN = {
    "GET /v1/me/tokens": show_tokens,
    "POST /v1/me/tokens": _limited(add_token),
    "DELETE /v1/me/tokens/{token_id}": _limited(remove_token),
    "GET /v1/me/imports": show_imports,
    "POST /v1/me/imports": _limited(add_import),
    "GET /v1/me/imports/{import_id}": show_import,
    "POST /v1/me/imports/{import_id}/start": _limited(begin_reading),
}
_FOR_PLAYERS = {
    **listenbrainz.ROUTES,
    **lastfm.ROUTES,
    **consent.ROUTES,
    **audioscrobbler.ROUTES,
}
"""The personal token is in each call, in the form of the player's protocol."""
_ROUTES = {**_SIGNED_IN, **_FOR_PLAYERS}


prepare(scrobbling, clients=["s3", "sqs"])
