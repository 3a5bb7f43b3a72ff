"""The owner learns which account is left out; nobody else does."""

from tests.fakes import ANNA, DAY, NOON, FakePlays, play
from topk.domain.chunk import Chunk
from topk.domain.play import Play, Precision
from topk.domain.privacy.hidden import Hidden
from topk.domain.toplist.top_list import TopList
from topk.domain.toplist.window import Window
from topk.usecases.lists.build_list import build_list

WINDOW = Window.current(NOON)


def plays_of(provider: str, precision: Precision) -> list[Play]:
    """The same forty songs at every provider, in one day."""
    start = WINDOW.start + DAY
    return [
        play(
            f"Song {number}",
            start + 900 * number * (precision is Precision.EXACT),
            provider=provider,
            precision=precision,
        )
        for number in range(40)
    ]


def built(hidden: Hidden) -> TopList:
    plays = FakePlays()
    for provider, precision in (
        ("apple_music", Precision.INFERRED),
        ("lastfm", Precision.EXACT),
    ):
        chunk = plays_of(provider, precision)
        plays.append([Chunk(ANNA, provider, NOON, provider, tuple(chunk))])
    return build_list(ANNA, WINDOW, plays=plays, connected=[], hidden=hidden, stored=None)


def test_the_owner_sees_that_an_account_beside_a_scrobbler_of_it_is_left_out() -> None:
    found = built(Hidden())
    assert {song.listen_count for song in found.songs} == {1}
    assert found.completeness.duplicates == ("apple_music",)


def test_without_the_scrobbler_the_account_counts_for_others() -> None:
    hidden = Hidden(providers=frozenset({"lastfm"}))
    found = built(hidden)
    others = found.for_others(hidden)
    assert others is not None
    assert {song.providers for song in others.songs} == {("apple_music",)}
    assert others.completeness.duplicates == ()
