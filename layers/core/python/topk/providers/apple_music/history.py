"""Apple Media Services: "Apple Music Play Activity" and "Play History Daily Tracks".

Source: the documentation in the download, and exports that users of public readers reported. Play
Activity has a row for each event of the player, of which PLAY_END is a play; times are in UTC. It
names the artist in old downloads alone. Daily Tracks has the plays of each song and day, and names
artist and title as `Artist - Title`; in a download with both files, it is where the artists are
from, and its plays are those of Play Activity.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime
from hashlib import blake2b
from typing import Any

from topk.domain.imports.reading import Left, Record
from topk.domain.play import Play, Precision, Track
from topk.providers.histories import fields
from topk.providers.histories.fields import UnusableError
from topk.providers.histories.formats import Format, Read, Surroundings

PROVIDER = "apple_music_import"
"""Apart from the crawled account, whose plays have no times: they would not pair with these, and
two providers are compared as a whole.
"""
MOST_TITLES = 300_000
"""Of which the artists are remembered, about 60 MB."""
MOST_A_DAY = 500
_PLAYED = frozenset({"", "PLAY_END", "PLAY", "END"})
_SKIPS = frozenset({"TRACK_SKIPPED_FORWARDS", "TRACK_SKIPPED_BACKWARDS", "FAILED_TO_LOAD"})
_TITLES = ("song name", "content name", "track name")
_ARTISTS = ("artist name", "artist", "container artist name")
_STARTS = ("event start timestamp",)
_ENDS = ("event end timestamp", "event timestamp")
_HOUR = re.compile(r"\d{1,2}")

_Row = Mapping[str, str]


def _is_activity(sample: Sequence[Any]) -> bool:
    names = _names(sample[0])
    return bool(names & set(_TITLES)) and bool(names & {*_STARTS, *_ENDS})


def _is_daily(sample: Sequence[Any]) -> bool:
    return _names(sample[0]) >= {"track description", "date played"}


def _names(header: Sequence[str]) -> set[str]:
    return {name.strip().lower() for name in header}


def _named(header: Sequence[str], row: Sequence[str]) -> _Row:
    if len(row) < 2:
        raise UnusableError(Left.MALFORMED)
    return {name.strip().lower(): field.strip() for name, field in zip(header, row, strict=False)}


def _first(row: _Row, names: Iterable[str]) -> str:
    return next((row[name] for name in names if row.get(name)), "")


def _activity_reader(sample: Sequence[Any], around: Surroundings) -> Read:
    header = sample[0]

    def read(row: Sequence[str]) -> Record:
        return _activity(_named(header, row), around)

    return read


def _activity(row: _Row, around: Surroundings) -> Record:
    if row.get("event type", "").upper() not in _PLAYED:
        return Record(left=Left.ACTIVITY)
    if "VIDEO" in row.get("media type", "").upper():
        return Record(left=Left.VIDEO)
    length = fields.seconds_of(row.get("media duration in milliseconds"))
    played = fields.seconds_of(row.get("play duration milliseconds"))
    if played is not None and length:
        played = min(played, length)
    title = fields.name(_first(row, _TITLES), Left.DELETED)
    track = Track(
        track_id="",
        title=title,
        artists=(_artist(row, title, around),),
        album=fields.detail(_first(row, ("album name", "container album name"))),
        duration=fields.duration_of(length),
    )
    skipped = row.get("end reason type", "").upper() in _SKIPS
    return Record((_play(row, track),), played, skipped)


def _artist(row: _Row, title: str, around: Surroundings) -> str:
    named = _first(row, _ARTISTS) or around.artists.get(title.casefold(), "")
    return fields.name(named, Left.ARTIST)


def _play(row: _Row, track: Track) -> Play:
    started = _first(row, _STARTS)
    if started:
        return Play(PROVIDER, track, fields.instant(started), Precision.EXACT)
    return Play(PROVIDER, track, fields.instant(_first(row, _ENDS)), Precision.END)


def _daily_reader(sample: Sequence[Any], around: Surroundings) -> Read:
    header = sample[0]

    def read(row: Sequence[str]) -> Record:
        if around.has_every_play:
            return Record(left=Left.SUMMARY)
        return _daily(_named(header, row), row)

    return read


def _daily(row: _Row, given: Sequence[str]) -> Record:
    """The plays of a song on a day, a second apart: their time is not known."""
    if "VIDEO" in row.get("media type", "").upper():
        return Record(left=Left.VIDEO)
    artist, title = _apart(row["track description"])
    count = fields.number(row.get("play count"))
    number = 1 if count is None else int(count)
    if not 0 <= number <= MOST_A_DAY:
        raise UnusableError(Left.MALFORMED)
    first = _day(row["date played"]) + _hour(row.get("hours", "")) * 3600 + _spread(given)
    track = Track("", title, (artist,))
    plays = tuple(Play(PROVIDER, track, first + at, Precision.DAY) for at in range(max(number, 1)))
    played = fields.seconds_of(row.get("play duration milliseconds"))
    each = None if played is None else played / max(number, 1)
    return Record(plays, 0 if number == 0 else each, skipped=number == 0)


def _apart(description: str) -> tuple[str, str]:
    """Artist and title. Titles contain the separator more often than artists."""
    artist, separator, title = description.partition(" - ")
    if not separator:
        raise UnusableError(Left.ARTIST)
    return fields.name(artist, Left.ARTIST), fields.name(title, Left.TITLE)


def _day(text: str) -> int:
    """The start of a day such as 20240105 or 2024-01-05, as if in UTC."""
    try:
        day = datetime.strptime(text.replace("-", ""), "%Y%m%d").replace(tzinfo=UTC)
    except ValueError:
        raise UnusableError(Left.TIME) from None
    return fields.plausible(int(day.timestamp()))


def _hour(hours: str) -> int:
    """The first of the hours in which the song was played, noon if there is none."""
    found = _HOUR.search(hours)
    return min(int(found.group()), 23) if found else 12


def _spread(row: Sequence[str]) -> int:
    """Seconds within the hour by which rows of one song and hour differ."""
    digest = blake2b("\n".join(row).encode("utf-8", "replace"), digest_size=4).digest()
    return int.from_bytes(digest) % (3600 - MOST_A_DAY)


def artists_by_title(rows: Iterable[Sequence[str]], artists: dict[str, str]) -> None:
    """Add the artist of each title of a Daily Tracks file; empty where a title has several."""
    header: Sequence[str] = ()
    for row in rows:
        if not header:
            header = row
            continue
        if len(artists) >= MOST_TITLES:
            return
        try:
            artist, title = _apart(_named(header, row)["track description"])
        except (UnusableError, KeyError):
            continue
        known = artists.setdefault(title.casefold(), artist)
        if known.casefold() != artist.casefold():
            artists[title.casefold()] = ""


PLAY_ACTIVITY = Format("apple_play_activity", _is_activity, _activity_reader, has_header=True)
DAILY_TRACKS = Format("apple_daily_tracks", _is_daily, _daily_reader, has_header=True)
