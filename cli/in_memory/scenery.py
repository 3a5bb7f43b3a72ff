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
    """`credentials` are known to both the providers and the service."""

    application: Starlette
    simulated: SimulatedWorld
    credentials: Mapping[str, Mapping[str, str]]

    @property
    def world(self) -> World:
        world: World = self.application.state.world
        return world

    @property
    def secrets(self) -> frozenset[str]:
        """Values that must never appear in logs, tables, queues or events."""
        return frozenset(
            value
            for kept in self.credentials.values()
            for field, value in kept.items()
            if field.endswith("secret") or field == "private_key"
        )

    def exported_at(self, account: str) -> float:
        """When the provider started the account's latest export (epoch seconds); 0 for never."""
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
    """Builds the world; `world` is passed to `build_world`. Its waits take virtual time."""
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
