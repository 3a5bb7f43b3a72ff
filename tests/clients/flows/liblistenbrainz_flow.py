"""liblistenbrainz: a user's token, and the listens of any user."""

from collections.abc import Callable
from typing import Any

import liblistenbrainz
from liblistenbrainz.errors import InvalidAuthTokenException, ListenBrainzAPIException


def _client(token: str = "") -> liblistenbrainz.ListenBrainz:
    client = liblistenbrainz.ListenBrainz()
    if token:
        client.set_auth_token(token, check_validity=False)
    return client


def validate(token: str) -> Any:
    """Whether the client accepts the token as a user's."""
    try:
        liblistenbrainz.ListenBrainz().set_auth_token(token)
    except InvalidAuthTokenException:
        return False
    return True


def history(user: str, count: int, token: str = "") -> Any:
    """All listens, latest first, page by page with `max_ts`."""
    client = _client(token)
    found: list[Any] = []
    before = None
    while page := client.get_listens(user, max_ts=before, count=count):
        found += [_shown(listen) for listen in page]
        before = page[-1].listened_at
    return found


def page(user: str, **query: int) -> Any:
    return _tried(lambda: [_shown(listen) for listen in _client().get_listens(user, **query)])


def now_playing(user: str) -> Any:
    playing = _client().get_playing_now(user)
    return playing and [playing.artist_name, playing.track_name, playing.listened_at]


def count(user: str) -> Any:
    return _tried(lambda: _client().get_user_listen_count(user))


def submit(token: str, listens: list[dict[str, Any]], kind: str = "import") -> Any:
    """What the server answers to a submission."""
    client = _client(token)
    given = [liblistenbrainz.Listen(**one) for one in listens]
    submits = {
        "import": lambda: client.submit_multiple_listens(given),
        "single": lambda: client.submit_single_listen(given[0]),
        "playing_now": lambda: client.submit_playing_now(given[0]),
    }
    return _tried(submits[kind])


def delete(token: str, user: str, title: str) -> Any:
    """Delete the latest listen of `title`."""
    client = _client(token)
    listens = client.get_listens(user, count=100)
    (found,) = [listen for listen in listens if listen.track_name == title][:1]
    return _tried(lambda: client.delete_listen(found))


def own(token: str, user: str) -> Any:
    """The listens and their number, read with the user's token."""
    client = _client(token)
    return _tried(
        lambda: {
            "count": client.get_user_listen_count(user),
            "listens": [_shown(listen) for listen in client.get_listens(user, count=100)],
        }
    )


def _shown(listen: liblistenbrainz.Listen) -> Any:
    return {
        "artist": listen.artist_name,
        "title": listen.track_name,
        "release": listen.release_name,
        "isrc": listen.isrc,
        "at": listen.listened_at,
        "recording_msid": listen.recording_msid,
    }


def _tried(ask: Callable[[], Any]) -> Any:
    try:
        return ask()
    except ListenBrainzAPIException as refused:
        return {"error": refused.status_code, "message": refused.message}
