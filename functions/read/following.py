"""Lists and shared songs of users that the caller follows."""

from typing import Any

from functions.read.parameters import after, cursor, how_many, service_of
from functions.read.presentation import description, list_answer
from functions.read.wiring import reading
from topk.domain.toplist.shared_songs import SharedSong
from topk.runtime.api import Answer, Request
from topk.usecases.lists.read_following import read_following, read_shared_songs


def top_of_following(request: Request) -> Answer:
    k, service = how_many(request), service_of(request)
    parts = reading()
    page = read_following(
        request.user,
        after=after(request),
        follows=parts.follows,
        visible_lists=parts.visible_lists,
        feed_orders=parts.feed_orders,
        refreshing=parts.refreshing,
        now=request.now,
    )
    return Answer(
        body={
            "lists": [list_answer(shown, k, service or page.service) for shown in page.lists],
            "cursor": page.cursor and cursor(page.cursor),
        }
    )


def songs_of_following(request: Request) -> Answer:
    k = how_many(request)
    parts = reading()
    found = read_shared_songs(
        request.user, follows=parts.follows, visible_lists=parts.visible_lists, now=request.now
    )
    return Answer(body={"songs": [_song(one) for one in found[:k]]})


def _song(shared: SharedSong) -> dict[str, Any]:
    song = shared.song
    return {
        "song_id": song.song_id,
        "title": song.title,
        "description": description(song),
        "singers": song.singers,
        "albums": song.albums,
        "url": song.url,
        "thumbnail_image": song.image,
        "listeners_at_least": shared.at_least,
    }
