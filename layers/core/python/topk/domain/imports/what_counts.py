"""Whether a record of a history counts as a play."""

LEAST_SECONDS = 30
ENOUGH_SECONDS = 240


def counts(*, played: float | None, duration: float = 0, skipped: bool = False) -> bool:
    """Half of the song or four minutes of it, whichever is less, and at least 30 seconds.

    `played` is how many seconds the user listened, None if the source does not report it; then
    its mark of a skipped song decides. `duration` is the length of the song, 0 if unknown.
    Source: last.fm/api/scrobbling#when-is-a-scrobble-a-scrobble.
    """
    if played is None:
        return not skipped
    half = duration / 2 if duration > 0 else 0
    return played >= max(min(half, ENOUGH_SECONDS), LEAST_SECONDS)
