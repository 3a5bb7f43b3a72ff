"""No answer is larger than Lambda lets through, whatever text users brought."""

import json
from collections.abc import Callable

import msgspec
import pytest

from functions.read.presentation import list_answer
from tests.fakes import ANNA, NOON
from topk.domain.limits import LONGEST_ADDRESS, LONGEST_NAME, MOST_ARTISTS, MOST_KEPT_SONGS
from topk.domain.play import Play, Track, in_order
from topk.domain.privacy.hidden import NOTHING
from topk.domain.toplist.completeness import Completeness
from topk.domain.toplist.ranking import rank
from topk.domain.toplist.top_list import TopList
from topk.domain.toplist.window import Window
from topk.runtime.api import Answer, wire
from topk.usecases.lists.read_following import FEED_PAGE
from topk.usecases.lists.read_list import Shown

LAMBDA_BYTES = 6_291_456
"""docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html, "Invocation payload"."""


def _plays(character: str) -> list[Play]:
    """The largest that providers may report: each song on many albums."""
    text = character * (LONGEST_NAME - 2)
    return [
        Play(
            "spotify",
            Track(
                track_id=f"{song}-{album}",
                title=f"{song:02}{text}",
                artists=tuple(f"{n:02}{text}" for n in range(MOST_ARTISTS)),
                album=f"{album:02}{text}",
                url="https://a/".ljust(LONGEST_ADDRESS, character),
                image="https://a/".ljust(512, "a"),
            ),
            NOON - 2 * 86_400 - 600 * (5 * song + album),
        )
        for song in range(MOST_KEPT_SONGS + 1)
        for album in range(5)
    ]


def _short_names(character: str) -> list[Play]:
    artists = tuple(character for _ in range(MOST_ARTISTS))
    return [one._replace(track=one.track._replace(artists=artists)) for one in _plays(character)]


@pytest.mark.parametrize("character", ['"', "\\", "\x01", "ä", "👩"])
@pytest.mark.parametrize("plays", [_plays, _short_names])
def test_a_feed_of_the_largest_lists_fits_an_answer(
    plays: Callable[[str], list[Play]], character: str
) -> None:
    window = Window.current(NOON)
    songs = rank((one for _, one in in_order(plays(character))), window, MOST_KEPT_SONGS)
    assert len(songs) == MOST_KEPT_SONGS
    found = TopList(songs, window.as_of, "UTC", Completeness())
    shown = Shown(ANNA, found, hidden=NOTHING)
    body = {"lists": [list_answer(shown, MOST_KEPT_SONGS)] * FEED_PAGE, "cursor": "x" * 200}
    answer = wire(Answer(body=body))
    assert len(json.dumps(answer, ensure_ascii=False).encode()) < LAMBDA_BYTES
    assert msgspec.json.decode(answer["body"])["lists"][0]["songs"][0]["title"]
