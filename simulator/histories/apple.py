"""Apple Media Services: Apple Music Play Activity and Play History Daily Tracks."""

from collections.abc import Sequence
from datetime import UTC, datetime

from simulator.histories.listening import Played
from simulator.histories.writer import NOW, Writer, by_rule, by_seconds, iso, number_of, row

_FOLDER = "Apple_Media_Services/Apple Music Activity"
_ACTIVITY = (
    *("Album Name", "Artist Name", "Song Name", "Event Type", "Event Start Timestamp"),
    *("Event End Timestamp", "End Reason Type", "Media Type"),
    *("Media Duration In Milliseconds", "Play Duration Milliseconds"),
)


def _activity(one: Played, kind: str = "PLAY_END", media: str = "AUDIO", title: str = "") -> str:
    reason = "TRACK_SKIPPED_FORWARDS" if one.skipped else "NATURAL_END_OF_TRACK"
    return row(
        *(one.album, "", title or one.title, kind, f"{iso(one.started)[:-1]}.120Z"),
        *(iso(one.ended), reason, media, one.length * 1000, one.seconds * 1000),
    )


_DAILY = (
    *("Country", "Track Identifier", "Media type", "Date Played", "Hours"),
    *("Play Duration Milliseconds", "End Reason Type", "Source Type", "Play Count", "Skip Count"),
    *("Ignore For Recommendations", "Track Reference", "Track Description"),
)


def daily(one: Played, *, plays: int = 1, media: str = "AUDIO") -> str:
    moment = datetime.fromtimestamp(one.started, UTC)
    reason = "NATURAL_END_OF_TRACK" if plays else "TRACK_SKIPPED_FORWARDS"
    return row(
        *("Germany", number_of(one.title) % 10**9, media, moment.strftime("%Y%m%d"), moment.hour),
        *(one.seconds * 1000 * plays, reason, "IPHONE", plays, 0 if plays else 1),
        *("", one.started, f"{one.artist} - {one.title}"),
    )


def daily_names(plays: Sequence[Played]) -> str:
    """The file beside Play Activity that names the artists."""
    songs = {(one.title, one.artist): one for one in plays}
    return "\r\n".join([row(*_DAILY), *map(daily, songs.values()), ""])


PLAY_ACTIVITY = Writer(
    "apple_play_activity",
    f"{_FOLDER}/Apple Music Play Activity.csv",
    _activity,
    before=f"{row(*_ACTIVITY)}\r\n",
    between="\r\n",
    after="\r\n",
    not_songs=(_activity(NOW, "PLAY_START"), _activity(NOW, media="VIDEO")),
    unreadable=(_activity(NOW, title="A song of no artist"), "A row that was cut"),
    counts=by_rule,
    encoding="utf-8-sig",
    beside={f"{_FOLDER}/Apple Music - Play History Daily Tracks.csv": daily_names},
)
DAILY_TRACKS = Writer(
    "apple_daily_tracks",
    f"{_FOLDER}/Apple Music - Play History Daily Tracks.csv",
    daily,
    before=f"{row(*_DAILY)}\n",
    between="\n",
    after="\n",
    not_songs=(daily(NOW, media="VIDEO"),),
    unreadable=(row(*[""] * 3, "never", *[""] * 8, "A - B"), row(*[""] * 12, "No separator")),
    counts=by_seconds,
)
