"""Everybody who acts in one storm: users, those who look at them, and a partner that pushes."""

from dataclasses import dataclass

import httpx2

from cli.in_memory.api import Api, BrowserTransport
from cli.in_memory.scenery import Scenery
from cli.studies.accuracy.song_finder import SongFinder
from cli.studies.chaos.oracle.onlookers import Onlookers
from cli.studies.chaos.oracle.privacy_oracle import PrivacyOracle
from cli.studies.chaos.pace import Pace
from cli.studies.chaos.people import People
from cli.studies.chaos.plan import Plan
from cli.studies.chaos.privacy import Privacy
from cli.studies.chaos.pushing import PROVIDER, Pushing
from simulator.listeners.dice import Dice
from simulator.scheduler import Scheduler


@dataclass(frozen=True, slots=True)
class Society:
    people: People
    onlookers: Onlookers
    privacy: Privacy
    pushing: Pushing
    oracle: PrivacyOracle

    def settle(self, scenery: Scenery) -> None:
        """Each begins a life of their own."""
        for listener in scenery.world.listeners:
            self.people.settle(listener)
            self.onlookers.settle(listener)
        for listener in scenery.world.listeners:
            self.privacy.settle(listener)
        for account in self.people.accounts:
            self.pushing.follow(account)


def society(scenery: Scenery, scheduler: Scheduler, api: Api, plan: Plan, end: float) -> Society:
    """All act until `end` (epoch seconds)."""
    dice, world = Dice("people", plan.seed), scenery.world
    oracle = PrivacyOracle(SongFinder(world.songs))
    http = httpx2.Client(transport=BrowserTransport(scenery.simulated, api))
    pace = Pace(scheduler, dice, end)
    people, onlookers = People(pace, api, http), Onlookers(pace, api, oracle)
    own_pace = Pace(scheduler, Dice("privacy", plan.seed), end)
    return Society(
        people,
        onlookers,
        Privacy(own_pace, api, people, onlookers, oracle, plan.parting),
        Pushing(scheduler, api, world, scenery.credentials[PROVIDER]["push_secret"], dice, end),
        oracle,
    )
