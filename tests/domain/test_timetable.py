"""The timetable spreads crawls evenly, is deterministic, and visits each slot once."""

from collections import Counter
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from tests.fakes import ANNA, DAY
from topk.domain.crawl.load_shedding import HIGHEST_PRICE
from topk.domain.crawl.timetable import PER_DAY, Cadence, Grid


@given(st.text(max_size=20), st.sampled_from([1, 2, 4, 12, 24]), st.sampled_from([1, 10, 30]))
def test_a_cadence_of_n_gives_n_evenly_spaced_crawls(
    owner: str, per_day: int, slot_minutes: int
) -> None:
    grid = Grid(slot_minutes=slot_minutes, shards=4)
    entries = grid.entries(owner, "spotify", Cadence(per_day))
    assert entries == grid.entries(owner, "spotify", Cadence(per_day))
    assert len({entry.minute for entry in entries}) == per_day
    minutes = sorted(entry.minute for entry in entries)
    gaps = [later - earlier for earlier, later in pairwise(minutes)]
    assert all(abs(gap - 1440 // per_day) <= slot_minutes for gap in gaps)


def test_connections_are_spread_over_the_slots_and_shards() -> None:
    grid = Grid(slot_minutes=60, shards=4)
    entries = [
        entry
        for number in range(9600)
        for entry in grid.entries(f"harbor#user-{number}", "spotify", Cadence())
    ]
    counts = Counter((entry.minute, entry.shard) for entry in entries)
    assert len(counts) == 96
    assert min(counts.values()) > 50
    assert max(counts.values()) < 160


@given(
    st.integers(DAY, 2 * DAY), st.lists(st.integers(0, 3 * 3600), max_size=12), st.integers(1, 60)
)
def test_successive_spans_visit_each_slot_once(
    start: int, steps: list[int], slot_minutes: int
) -> None:
    grid = Grid(slot_minutes=slot_minutes)
    end = start + sum(steps)
    if end - start >= DAY:
        return
    whole = list(grid.slots_between(start, end))
    pieces = []
    for step in steps:
        pieces += list(grid.slots_between(start, start + step))
        start += step
    assert pieces == whole
    assert len(set(whole)) == len(whole)


def test_a_long_pause_visits_each_slot_of_a_day_once_at_its_latest_start() -> None:
    slots = list(Grid(slot_minutes=60).slots_between(0, 10 * DAY + 1800))
    assert len(slots) == 24
    assert slots[-1] == (10, 0)
    assert slots[0] == (9, 60)


@given(st.text(max_size=20), st.sampled_from([1, 10, 30]), st.sampled_from(PER_DAY))
def test_every_entry_is_valid_for_all_cadences(owner: str, slot_minutes: int, per_day: int) -> None:
    grid = Grid(slot_minutes=slot_minutes, shards=4)
    places = {(one.minute, one.shard) for one in grid.every_entry(owner, "spotify")}
    for cadence in (Cadence(per_day), Cadence(every_days=per_day)):
        assert {
            (one.minute, one.shard) for one in grid.entries(owner, "spotify", cadence)
        } <= places


@given(
    st.text(max_size=20),
    st.sampled_from(PER_DAY),
    st.lists(st.floats(0, HIGHEST_PRICE), min_size=14, max_size=30),
)
def test_no_seven_crawls_in_a_row_are_left_out_whatever_the_price(
    owner: str, per_day: int, prices: list[float]
) -> None:
    entries = Grid().entries(owner, "spotify", Cadence(per_day))
    in_turn = [
        entry.is_kept(20_000 + day, price) for day, price in enumerate(prices) for entry in entries
    ]
    assert all(any(in_turn[at : at + 7]) for at in range(len(in_turn) - 6))


def test_every_crawl_is_kept_while_the_budget_suffices() -> None:
    entries = Grid().entries(ANNA.key, "spotify", Cadence(24))
    assert all(entry.is_kept(day, 0.0) for entry in entries for day in range(20_000, 20_007))
