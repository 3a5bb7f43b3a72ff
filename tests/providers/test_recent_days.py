"""Reading the recent days of a complete history."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.providers.accounts import NOW
from tests.providers.scripted import run
from topk.domain.crawl.provider import Fetched
from topk.domain.crawl.skipped import NOTHING_SKIPPED, Skip, Skipped
from topk.domain.play import Play, Track
from topk.providers.checkpoints.recent_days import (
    Leaf,
    RecentDays,
    Rest,
    Span,
    newest_first,
    oldest_first,
)

DAY = 86_400
TODAY = NOW // DAY
PAGE = 3

moments = st.integers((TODAY - 3) * DAY, (TODAY - 3) * DAY + 12) | st.integers(NOW - 9 * DAY, NOW)
uploads = st.lists(moments, max_size=12)


def play(at: int, title: str = "One") -> Play:
    return Play("lastfm", Track("", title, ("A",)), at)


class History:
    """Returns three plays a page, starting at one end of the time range."""

    def __init__(self, rest: Rest, *plays: Play) -> None:
        self.plays = set(plays)
        self.rest = rest
        self.asked: list[Span] = []

    def crawl(self, checkpoint: str = "", *, now: int = NOW, most_pages: int = 2) -> Fetched:
        recent = RecentDays.of(checkpoint).begun(now=now)
        numbered = self.rest is newest_first
        return run(
            recent.read(self._page, rest=self.rest, most_pages=most_pages, numbered=numbered)
        )

    def crawl_through(self, checkpoint: str, *, now: int) -> tuple[set[Play], str]:
        """The plays of a crawl and its follow-up crawls, and the last checkpoint."""
        brought: set[Play] = set()
        for _ in range(50):
            fetched = self.crawl(checkpoint, now=now)
            brought |= set(fetched.plays)
            checkpoint = fetched.checkpoint
            if fetched.resume_after is None:
                return brought, checkpoint
        raise AssertionError("the reading does not come to an end")

    async def _page(self, span: Span, number: int) -> Leaf:
        self.asked.append(span)
        by_time = sorted(self.plays, key=lambda play: (play.listened_at, play.track.title))
        listed = [play for play in by_time if span[0] <= play.listened_at < span[1]]
        if self.rest is newest_first:
            listed.reverse()
        else:
            number = 1  # its pages have none
        shown = listed[(number - 1) * PAGE : number * PAGE]
        cut = self.rest is oldest_first and len(listed) > PAGE
        crowded = len({one.listened_at for one in shown}) == 1
        is_last = len(listed) <= number * PAGE
        return Leaf(shown, NOTHING_SKIPPED, is_last, is_cut=cut and crowded)


both = pytest.mark.parametrize("rest", [newest_first, oldest_first], ids=["newest", "oldest"])


@both
def test_a_first_crawl_covers_eight_whole_days(rest: Rest) -> None:
    history = History(rest, play((TODAY - 8) * DAY), play((TODAY - 8) * DAY - 1), play(NOW))

    fetched = history.crawl()

    assert {one.listened_at for one in fetched.plays} == {(TODAY - 8) * DAY, NOW}
    assert (fetched.crawled_through, fetched.resume_after) == (NOW, None)


@both
def test_unchanged_days_are_not_returned_again(rest: Rest) -> None:
    history = History(rest, play(NOW - 2 * DAY), play(NOW - DAY))
    first = history.crawl()
    history.plays.add(play(NOW - DAY - 60, "Late"))

    second = history.crawl(first.checkpoint, now=NOW + 600)

    assert {one.listened_at for one in second.plays} == {NOW - DAY, NOW - DAY - 60}
    assert history.crawl(second.checkpoint, now=NOW + 900).plays == ()


@both
def test_another_song_in_the_same_second_is_returned(rest: Rest) -> None:
    history = History(rest, play(NOW - DAY))
    first = history.crawl()
    history.plays = {play(NOW - DAY, "Corrected")}

    assert history.crawl(first.checkpoint).plays == (play(NOW - DAY, "Corrected"),)


@both
def test_a_long_history_continues_in_the_next_crawl_until_it_is_complete(rest: Rest) -> None:
    history = History(rest, *(play(NOW - n * 7200) for n in range(20)))

    first = history.crawl()

    assert 0 < len(first.plays) < 20
    assert (first.resume_after, first.crawled_through) == (0, 0)
    brought, _ = history.crawl_through(first.checkpoint, now=NOW + 60)
    assert brought | set(first.plays) == history.plays


@both
@given(data=st.data())
def test_successive_crawls_return_every_upload_however_late(
    rest: Rest, data: st.DataObject
) -> None:
    history = History(rest)
    brought: set[Play] = set()
    checkpoint = ""
    for day in range(3):
        now = NOW + day * DAY
        history.plays |= {play(at) for at in data.draw(uploads)}
        fresh, checkpoint = history.crawl_through(checkpoint, now=now)
        brought |= fresh
        reach = (now // DAY - 8) * DAY
        expected = {one for one in history.plays if reach <= one.listened_at <= now}
        assert expected <= brought <= history.plays
        assert len(checkpoint) < 400


@both
@given(data=st.data())
def test_uploads_during_a_long_read_are_returned_by_the_next_one_at_the_latest(
    rest: Rest, data: st.DataObject
) -> None:
    history = History(rest, *(play(at) for at in data.draw(uploads)))
    brought: set[Play] = set()
    checkpoint = ""
    for _ in range(3):
        fetched = history.crawl(checkpoint, most_pages=1)
        brought |= set(fetched.plays)
        checkpoint = fetched.checkpoint
        history.plays |= {play(at, "Late") for at in data.draw(uploads)}
    for _ in range(2):
        fresh, checkpoint = history.crawl_through(checkpoint, now=NOW)
        brought |= fresh

    assert {one for one in history.plays if one.listened_at >= (TODAY - 8) * DAY} <= brought


@pytest.mark.parametrize("crowd", [PAGE, PAGE + 2, 9 * PAGE])
def test_a_second_that_fills_pages_is_read_by_their_numbers(crowd: int) -> None:
    crowded = [play(NOW - DAY, str(n)) for n in range(crowd)]
    history = History(newest_first, play(NOW - 2 * DAY), *crowded, play(NOW - 60))

    brought, _ = history.crawl_through("", now=NOW)

    assert brought == history.plays


def test_a_second_that_cannot_be_read_whole_is_passed_as_a_gap() -> None:
    crowded = [play(NOW - DAY, str(n)) for n in range(PAGE + 2)]
    history = History(oldest_first, play(NOW - 2 * DAY), *crowded, play(NOW - 60))

    fetched = history.crawl(most_pages=9)

    assert {NOW - 2 * DAY, NOW - 60} <= {one.listened_at for one in fetched.plays}
    assert fetched.gap_since == NOW - DAY


def test_a_page_that_ignores_the_request_ends_the_crawl() -> None:
    """Habit 24: a stale page from a cache."""
    recent = RecentDays.of("").begun(now=NOW)
    asked: list[Span] = []

    async def stale(span: Span, _: int) -> Leaf:
        asked.append(span)
        return Leaf([play(NOW - n) for n in range(PAGE)], NOTHING_SKIPPED, is_last=False)

    fetched = run(recent.read(stale, rest=newest_first, most_pages=10, numbered=True))

    assert len(fetched.plays) == PAGE
    assert (fetched.resume_after, len(asked) <= 5) == (None, True)
    assert fetched.gap_since is not None


def test_a_crawl_without_progress_is_not_repeated() -> None:
    recent = RecentDays.of("").begun(now=NOW)

    async def same(span: Span, _: int) -> Leaf:
        return Leaf([play(NOW)], NOTHING_SKIPPED, is_last=False)

    fetched = run(recent.read(same, rest=lambda _, span: span, most_pages=2))

    assert (fetched.resume_after, fetched.gap_since is None) == (None, False)


@pytest.mark.parametrize("at", [0, 4_070_908_800])
def test_a_play_with_an_impossible_time_is_counted_and_the_others_kept(at: int) -> None:
    """Habit "any": future timestamps, and those of 1970."""
    recent = RecentDays.of("").begun(now=NOW)

    async def poisoned(_: Span, __: int) -> Leaf:
        return Leaf([play(at), play(NOW - 60)], Skipped.of(Skip.TITLE), is_last=True)

    fetched = run(recent.read(poisoned, rest=newest_first, most_pages=1))

    assert fetched.plays == (play(NOW - 60),)
    assert fetched.skipped == 2


@pytest.mark.parametrize("checkpoint", ["", "{", "[]", '{"days": 7}', "é"])
def test_an_unreadable_checkpoint_starts_a_first_crawl(checkpoint: str) -> None:
    assert History(oldest_first, play(NOW)).crawl(checkpoint).plays == (play(NOW),)
