"""The simulated world around one storm, and the service's registrations with its providers."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass

from starlette.applications import Starlette

from cli.chaos_run.plan import HOURS, Plan
from cli.credentials import generate
from cli.inprocess.virtual_time import VirtualClock
from cli.inprocess.world import SimulatedWorld, callback_url
from infra_cdk.config import Deployment
from simulator.app import build_world
from simulator.population import PROVIDERS
from simulator.world import World

_SONGS = 300
_DAYS = HOURS // 24 + 3
"""Somewhere on earth a day begins before and ends after that of the clock."""


@dataclass(frozen=True, slots=True)
class Scenery:
    """`credentials` are known to providers and service alike."""

    application: Starlette
    simulated: SimulatedWorld
    credentials: Mapping[str, Mapping[str, str]]

    @property
    def world(self) -> World:
        world: World = self.application.state.world
        return world

    @property
    def secrets(self) -> frozenset[str]:
        """What may be found in the open nowhere."""
        return frozenset(
            value
            for kept in self.credentials.values()
            for field, value in kept.items()
            if field.endswith("secret") or field == "private_key"
        )

    def exported_at(self, account: str) -> float:
        """When the last export of an account began, as its provider has it; 0 for never."""
        begun = self.world.exports.items()
        return max((moment for of, moment in begun if of.account == account), default=0.0)


def scenery(
    plan: Plan, declared: Deployment, clock: VirtualClock, runner: asyncio.Runner
) -> Scenery:
    application = build_world(
        plan.users,
        plan.seed,
        clock,
        songs=_SONGS,
        wall=clock.now,
        sleep=asyncio.sleep,
        linger=asyncio.sleep,
        providers=PROVIDERS,
        days=_DAYS,
    )
    simulated = SimulatedWorld(application, runner)
    return Scenery(application, simulated, _registered(simulated, declared))


def _registered(simulated: SimulatedWorld, declared: Deployment) -> dict[str, dict[str, str]]:
    found = {}
    for name, given in declared.providers.items():
        found[name], known = generate(given.credentials)
        redirects = {"redirect_uris": [callback_url(name)]}
        simulated.lever("PUT", f"apps/{name}", known | redirects)
    return found
