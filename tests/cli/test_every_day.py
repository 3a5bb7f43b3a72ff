"""A simulated week does not depend on the date: month ends, leap days, clock changes."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from starlette.testclient import TestClient

from cli.studies.accuracy.judgement import Judge
from cli.studies.accuracy.listening_week import ListeningWeek
from cli.studies.accuracy.plan import Plan
from cli.studies.demonstration.days import AHEAD_SECONDS, DAY, DAYS, local_day, midnight_after
from simulator.app import build_world
from simulator.clock import Clock
from simulator.habits import Habits
from tests.e2e.conftest import SEED, USERS

# America's clocks change on 14 March, Europe's on 28 March, Australia's on 4 April.
EVERY_DAY = [datetime(2027, 3, 6, tzinfo=UTC) + timedelta(days=day) for day in range(30)]
RARE = [datetime(2028, 2, 22, tzinfo=UTC), datetime(2026, 12, 25, tzinfo=UTC)]
"""A week from here contains a leap day or a new year."""


@pytest.mark.parametrize("first", [*EVERY_DAY, *RARE], ids="{:%Y-%m-%d}".format)
def test_every_list_is_exact_whenever_the_week_starts(first: datetime) -> None:
    plan = Plan(users=2, days=8, seed=1, habits=Habits.all(), begin=int(first.timestamp()))
    with ListeningWeek(plan) as week:
        week.live(lambda: None)
        judge = Judge(week)
        judged = [judge.judge(person) for person in week.people]
    assert [(one.fault, one.double_counted) for one in judged] == [("", 0)] * len(judged)
    assert sum(one.plays_counted for one in judged) > 0


@pytest.mark.parametrize("first", [*EVERY_DAY, *RARE], ids="{:%Y-%m-%d}".format)
def test_the_week_of_the_end_to_end_tests_has_plays_for_every_list(
    first: datetime, tmp_path: Path
) -> None:
    midnights = [int(first.timestamp()) + day * DAY for day in range(DAYS + 1)]
    clock = Clock(tmp_path / "clock.json")
    clock.set(midnights[0] - DAY / 2, running=False)
    world = TestClient(build_world(USERS, SEED, clock))
    plays = 0
    for person in world.get("/world/listeners").json():
        question = {
            "tenant": person["tenant"],
            "user": person["user"],
            "as_of": local_day(midnights[-1], person["time_zone"]).isoformat(),
            "polls": dict.fromkeys(person["accounts"], midnights),
        }
        truth = world.post("/world/truth", json=question).json()
        assert truth["songs"], person["user"]
        plays += truth["plays_obtainable"]
    assert plays > 100


@given(st.integers(0, 2**32))
def test_a_demonstration_starts_at_a_midnight_that_it_does_not_cross(now: int) -> None:
    midnight = midnight_after(now)
    assert midnight % DAY == 0
    assert AHEAD_SECONDS <= midnight - now < AHEAD_SECONDS + DAY
