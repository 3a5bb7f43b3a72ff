"""The counts of a small world in virtual time, and what a wrong count looks like."""

from collections.abc import Iterator
from dataclasses import replace

import pytest
from typer.testing import CliRunner

from cli.accuracy_run.figures import Tally
from cli.accuracy_run.judgement import Judge
from cli.accuracy_run.listening_week import ListeningWeek
from cli.accuracy_run.people import Person
from cli.accuracy_run.plan import Plan
from cli.main import app

PLAN = Plan(users=10, days=3, seed=1)


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


def timed(week: ListeningWeek) -> list[Person]:
    """Those whose providers all tell times."""
    found = [one for one in week.people if "apple_music" not in one.accounts]
    assert found
    return found


def test_every_list_is_exact(week: ListeningWeek) -> None:
    judge = Judge(week)
    judged = [judge.judge(person) for person in timed(week)]
    assert [one.fault for one in judged] == [""] * len(judged)
    assert all(one.plays_counted == one.plays_obtainable for one in judged)
    assert sum(one.plays_counted for one in judged) > 0
    assert not week.service.buried


def test_nothing_is_counted_twice(week: ListeningWeek) -> None:
    judge = Judge(week)
    assert [judge.judge(person).double_counted for person in week.people] == [0] * 10


def test_every_account_is_crawled_as_it_is_connected_and_once_a_day(week: ListeningWeek) -> None:
    for person in week.people:
        polls = week.polls.of(person.owner)
        assert polls.keys() == person.accounts.keys()
        for provider in polls.keys() - {"youtube"}:
            assert 3 <= len(polls[provider]) <= 4


def test_a_play_that_is_missing_makes_a_list_inexact(own_week: ListeningWeek) -> None:
    person = timed(own_week)[0]
    own_week.service.tables.plays.chunks[person.owner].clear()
    own_week.service.tables.top_lists.rows.clear()
    judged = Judge(own_week).judge(person)
    assert judged.fault
    assert (judged.plays_counted, judged.double_counted) == (0, 0)


def test_a_play_that_is_there_twice_is_found_without_asking_the_truth(
    own_week: ListeningWeek,
) -> None:
    person = timed(own_week)[0]
    chunks = own_week.service.tables.plays.chunks[person.owner]
    once = Judge(own_week).judge(person)
    moved = [replace(play, listened_at=play.listened_at - 40) for play in chunks[0].plays]
    chunks.append(replace(chunks[0], plays=tuple(moved)))
    twice = Judge(own_week).judge(person)
    assert once.double_counted == 0
    assert twice.double_counted > 0


def test_the_same_seed_gives_the_same_figures() -> None:
    tallies = []
    for _ in range(2):
        for week in lived(replace(PLAN, users=4)):
            judge = Judge(week)
            tallies.append(Tally.of([judge.judge(person) for person in week.people]))
    assert tallies[0] == tallies[1]


@pytest.mark.parametrize(
    ("arguments", "says"),
    [(["--users", "0"], "--users"), (["--days", "1"], "--days"), (["--seed", "x"], "--seed")],
)
def test_wrong_input_is_answered_by_one_line(arguments: list[str], says: str) -> None:
    done = CliRunner().invoke(app, ["accuracy", *arguments])
    assert done.exit_code == 2
    [line] = done.stderr.splitlines()
    assert says in line
