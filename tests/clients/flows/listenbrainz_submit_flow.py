"""listenbrainz-submit: what plug-ins of players push with a user's token."""

from typing import Any

from listenbrainz_submit import ListenBrainzClient, Track


def submit(token: str, listens: list[dict[str, Any]], kind: str = "import") -> Any:
    """The status of a submission."""
    client = ListenBrainzClient(user_token=token)
    tracks = [(one["listened_at"], Track.from_dict(one)) for one in listens]
    match kind:
        case "import":
            return client.import_tracks(tracks).status
        case "playing_now":
            return client.playing_now(tracks[0][1]).status
        case _:
            return [client.listen(at, track).status for at, track in tracks]
