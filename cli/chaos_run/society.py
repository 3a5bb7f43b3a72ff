"""Everybody who acts in one storm: users, those who look at them, and a partner that pushes."""

from dataclasses import dataclass

import httpx2

from cli.accuracy_run.song_finder import SongFinder
from cli.chaos_run.api import Api, BrowserWay
from cli.chaos_run.course import Course
from cli.chaos_run.people import People
from cli.chaos_run.plan import Plan
from cli.chaos_run.privacy import Privacy
from cli.chaos_run.pushing import PROVIDER, Pushing
from cli.chaos_run.scenery import Scenery
from cli.chaos_run.wishes import Wishes
from simulator.dice import Dice


@dataclass(frozen=True, slots=True)
class Society:
    people: People
    privacy: Privacy
    pushing: Pushing
    wishes: Wishes

    def settle(self, scenery: Scenery) -> None:
        """Each begins a life of their own."""
        self.people.settle(scenery.world.listeners)
        for listener in scenery.world.listeners:
            self.privacy.settle(listener)
        for account in self.people.accounts:
            self.pushing.follow(account)


def society(scenery: Scenery, course: Course, api: Api, plan: Plan, end: float) -> Society:
    """All act until `end` (epoch seconds)."""
    dice, world = Dice("people", plan.seed), scenery.world
    wishes = Wishes(SongFinder(world.songs))
    http = httpx2.Client(transport=BrowserWay(scenery.simulated, api))
    people = People(course, api, http, dice, wishes, end)
    return Society(
        people,
        Privacy(course, api, people, wishes, Dice("privacy", plan.seed), end, plan.parting),
        Pushing(course, api, world, scenery.credentials[PROVIDER]["push_secret"], dice, end),
        wishes,
    )
