"""Everyone who acts in a fault run: users, viewers of lists, and a partner that pushes plays."""

from dataclasses import dataclass

import httpx2

from cli.in_memory.api import Api, BrowserTransport
from cli.in_memory.scenery import Scenery
from cli.studies.accuracy.song_finder import SongFinder
from cli.studies.chaos.oracle.privacy_oracle import PrivacyOracle
from cli.studies.chaos.oracle.viewers import Viewers
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
    viewers: Viewers
    privacy: Privacy
    pushing: Pushing
    oracle: PrivacyOracle

    def start(self, scenery: Scenery) -> None:
        """Starts the activity of every user, viewer and account."""
        for listener in scenery.world.listeners:
            self.people.start(listener)
            self.viewers.start(listener)
        for listener in scenery.world.listeners:
            self.privacy.start(listener)
        for account in self.people.accounts:
            self.pushing.follow(account)


def society(scenery: Scenery, scheduler: Scheduler, api: Api, plan: Plan, end: float) -> Society:
    """The society of a run; all act until `end` (epoch seconds)."""
    dice, world = Dice("people", plan.seed), scenery.world
    oracle = PrivacyOracle(SongFinder(world.songs))
    http = httpx2.Client(transport=BrowserTransport(scenery.simulated, api))
    pace = Pace(scheduler, dice, end)
    people, viewers = People(pace, api, http, oracle), Viewers(pace, api, oracle)
    own_pace = Pace(scheduler, Dice("privacy", plan.seed), end)
    return Society(
        people,
        viewers,
        Privacy(own_pace, api, people, viewers, oracle, plan.parting),
        Pushing(scheduler, api, world, scenery.credentials[PROVIDER]["push_secret"], dice, end),
        oracle,
    )
