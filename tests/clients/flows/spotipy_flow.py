"""Spotipy: the authorization code flow, with and without PKCE, and the recently played tracks."""

from typing import Any

import listener
from spotipy import Spotify, SpotifyException
from spotipy.cache_handler import MemoryCacheHandler
from spotipy.oauth2 import SpotifyOAuth, SpotifyOauthError, SpotifyPKCE
from waiting import WAITS

SCOPES = "user-read-recently-played user-read-private"


def _confidential(app: dict[str, str]) -> SpotifyOAuth:
    return SpotifyOAuth(
        **app, scope=SCOPES, cache_handler=MemoryCacheHandler(), open_browser=False, state="s-1"
    )


def _public(app: dict[str, str]) -> SpotifyPKCE:
    named = {name: value for name, value in app.items() if name != "client_secret"}
    return SpotifyPKCE(**named, scope=SCOPES, cache_handler=MemoryCacheHandler())


def connect(app: dict[str, str], account: str, decision: str = "allow") -> Any:
    """A confidential client's tokens, and the state that came back."""
    oauth = _confidential(app)
    back = listener.answer(oauth.get_authorize_url(), account, decision)
    try:
        state, code = oauth.parse_auth_response_url(back)
        token = oauth.get_access_token(code, check_cache=False)
    except SpotifyOauthError as refused:
        return _refusal(refused)
    return {"state": state, "token": token}


def connect_public(app: dict[str, str], account: str) -> Any:
    """A public client's tokens: it has no secret and proves itself by PKCE."""
    oauth = _public(app)
    code = oauth.parse_response_code(listener.answer(oauth.get_authorize_url(), account))
    oauth.get_access_token(code, check_cache=False)
    return {"token": oauth.cache_handler.get_cached_token()}


def refresh(app: dict[str, str], token: str) -> Any:
    return _renewed(_confidential(app), token)


def refresh_public(app: dict[str, str], token: str) -> Any:
    return _renewed(_public(app), token)


def redeem(app: dict[str, str], code: str) -> Any:
    try:
        return {"token": _confidential(app).get_access_token(code, check_cache=False)}
    except SpotifyOauthError as refused:
        return _refusal(refused)


def history(token: str, limit: int) -> Any:
    """Every page that `next` leads to, as the client returns it."""
    spotify = Spotify(auth=token, retries=0)
    pages = [spotify.current_user_recently_played(limit=limit)]
    while pages[-1]["next"]:
        pages.append(spotify.next(pages[-1]))
    return pages


def page(token: str, retries: int = 0, **query: int) -> Any:
    """One page, or the error that the client makes of the refusal and how long it waited for it."""
    try:
        return Spotify(auth=token, retries=retries).current_user_recently_played(**query)
    except SpotifyException as refused:
        return {
            "status": refused.http_status,
            "message": refused.msg.partition(":\n ")[2],
            "reason": str(refused.reason),
            "waited": sum(WAITS),
        }


def _renewed(oauth: SpotifyOAuth | SpotifyPKCE, token: str) -> Any:
    try:
        return {"token": oauth.refresh_access_token(token)}
    except SpotifyOauthError as refused:
        return _refusal(refused)


def _refusal(refused: SpotifyOauthError) -> Any:
    return {"error": refused.error, "description": refused.error_description}
