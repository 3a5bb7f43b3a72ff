"""The habits of a world, and the subjects that they affect."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from simulator.habit import Habit
from simulator.habits import USUALLY, Habits


def test_habits_are_named_by_number_or_word_with_a_rate_or_their_own() -> None:
    habits = Habits.parse("1, again ,14=0.2")
    assert habits.rates == {Habit.RING: 1.0, Habit.AGAIN: Habit.AGAIN.rate, Habit.TOO_MANY: 0.2}


@pytest.mark.parametrize(
    ("text", "habits"),
    [("none", Habits.none()), ("usual", USUALLY), ("all", Habits.all())],
)
def test_whole_sets_have_names(text: str, habits: Habits) -> None:
    assert Habits.parse(text) == habits


def test_a_set_can_be_changed() -> None:
    habits = Habits.parse("all,8=0,15=1")
    assert not habits.has(Habit.OMISSION)
    assert habits.strikes(Habit.UNREGISTERED, "anybody")
    assert habits.has(Habit.FUTURE)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "there is no habit ''"),
        ("1,99", "there is no habit '99'"),
        ("RING=x", "there is no habit 'RING'"),
        ("8=1.5", "the rate of habit 8 must be from 0 to 1, not '1.5'"),
        ("8=-1", "the rate of habit 8 must be from 0 to 1, not '-1'"),
        ("8=often", "the rate of habit 8 must be from 0 to 1, not 'often'"),
        ("8=nan", "the rate of habit 8 must be from 0 to 1, not 'nan'"),
        ("8=", "the rate of habit 8 must be from 0 to 1, not ''"),
        ("8,none", "there is no habit 'none'"),
    ],
)
def test_an_unknown_habit_is_refused_in_one_line(text: str, said: str) -> None:
    with pytest.raises(ValueError, match="habit") as refused:
        Habits.parse(text)
    assert str(refused.value) == said


def test_every_habit_of_the_list_has_its_number_and_a_rate() -> None:
    assert {str(number) for number in range(1, 25)} <= {habit.number for habit in Habit}
    assert all(0 < habit.rate <= 1 for habit in Habit)


@given(habit=st.sampled_from(Habit), seed=st.integers(), play=st.integers())
def test_a_decision_depends_only_on_seed_habit_and_subject(
    habit: Habit, seed: int, play: int
) -> None:
    half = Habits({habit: 0.5}).seeded(seed)
    alike = Habits({**dict.fromkeys(Habit, 0.9), habit: 0.5}).seeded(seed)
    assert half.strikes(habit, "a", play) == alike.strikes(habit, "a", play)
    assert Habits({habit: 1.0}).seeded(seed).strikes(habit, "a", play)
    assert not Habits({habit: 0.0}).seeded(seed).strikes(habit, "a", play)


def test_a_rate_is_a_share_and_higher_rates_include_lower_ones() -> None:
    struck = {
        rate: {n for n in range(2000) if Habits({Habit.LATE: rate}).strikes(Habit.LATE, "a", n)}
        for rate in (0.1, 0.3)
    }
    assert 120 < len(struck[0.1]) < 280
    assert 500 < len(struck[0.3]) < 700
    assert struck[0.1] < struck[0.3]
