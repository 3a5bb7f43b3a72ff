"""pylast: web authentication and the scrobbles of an account, all by POST and in XML."""

from collections.abc import Callable
from contextlib import suppress
from typing import Any
from urllib.error import HTTPError

import listener
import pylast


def _network(app: dict[str, str], session_key: str = "") -> pylast.LastFMNetwork:
    return pylast.LastFMNetwork(**app, session_key=session_key)


def connect(app: dict[str, str], account: str, decision: str = "allow") -> Any:
    """The session of an account that allowed it, in the way of desktop applications."""
    generator = pylast.SessionKeyGenerator(_network(app))

    def session() -> Any:
        url = generator.get_web_auth_url()
        listener.answer(url, account, decision)
        key, name = generator.get_web_auth_session_key_username(url)
        return {"session_key": key, "name": name}

    return _tried(session)


def redeem(app: dict[str, str], token: str) -> Any:
    """The session for a token that came back to a web application."""
    generator = pylast.SessionKeyGenerator(_network(app))
    return _tried(lambda: generator.get_web_auth_session_key_username(None, token))


def sign_in(app: dict[str, str], user: str, password: str) -> Any:
    """The session of a user name and a password, of which only a digest is sent."""
    generator = pylast.SessionKeyGenerator(_network(app))
    return _tried(lambda: generator.get_session_key(user, pylast.md5(password)))


def connect_with(app: dict[str, str], personal_token: str) -> Any:
    """The session that a user allows with a personal token in the browser."""
    generator = pylast.SessionKeyGenerator(_network(app))

    def session() -> Any:
        url = generator.get_web_auth_url()
        with suppress(HTTPError):  # The page that says that the token is wrong.
            listener.answer(url, "", personal_token=personal_token)
        key, name = generator.get_web_auth_session_key_username(url)
        return {"session_key": key, "name": name}

    return _tried(session)


def scrobble(app: dict[str, str], session_key: str, tracks: list[dict[str, Any]]) -> Any:
    """Scrobble one track, or several in batches."""
    network = _network(app, session_key)
    if len(tracks) == 1:
        return _tried(lambda: network.scrobble(**tracks[0]))
    return _tried(lambda: network.scrobble_many(tracks))


def play(app: dict[str, str], session_key: str, artist: str, title: str) -> Any:
    return _tried(lambda: _network(app, session_key).update_now_playing(artist, title))


def account(app: dict[str, str], session_key: str) -> Any:
    """What the account says of itself."""
    user = _network(app, session_key).get_authenticated_user()
    return {
        "name": user.get_name(),
        "playcount": user.get_playcount(),
        "registered": user.get_unixtime_registered(),
    }


def history(app: dict[str, str], user: str, session_key: str = "", **span: int | None) -> Any:
    """The scrobbles within `time_from` and `time_to`, at most `limit`; all where that is None."""
    scrobbler = _network(app, session_key).get_user(user)
    return _tried(
        lambda: [
            {
                "artist": str(play.track.artist),
                "title": play.track.title,
                "album": play.album,
                "at": int(play.timestamp),
            }
            for play in scrobbler.get_recent_tracks(**span)
        ]
    )


def now_playing(app: dict[str, str], user: str) -> Any:
    playing = _network(app).get_user(user).get_now_playing()
    return playing and [str(playing.artist), playing.title]


def _tried(ask: Callable[[], Any]) -> Any:
    try:
        return ask()
    except pylast.WSError as refused:
        return {"error": str(refused.get_id()), "message": refused.details}
