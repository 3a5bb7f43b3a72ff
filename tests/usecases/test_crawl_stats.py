"""Statistics of a crawl: the account's staleness, and which plays were known already."""

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from tests.fakes import ANNA, DAY, NOON
from topk.domain.account.connection import Connection, Status
from topk.domain.crawl.provider import Capabilities, Fetched
from topk.domain.crawl.timetable import Cadence
from topk.domain.errors import TransientError
from topk.domain.play import Play, Precision, Track
from topk.usecases.crawling.crawl_stats import CrawlStats, stats_of
from topk.usecases.crawling.fetch_plays import Crawled, Failed

READ = Connection(
    ANNA, "spotify", "sealed", Status.ACTIVE, NOON - 9 * DAY, NOON, crawled_through=NOON - DAY
)
SONG = Track("1", "Song", ("Anna",), "", 200)
CAPABILITIES = Capabilities(precision=Precision.END, depth=50)


def _crawled(connection: Connection, *times: int, gap: int | None = None) -> Crawled:
    plays = tuple(Play("spotify", SONG, at, Precision.END) for at in times)
    return Crawled(connection, Fetched(plays, "checkpoint", NOON, gap), CAPABILITIES)


def test_a_daily_account_is_stale_since_its_last_crawl() -> None:
    assert stats_of(_crawled(READ), "c-1", NOON) == CrawlStats(DAY, chunk="c-1")


def test_an_account_never_crawled_is_stale_since_it_was_connected() -> None:
    failed = Failed(replace(READ, crawled_through=0), TransientError("away"))
    assert stats_of(failed, "c-1", NOON).staleness == 9 * DAY


@given(st.integers(1, 7), st.integers(0, 10 * DAY))
def test_days_skipped_by_the_cadence_do_not_count_as_stale(every: int, ago: int) -> None:
    quiet = replace(READ, cadence=Cadence(every_days=every), crawled_through=NOON - ago)
    assert stats_of(_crawled(quiet), "", NOON).staleness == max(ago - (every - 1) * DAY, 0)


def test_plays_from_an_already_crawled_time_are_repeats_and_gaps_are_reported() -> None:
    stats = stats_of(_crawled(READ, NOON - DAY, NOON - DAY + 1, NOON, gap=NOON - DAY), "", NOON)
    assert (stats.repeated, stats.gap) == (1, True)
