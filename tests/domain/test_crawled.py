"""How a crawl advances its connection's checkpoint."""

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.fakes import DAY, NOON, connection, play
from topk.domain.account.connection import Connection
from topk.domain.crawl.cadence import Bounds
from topk.domain.crawl.checkpoint import after_crawl
from topk.domain.crawl.provider import Capabilities, Fetched
from topk.domain.crawl.skipped import Skip, Skipped
from topk.domain.crawl.timetable import DAILY, Cadence
from topk.domain.play import Play, Precision

SPOTIFY = Capabilities(50, Precision.END)
APPLE = Capabilities(50, Precision.INFERRED)
LASTFM = Capabilities(None, Precision.EXACT)
NEW = connection(connected_at=NOON)
KNOWN = connection(connected_at=NOON - 30 * DAY, crawled_through=NOON - DAY, heard_at=NOON - DAY)
FULL = tuple(play("Dawn", NOON - 3600 * hour) for hour in range(50))


def _after(
    before: Connection, *plays: Play, of: Capabilities = SPOTIFY, now: int = NOON, **more: Any
) -> Connection:
    fetched = Fetched(plays, "+", now, **more)
    return after_crawl(before, fetched, capabilities=of, bounds=Bounds(), now=now)


@pytest.mark.parametrize(
    ("plays", "of", "expected"),
    [
        (FULL, SPOTIFY, NOON - 49 * 3600),
        (FULL[:49], SPOTIFY, 0),
        ((), SPOTIFY, 0),
        ((), APPLE, NOON),
        (FULL, LASTFM, 0),
    ],
)
def test_a_first_crawl_sets_the_start_of_the_known_history(
    plays: tuple[Play, ...], of: Capabilities, expected: int
) -> None:
    first = _after(NEW, *plays, of=of)
    assert first.known_since == expected
    assert _after(first, *plays, of=of, now=NOON + DAY).known_since == expected


def test_entries_that_could_not_be_read_fill_a_memory_too() -> None:
    assert (
        _after(NEW, *FULL[:40], left_out=Skipped.of(Skip.TITLE, 10)).known_since == NOON - 39 * 3600
    )


def test_a_pending_crawl_does_not_change_the_cadence() -> None:
    silent = replace(NEW, connected_at=NOON - 9 * DAY)
    fetched = Fetched((), "job", 0, resume_after=300)
    moved = after_crawl(silent, fetched, capabilities=LASTFM, bounds=Bounds(), now=NOON)
    assert (moved.checkpoint, moved.cadence, moved.known_since) == ("job", DAILY, 0)


def test_a_baseline_without_plays_is_not_counted_as_silence() -> None:
    assert _after(replace(NEW, connected_at=NOON - 9 * DAY), of=APPLE).cadence == DAILY


def test_days_without_plays_let_crawls_wait_until_a_play() -> None:
    one, now, cadences = KNOWN, NOON, []
    for _ in range(14):
        one = _after(one, now=now)
        cadences.append(one.cadence.every_days)
        now += DAY
    assert cadences == [1, 1, 2, 2, 2, 3, 3, 3, 4, 4, 4, 5, 5, 5]
    assert _after(one, play("Dawn", now - 60), now=now).cadence == DAILY


def test_a_play_from_the_future_does_not_extend_activity() -> None:
    assert _after(KNOWN, play("Dawn", NOON + DAY)).heard_at == NOON


def test_a_gap_lists_its_days_until_they_leave_the_window() -> None:
    lost = _after(KNOWN, *FULL, gap_since=NOON - DAY, fill=1.0)
    assert lost.gaps == (NOON // DAY - 1, NOON // DAY)
    assert lost.cadence == Cadence(4)
    later = _after(lost, *FULL, now=NOON + 8 * DAY, gap_since=NOON + 8 * DAY - 60)
    assert later.gaps == (NOON // DAY, NOON // DAY + 8)


@given(st.lists(st.tuples(st.floats(0, 0.99), st.integers(1, 86_400)), max_size=60))
def test_quiet_days_are_counted_from_the_first_crawl_with_few_plays(
    crawls: list[tuple[float, int]],
) -> None:
    one, now = replace(KNOWN, cadence=Cadence(8)), NOON
    for fill, seconds in crawls:
        now += seconds
        before, one = one, _after(one, play("Dawn", now), fill=fill, now=now)
        assert one.calm_since <= now
        if one.cadence.per_day < before.cadence.per_day:
            assert now - before.calm_since >= 3 * DAY
        if one.cadence.per_day > before.cadence.per_day:
            assert one.calm_since in (0, now)


def test_a_crawl_that_can_read_nothing_leaves_its_days_incomplete() -> None:
    blind = Fetched((), "+", NOON, left_out=Skipped.of(Skip.MALFORMED, 9))
    moved = after_crawl(KNOWN, blind, capabilities=LASTFM, bounds=Bounds(), now=NOON)
    assert (moved.crawled_through, moved.checkpoint) == (KNOWN.crawled_through, "+")

    first = after_crawl(NEW, blind, capabilities=APPLE, bounds=Bounds(), now=NOON)
    assert (first.crawled_through, first.known_since) == (0, 0)


@pytest.mark.parametrize(
    "fetched",
    [
        Fetched((), "+", NOON),
        Fetched((), "+", NOON, read=1, left_out=Skipped.of(Skip.TITLE, 9)),
        Fetched((), "+", NOON, left_out=Skipped.of(Skip.SEARCH, 9)),
    ],
    ids=["nothing there", "one read", "no plays"],
)
def test_a_crawl_that_reads_what_there_is_counts(fetched: Fetched) -> None:
    moved = after_crawl(KNOWN, fetched, capabilities=LASTFM, bounds=Bounds(), now=NOON)
    assert moved.crawled_through == NOON
