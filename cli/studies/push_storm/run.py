"""One run: players of a few users push under faults, and what is then stored is compared."""

from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory

import httpx2

from cli.in_memory.api import Api
from cli.in_memory.cloud import Cloud
from cli.in_memory.environment import environment
from cli.in_memory.faults import Fault
from cli.in_memory.installed import clear, furnish, installed
from cli.in_memory.lambdas import Lambdas
from cli.in_memory.trace import Trace
from cli.in_memory.world import deployment
from cli.studies.chaos.fault_injector import LAG_SECONDS, FaultInjector
from cli.studies.chaos.faulty_calls import FaultyCalls
from cli.studies.chaos.plan import HOUR, STORM_HOURS, Plan
from cli.studies.push_storm.players import Listened, Player, listening
from simulator.listeners.dice import Dice
from simulator.scheduler import Scheduler
from simulator.virtual_time import VirtualClock
from topk.domain.owner import Owner
from topk.domain.toplist.window import Window
from topk.stores.tables.connections import Connections
from topk.stores.tables.plays import Plays
from topk.stores.tables.profiles import Profiles
from topk.stores.tables.top_lists import TopLists
from topk.usecases.lists.aggregate import ListPorts, aggregate
from topk.usecases.scrobbling.submit_plays import history

BEGIN = 1_793_145_600
"""2026-10-28T00:00:00Z"""
OWNERS = (Owner("harbor", "ada"), Owner("harbor", "bo"), Owner("meadow", "ada"))
PLAYERS_EACH = 2
RETENTION_DAYS = 35
_END = BEGIN + (STORM_HOURS + 1) * HOUR
_RATES = {
    Fault.THROTTLED: (0.002, 0.02),
    Fault.SERVER_ERROR: (0.002, 0.02),
    Fault.UNANSWERED: (0.002, 0.02),
    Fault.ECHOED: (0.002, 0.02),
    Fault.UNPROCESSED: (0.02, 0.2),
    Fault.STALE: (0.05, 0.3),
    Fault.SLOW: (0.001, 0.01),
    Fault.CRASH_BEFORE: (0.01, 0.1),
    Fault.CRASH_AFTER: (0.01, 0.1),
    Fault.COLD: (0.02, 0.2),
}
"""Range of each fault's rate, per call or invocation."""


@dataclass(frozen=True, slots=True)
class PushOutcome:
    """Of the `listens` of all users: those that are not stored, those that count more than once,
    and those that nobody listened to. `wrong_counts` are songs whose count in a list is wrong.
    """

    seed: int
    listens: int
    lost: int
    twice: int
    invented: int
    wrong_counts: int
    calls: int
    refused: int
    unfinished: int
    injected: Counter[str] = field(default_factory=Counter)

    @property
    def holds(self) -> bool:
        return not (
            self.lost or self.twice or self.invented or self.wrong_counts or self.unfinished
        )


def run_push(seed: int, listens: int) -> PushOutcome:
    """Push `listens` plays under the faults of `seed`. Deterministic."""
    dice = Dice("push storm", seed)
    rates = {kind: dice.between(*bounds) for kind, bounds in _RATES.items()}
    clock = VirtualClock(BEGIN)
    scheduler = Scheduler(clock)
    injector = FaultInjector(Plan(seed=seed, users=len(OWNERS), rates=rates), BEGIN, clock.now)
    with _service(scheduler, injector, clock) as api:
        truth = {
            owner: listening(dice, _share(listens, place), until=BEGIN)
            for place, owner in enumerate(OWNERS)
        }
        players = [
            Player(owner, plays, api, scheduler, Dice("player", seed, owner.key, number))
            for owner, plays in truth.items()
            for number in range(PLAYERS_EACH)
        ]
        for player in players:
            scheduler.spawn(player.run)
        scheduler.run(_END)
        return _judged(seed, truth, players, injector)


def _share(listens: int, place: int) -> int:
    return listens // len(OWNERS) + (place < listens % len(OWNERS))


@contextmanager
def _service(scheduler: Scheduler, injector: FaultInjector, clock: VirtualClock) -> Iterator[Api]:
    """The API of the functions, on AWS in memory and under the faults of `injector`."""
    declared, trace = deployment(), Trace(kept=False)
    cloud = Cloud(
        scheduler,
        injector,
        secrets={name: {} for name in declared.providers},
        max_attempts=declared.stage.max_attempts,
        hooks=[FaultyCalls(scheduler, injector, trace)],
        lag=LAG_SECONDS,
    )
    lambdas = Lambdas(
        scheduler, injector, trace, lambda process: furnish(process, clock.now), clear
    )
    with TemporaryDirectory() as folder:
        given = environment(declared, Path(folder))
        nowhere = httpx2.ASGITransport(_nothing)
        with installed(given, cloud.aws.client, nowhere, cloud.logs, clock.now):
            try:
                yield Api(lambdas, declared.stage.tenants, clock.now)
            finally:
                scheduler.close()
                lambdas.close()


async def _nothing(*_: object) -> None:
    raise AssertionError("a player's call reached a provider")


def _judged(
    seed: int,
    truth: dict[Owner, list[Listened]],
    players: list[Player],
    injector: FaultInjector,
) -> PushOutcome:
    lost = twice = invented = wrong = 0
    for owner, plays in truth.items():
        stored = history(owner, plays=Plays(retention_days=RETENTION_DAYS), since=0)
        found = Counter((one.listened_at, one.track.title) for one in stored)
        expected = {(one.at, one.title) for one in plays}
        lost += len(expected - found.keys())
        invented += len(found.keys() - expected)
        twice += sum(times - 1 for times in found.values())
        wrong += sum(1 for _ in _wrong_counts(owner, plays))
    return PushOutcome(
        seed=seed,
        listens=sum(map(len, truth.values())),
        lost=lost,
        twice=twice,
        invented=invented,
        wrong_counts=wrong,
        calls=sum(player.calls for player in players),
        refused=sum(player.refused for player in players),
        unfinished=sum(not player.done for player in players),
        injected=Counter({kind.word: times for kind, times in injector.injected.items()}),
    )


def _wrong_counts(owner: Owner, plays: Iterable[Listened]) -> Iterator[str]:
    """Songs of the owner's list whose count is not that of the week's plays."""
    window = Window.current(_END)
    week = Counter(one.title for one in plays if one.at in window)
    top_lists = TopLists()
    plays_kept = Plays(retention_days=RETENTION_DAYS)
    aggregate(owner, ListPorts(plays_kept, Connections(), Profiles(), top_lists), now=_END)
    listed, _ = top_lists.get(owner)
    counted = {song.title: song.listen_count for song in (listed.songs if listed else ())}
    best = sorted(week.values(), reverse=True)[: len(counted)]
    if sorted(counted.values(), reverse=True) != best or (week and not counted):
        yield "the counts of the list"
    yield from (title for title, times in counted.items() if week[title] != times)
