"""Completeness of a window: days, suspected gaps, inferred times."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.fakes import DAY, NOON, connection, play
from topk.domain.account.connection import Connection, Status
from topk.domain.play import Precision, in_order
from topk.domain.toplist.completeness import Completeness, completeness
from topk.domain.toplist.ranking import ranking
from topk.domain.toplist.window import Window

WINDOW = Window.ending(date(2026, 11, 22))
START, END = WINDOW.start, WINDOW.end


def _known(*connections: Connection, window: Window = WINDOW) -> Completeness:
    return completeness(window, connections, counted=0, inferred=0)


def test_all_days_are_complete_for_a_long_known_account_crawled_since() -> None:
    assert _known(connection(crawled_through=END)) == Completeness(7)


def test_without_an_account_no_day_is_complete() -> None:
    assert _known() == _known(connection(status=Status.REVOKED, crawled_through=END))
    assert _known().complete_days == 0


@pytest.mark.parametrize(("since", "days"), [(0, 7), (START, 7), (START + 1, 6), (END - DAY, 1)])
def test_days_before_the_known_history_are_incomplete(since: int, days: int) -> None:
    whole = connection(provider="lastfm", crawled_through=END)
    assert _known(whole, connection(crawled_through=END, known_since=since)).complete_days == days


def test_days_since_the_last_crawl_of_any_account_are_incomplete() -> None:
    whole = connection(crawled_through=END)
    late = connection(provider="youtube", crawled_through=END - 1, status=Status.REAUTH_REQUIRED)
    assert _known(whole, late).complete_days == 6


def test_a_suspected_gap_is_given_in_the_owners_local_days() -> None:
    lost = connection(crawled_through=NOON, gaps=(START // DAY, START // DAY - 1))
    assert _known(lost) == Completeness(6, (date(2026, 11, 15),))
    tokyo = Window.ending(date(2026, 11, 22), "Asia/Tokyo")
    expected = (date(2026, 11, 15), date(2026, 11, 16))
    assert _known(lost, window=tokyo) == Completeness(5, expected)


@given(st.lists(st.sampled_from(Precision), max_size=20))
def test_the_inferred_share_covers_counted_plays_only(precisions: list[Precision]) -> None:
    heard = [
        play(f"Song {n}", START + n * 300, precision=precision, duration=100)
        for n, precision in enumerate(precisions, 1)
    ]
    outside = [play("Before", START - 60, precision=Precision.INFERRED)]
    found = ranking(in_order([*heard, *heard, *outside]), WINDOW, depth=3)
    untimed = sum(one in (Precision.INFERRED, Precision.DAY) for one in precisions)
    assert (found.counted, found.inferred) == (len(precisions), untimed)
    known = completeness(WINDOW, (), counted=found.counted, inferred=found.inferred)
    assert known.inferred_share == (round(untimed / len(precisions), 3) if precisions else 0)
