"""Top lists as the API shows them."""

from dataclasses import asdict
from typing import Any

from functions.read.service_links import link_at
from topk.domain.account.alerts import AccountAlert
from topk.domain.privacy.hidden import Hidden
from topk.domain.toplist.albums import RankedAlbum
from topk.domain.toplist.artists import RankedArtist
from topk.domain.toplist.completeness import Completeness
from topk.domain.toplist.previous_weeks import Past
from topk.domain.toplist.ranking import RankedSong
from topk.domain.toplist.tops import Of
from topk.domain.toplist.window import Span, Window
from topk.usecases.lists.read_list import Shown
from topk.usecases.lists.read_top import Asked, ShownTops

_Alerts = tuple[AccountAlert, ...] | None


def top_answer(shown: Shown | ShownTops, asked: Asked, service: str = "") -> dict[str, Any]:
    """At most `k` of the songs, artists or albums that are asked for; links lead to `service`."""
    if isinstance(shown, Shown):
        return list_answer(shown, asked.k, service)
    return _tops(shown, asked, service)


def list_answer(shown: Shown, k: int, service: str = "") -> dict[str, Any]:
    """A list of at most `k` songs, with its window and completeness; links lead to `service`."""
    found = shown.top_list
    window = Window.ending(found.as_of, found.time_zone)
    past = found.past or Past()
    return {
        **_owner(shown),
        "of": Of.SONGS,
        "as_of": found.as_of.isoformat(),
        "window": _window(Span.WEEK, window),
        "provisional": False,
        "completeness": _completeness(found.completeness, window, shown.alerts),
        "stale": shown.stale,
        "songs": [
            _song(song, shown.hidden, service)
            | {
                "movement": asdict(past.movement(song, rank)),
                "weeks_at_top": past.weeks_at_top(song, rank),
            }
            for rank, song in enumerate(found.songs[:k], start=1)
        ],
    }


def _tops(shown: ShownTops, asked: Asked, service: str) -> dict[str, Any]:
    tops = shown.tops
    is_today = tops.span is Span.TODAY
    told: dict[str, Any] = {
        **_owner(shown),
        "of": asked.of,
        "as_of": (tops.window.first if is_today else tops.window.as_of).isoformat(),
        "window": _window(tops.span, tops.window),
        "provisional": is_today,
        "completeness": _completeness(tops.completeness, tops.window, shown.alerts),
        "stale": False,
    }
    match asked.of:
        case Of.SONGS:
            songs = [_song(one, shown.hidden, service) for one in tops.songs[: asked.k]]
            return told | {"songs": songs}
        case Of.ARTISTS:
            artists = [_artist(one) for one in tops.artists[: asked.k]]
            return told | {"artists": artists, "plays_without_artist": tops.without_artist}
        case Of.ALBUMS:
            albums = [_album(one) for one in tops.albums[: asked.k]]
            return told | {"albums": albums, "plays_without_album": tops.without_album}


def _owner(shown: Shown | ShownTops) -> dict[str, Any]:
    """The id of the list's owner, and who that is if the host app says it."""
    person = shown.person
    return {
        "user_id": shown.owner.user,
        "name": person.name or None,
        "portrait": person.portrait or None,
    }


def _window(span: Span, window: Window) -> dict[str, Any]:
    return {
        "name": span,
        "start": window.start,
        "end": window.end,
        "time_zone": window.time_zone,
    }


def _completeness(known: Completeness, window: Window, alerts: _Alerts) -> dict[str, Any]:
    told: dict[str, Any] = {
        "complete_days": known.complete_days,
        "of_days": window.days,
        "suspected_gaps": [day.isoformat() for day in known.suspected_gaps],
        "inferred_share": known.inferred_share,
    }
    if alerts is not None:
        told["providers_needing_attention"] = [asdict(one) for one in alerts]
        told["duplicate_accounts"] = known.duplicates
    return told


def _song(song: RankedSong, hidden: Hidden | None, service: str) -> dict[str, Any]:
    told: dict[str, Any] = {
        "song_id": song.song_id,
        "title": song.title,
        "description": description(song),
        "singers": song.singers,
        "albums": song.albums,
        "listen_count": song.listen_count,
        "url": link_at(service, song.url, song.title, song.singers),
        "thumbnail_image": song.image,
        "providers": song.providers,
    }
    if hidden is not None:
        told["hidden"] = hidden.hides(song)
    return told


def _artist(artist: RankedArtist) -> dict[str, Any]:
    return {
        "artist_id": artist.artist_id,
        "name": artist.name,
        "listen_count": artist.listen_count,
        "song_count": artist.song_count,
        "thumbnail_image": artist.image,
        "providers": artist.providers,
    }


def _album(album: RankedAlbum) -> dict[str, Any]:
    return {
        "album_id": album.album_id,
        "title": album.title,
        "artist": album.artist,
        "listen_count": album.listen_count,
        "song_count": album.song_count,
        "thumbnail_image": album.image,
        "providers": album.providers,
    }


def description(song: RankedSong) -> str:
    by = f"{song.title} by {', '.join(song.singers)}" if song.singers else song.title
    return f"{by}, from {song.albums[0]}" if song.albums else by
