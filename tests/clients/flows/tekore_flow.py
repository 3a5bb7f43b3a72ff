"""Tekore: the authorization code flow, with and without PKCE, and the recently played tracks."""

from typing import Any

import listener
import tekore

SCOPE = tekore.Scope("user-read-recently-played", "user-read-private")


def _credentials(app: dict[str, str]) -> tekore.Credentials:
    return tekore.Credentials(**app)


def connect(app: dict[str, str], account: str) -> Any:
    """A confidential client's tokens, by the client's own walk through the flow."""
    consent = tekore.UserAuth(_credentials(app), SCOPE)
    return _shown(consent.request_token(url=listener.answer(consent.url, account)))


def connect_public(app: dict[str, str], account: str) -> Any:
    """A public client's tokens, by PKCE."""
    consent = tekore.UserAuth(_credentials(_named(app)), SCOPE, pkce=True)
    return _shown(consent.request_token(url=listener.answer(consent.url, account)))


def refresh(app: dict[str, str], token: str) -> Any:
    return _renewed(lambda: _credentials(app).refresh_user_token(token))


def refresh_public(app: dict[str, str], token: str) -> Any:
    return _renewed(lambda: _credentials(_named(app)).refresh_pkce_token(token))


def history(token: str, limit: int) -> Any:
    """Every play of every page, through the client's own models."""
    spotify = tekore.Spotify(token)
    page = spotify.playback_recently_played(limit=limit)
    plays, pages = [], 0
    while page is not None:
        pages += 1
        plays += [(play.track.id, play.played_at.timestamp()) for play in page.items]
        page = spotify.next(page)
    return {"plays": plays, "pages": pages}


def page(token: str, **query: int) -> Any:
    """How many plays are on one page, or the kind of error that the client raises."""
    try:
        return {"plays": len(tekore.Spotify(token).playback_recently_played(**query).items)}
    except tekore.HTTPError as refused:
        return {"error": type(refused).__name__, "message": str(refused)}


def _named(app: dict[str, str]) -> dict[str, str]:
    return {name: value for name, value in app.items() if name != "client_secret"}


def _renewed(ask: Any) -> Any:
    try:
        return _shown(ask())
    except tekore.HTTPError as refused:
        return {"error": type(refused).__name__, "message": str(refused)}


def _shown(token: tekore.Token) -> Any:
    return {
        "access_token": token.access_token,
        "refresh_token": token.refresh_token,
        "scope": sorted(map(str, token.scope)),
        "expires_in": token.expires_in,
    }
