"""Top lists as the API shows them."""

from dataclasses import asdict
from typing import Any

from topk.domain.toplist.previous_weeks import Past
from topk.domain.toplist.ranking import RankedSong
from topk.domain.toplist.window import DAYS, Window
from topk.usecases.lists.read_list import Shown


def list_answer(shown: Shown, k: int) -> dict[str, Any]:
    """A list of at most `k` songs, with its window and completeness."""
    found = shown.top_list
    window = Window.ending(found.as_of, found.time_zone)
    return {
        "user_id": shown.owner.user,
        "as_of": found.as_of.isoformat(),
        "window": {"start": window.start, "end": window.end, "time_zone": window.time_zone},
        "completeness": _completeness(shown),
        "stale": shown.stale,
        "songs": [_song(shown, rank, song) for rank, song in enumerate(found.songs[:k], start=1)],
    }


def _completeness(shown: Shown) -> dict[str, Any]:
    known = shown.top_list.completeness
    told: dict[str, Any] = {
        "complete_days": known.complete_days,
        "of_days": DAYS,
        "suspected_gaps": [day.isoformat() for day in known.suspected_gaps],
        "inferred_share": known.inferred_share,
    }
    if shown.alerts is not None:
        told["providers_needing_attention"] = [asdict(one) for one in shown.alerts]
        told["duplicate_accounts"] = known.duplicates
    return told


def _song(shown: Shown, rank: int, song: RankedSong) -> dict[str, Any]:
    past = shown.top_list.past or Past()
    told: dict[str, Any] = {
        "song_id": song.song_id,
        "title": song.title,
        "description": description(song),
        "singers": song.singers,
        "albums": song.albums,
        "listen_count": song.listen_count,
        "url": song.url,
        "thumbnail_image": song.image,
        "providers": song.providers,
        "movement": asdict(past.movement(song, rank)),
        "weeks_at_top": past.weeks_at_top(song, rank),
    }
    if shown.hidden is not None:
        told["hidden"] = shown.hidden.hides(song)
    return told


def description(song: RankedSong) -> str:
    by = f"{song.title} by {', '.join(song.singers)}" if song.singers else song.title
    return f"{by}, from {song.albums[0]}" if song.albums else by
