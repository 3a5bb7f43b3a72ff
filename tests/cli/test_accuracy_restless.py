"""What a provider ever showed, compared with polls at every change."""

import pytest

from cli.studies.accuracy.plan import BEGIN, DAY
from cli.studies.accuracy.restless import ever_shown
from simulator.app import build_world
from simulator.habits import Habits
from simulator.listeners.learned import learned
from simulator.listeners.ring import entries_of
from simulator.virtual_time import VirtualClock
from simulator.world import World

FIRST, LAST = BEGIN, BEGIN + 2 * DAY


def heavy_world(habits: str) -> World:
    application = build_world(
        2, 5, VirtualClock(BEGIN), 300, habits=Habits.parse(habits), heavy=1.0
    )
    world = application.state.world
    assert isinstance(world, World)
    return world


@pytest.mark.parametrize("habits", ["usual", "all", "none"])
def test_polling_at_every_change_misses_nothing_that_was_shown(habits: str) -> None:
    world = heavy_world(habits)
    for listener in world.listeners:
        account = listener.accounts["spotify"]
        recent = [one for one in world.histories.of(listener) if one.started_at > FIRST - 5 * DAY]
        changes = {
            moment
            for entry in entries_of(recent, world.habits, account)
            for moment in (entry.known_at, entry.until)
            if FIRST < moment <= LAST
        }
        polls = sorted({FIRST, LAST, *changes})
        seen = learned("spotify", recent, polls, world.habits, account)
        polled = {"spotify": [FIRST, LAST]}
        shown = ever_shown(
            world.histories.of(listener), polled, world.habits, listener, FIRST - DAY
        )
        assert shown == {play for play in seen if play.started_at >= FIRST - DAY}
        assert len(shown) > 300


def test_an_account_that_was_never_read_shows_nothing() -> None:
    world = heavy_world("usual")
    listener = world.listeners[0]
    history = world.histories.of(listener)
    assert ever_shown(history, {"spotify": []}, world.habits, listener, FIRST) == set()
