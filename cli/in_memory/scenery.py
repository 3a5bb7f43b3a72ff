"""The simulated world around a run, and the service's registrations with its providers."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from starlette.applications import Starlette

from cli.in_memory.world import SimulatedWorld, callback_url
from cli.local_stack.credentials import generate
from infra_cdk.config import Deployment
from simulator.app import build_world
from simulator.virtual_time import VirtualClock
from simulator.world import World


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
    users: int,
    seed: int,
    declared: Deployment,
    clock: VirtualClock,
    runner: asyncio.Runner,
    *,
    providers: tuple[str, ...],
    **world: Any,
) -> Scenery:
    """`world` is as `build_world` takes it. Waits of the world take virtual time."""
    application = build_world(
        users,
        seed,
        clock,
        wall=clock.now,
        sleep=asyncio.sleep,
        linger=asyncio.sleep,
        providers=providers,
        **world,
    )
    simulated = SimulatedWorld(application, runner)
    return Scenery(application, simulated, _registered(simulated, declared, providers))


def _registered(
    simulated: SimulatedWorld, declared: Deployment, providers: tuple[str, ...]
) -> dict[str, dict[str, str]]:
    found = {}
    for name in providers:
        found[name], known = generate(declared.providers[name].credentials)
        redirects = {"redirect_uris": [callback_url(name)]}
        simulated.lever("PUT", f"apps/{name}", known | redirects)
    return found
