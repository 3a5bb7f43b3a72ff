"""The counts of a small world in virtual time, and the detection of wrong counts."""

from collections.abc import Iterator
from dataclasses import replace

import pytest
from typer.testing import CliRunner

from cli.main import app
from cli.studies.accuracy.figures import Tally
from cli.studies.accuracy.judgement import Judge
from cli.studies.accuracy.listening_week import ListeningWeek
from cli.studies.accuracy.people import Person
from cli.studies.accuracy.plan import DAY, Plan
from simulator.habits import Habits
from topk.domain.chunk import Chunk
from topk.stores.tables.plays import Plays
from topk.stores.tables.top_lists import TopLists

PLAN = Plan(users=10, days=9, seed=1)


def lived(plan: Plan) -> Iterator[ListeningWeek]:
    with ListeningWeek(plan) as week:
        week.live(lambda: None)
        yield week


@pytest.fixture(scope="module")
def week() -> Iterator[ListeningWeek]:
    yield from lived(PLAN)


@pytest.fixture
def own_week() -> Iterator[ListeningWeek]:
    yield from lived(PLAN)


def listener(week: ListeningWeek, provider: str) -> Person:
    """A user who has an account there."""
    return next(one for one in week.people if provider in one.accounts)


@pytest.mark.parametrize("habits", ["none", "usual", "all"])
def test_every_list_is_exact_under_all_provider_habits(habits: str) -> None:
    """None: an unlimited history, of which the window is read day by day."""
    for week in lived(replace(PLAN, habits=Habits.parse(habits))):
        judge = Judge(week)
        judged = [judge.judge(person) for person in week.people]
        assert [one.fault for one in judged] == [""] * len(judged)
        assert [one.double_counted for one in judged] == [0] * len(judged)
        assert all(
            one.plays_counted == one.plays_obtainable - one.plays_merged + one.plays_doubled
            for one in judged
        )
        assert sum(one.plays_counted for one in judged) > 0
        assert week.dead_letters == 0


def test_every_account_is_crawled_on_connecting_and_once_a_day(week: ListeningWeek) -> None:
    for person in week.people:
        polls = week.polls.of(person.owner)
        assert polls.keys() == person.accounts.keys()
        for provider in polls.keys() - {"youtube"}:
            assert 9 <= len(polls[provider]) <= 10


def test_a_missing_play_makes_a_list_inexact(own_week: ListeningWeek) -> None:
    person = listener(own_week, "spotify")
    for store in (Plays(retention_days=35), TopLists()):
        assert sum(store.erase(person.owner))
    judged = Judge(own_week).judge(person)
    assert judged.fault
    assert (judged.plays_counted, judged.double_counted) == (0, 0)


def test_a_duplicate_play_is_found_without_the_ground_truth(
    own_week: ListeningWeek,
) -> None:
    person = listener(own_week, "spotify")
    plays = Plays(retention_days=35)
    once = Judge(own_week).judge(person)
    fetched_at, brought = plays.since(person.owner, own_week.now - 3 * DAY)[0]
    moved = tuple(play._replace(listened_at=play.listened_at - 7000) for play in brought)
    plays.append([Chunk(person.owner, "spotify", fetched_at, "fakemoved", moved)])
    twice = Judge(own_week).judge(person)
    assert once.double_counted == 0
    assert twice.double_counted > 0


def test_the_same_seed_gives_the_same_figures() -> None:
    tallies = []
    for _ in range(2):
        for week in lived(replace(PLAN, users=4, days=3)):
            judge = Judge(week)
            tallies.append(Tally.of([judge.judge(person) for person in week.people]))
    assert tallies[0] == tallies[1]


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["--users", "0"], "--users"),
        (["--days", "1"], "--days"),
        (["--seed", "x"], "--seed"),
        (["--habits", "again,grumpy"], "grumpy"),
        (["--habits", "again=2"], "again"),
    ],
)
def test_invalid_input_gets_one_line(arguments: list[str], says: str) -> None:
    done = CliRunner().invoke(app, ["accuracy", *arguments])
    assert done.exit_code == 2
    [line] = done.stderr.splitlines()
    assert says in line
