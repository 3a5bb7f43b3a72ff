"""Exports of Last.fm scrobbles by the usual tools; Last.fm itself has none.

- lastfm.ghan.nl: CSV with `uts,utc_time,artist,...`, and JSON with the pages of the API
  (`user.getRecentTracks`).
- benjaminbenben.com/lastfm-to-csv: CSV without a header, `artist,album,track,"06 Sep 2026, 14:23"`.
- lastfmstats.com: CSV `Artist;Album;AlbumId;Track;Date#user`, and JSON with `scrobbles`; both with
  milliseconds.

Times are the start of a play, in UTC; those that end with a minute are taken for its middle. A
scrobble has no duration: Last.fm's clients have decided what counts. Songs that were playing during
the export have no time, and are no play yet.
"""

import re
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from topk.domain.imports.reading import Left, Record
from topk.domain.play import Play, Precision, Track
from topk.providers.histories import fields
from topk.providers.histories.fields import UnusableError
from topk.providers.histories.formats import Format, Read, Surroundings, stateless

PROVIDER = "lastfm"
_MINUTES = ("%d %b %Y, %H:%M", "%d %b %Y %H:%M", "%Y-%m-%d %H:%M")
_SECONDS = ("%d %b %Y, %H:%M:%S", "%d %b %Y %H:%M:%S", "%Y-%m-%d %H:%M:%S")
_DATE = re.compile(r"\d{1,2} [A-Z][a-z]{2} \d{4},? \d{2}:\d{2}(:\d{2})?")
_COLUMNS: Mapping[str, tuple[str, ...]] = {
    "title": ("track", "name", "title", "song"),
    "artist": ("artist", "artist name"),
    "album": ("album", "album name"),
    "mbid": ("track_mbid",),
    "time": ("uts", "timestamp", "date", "utc_time", "time"),
}


def _play(title: Any, artist: Any, album: Any, moment: int, mbid: Any = "") -> Record:
    track = Track(
        track_id=fields.detail(mbid),
        title=fields.name(title, Left.TITLE),
        artists=(fields.name(artist, Left.ARTIST),),
        album=fields.detail(album),
    )
    return Record((Play(PROVIDER, track, moment, Precision.EXACT),))


def _moment(value: Any) -> int:
    """Epoch seconds of a number or of a date as the tools write it. Raises UnusableError."""
    if fields.number(value) is not None:
        return fields.epoch(value)
    text = str(value or "").strip()
    for forms, middle in ((_MINUTES, 30), (_SECONDS, 0)):
        for form in forms:
            try:
                found = datetime.strptime(text, form).replace(tzinfo=UTC)
            except ValueError:
                continue
            return fields.plausible(int(found.timestamp()) + middle)
    return fields.instant(text)


def _columns(header: Sequence[str]) -> dict[str, int]:
    """The column of each part of a scrobble."""
    names = [name.strip().lower().partition("#")[0] for name in header]
    found = {}
    for part, spellings in _COLUMNS.items():
        at = next((names.index(one) for one in spellings if one in names), None)
        if at is not None:
            found[part] = at
    return found


def _is_header(row: Sequence[Any]) -> bool:
    return _columns(row).keys() >= {"title", "artist", "time"}


def _fits_csv(sample: Sequence[Any]) -> bool:
    return _is_header(sample[0])


def _fits_plain(sample: Sequence[Any]) -> bool:
    return any(_dated(row) is not None for row in sample)


def _dated(row: Sequence[str]) -> int | None:
    """The column of the date in a row of a file without a header."""
    return next((at for at, one in enumerate(row) if at > 2 and _DATE.fullmatch(one.strip())), None)


def _csv_reader(sample: Sequence[Any], _around: Surroundings) -> Read:
    columns = _columns(sample[0])

    def read(row: Sequence[str]) -> Record:
        values = {part: row[at] if at < len(row) else "" for part, at in columns.items()}
        return _play(
            values["title"],
            values["artist"],
            values.get("album"),
            _moment(values["time"]),
            values.get("mbid"),
        )

    return read


def _without_header(row: Sequence[str]) -> Record:
    at = _dated(row)
    if at is None:
        raise UnusableError(Left.TIME)
    artist, album, title = row[0], row[1], row[2]
    return _play(title, artist, album, _moment(row[at]))


def _pages(value: Any) -> Sequence[Any]:
    """The scrobbles of a page of the API, or one that is alone."""
    page = value.get("recenttracks", value) if isinstance(value, Mapping) else value
    tracks = page.get("track") if isinstance(page, Mapping) else None
    if isinstance(tracks, list):
        return tracks
    return [tracks] if isinstance(tracks, Mapping) else [value]


def _is_scrobble(item: Any) -> bool:
    return isinstance(item, dict) and "name" in item and isinstance(item.get("artist"), dict)


def _fits_json(sample: Sequence[Any]) -> bool:
    return any(_is_scrobble(item) for value in sample for item in _pages(value))


def _api(item: Any) -> Record:
    if (item.get("@attr") or {}).get("nowplaying"):
        return Record(left=Left.ACTIVITY)
    date = item.get("date") or {}
    moment = _moment(date.get("uts") or date.get("#text"))
    album = item.get("album")
    return _play(
        item["name"], _text(item["artist"]), _text(album) if album else "", moment, item.get("mbid")
    )


def _text(named: Any) -> Any:
    return named.get("#text") or named.get("name")


def _stats(item: Any) -> Record:
    return _play(item["track"], item["artist"], item.get("album"), _moment(item["date"]))


def _fits_stats(sample: Sequence[Any]) -> bool:
    wanted = {"track", "artist", "date"}
    return any(
        isinstance(one, dict) and one.keys() >= wanted and isinstance(one["track"], str)
        for one in sample
    )


LASTFM_CSV = Format("lastfm_csv", _fits_csv, _csv_reader, has_header=True)
LASTFM_PLAIN_CSV = Format("lastfm_plain_csv", _fits_plain, stateless(_without_header))
LASTFM_JSON = Format("lastfm_json", _fits_json, stateless(_api), expand=_pages)
LASTFMSTATS_JSON = Format("lastfmstats_json", _fits_stats, stateless(_stats))
