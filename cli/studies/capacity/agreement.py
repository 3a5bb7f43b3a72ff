"""One day through the deployed functions on AWS in memory, and through the capacity simulation.

The functions crawl a small simulated world for some days, at last with a budget that is too small.
The simulation begins with the connections that they had at the beginning of the last day.
"""

import asyncio
import json
import os
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace

import httpx2
import msgspec

from cli.failure import CommandFailedError
from cli.in_memory.api import BrowserTransport
from cli.in_memory.consent import connected
from cli.in_memory.scenery import Scenery, scenery
from cli.in_memory.service import Service
from cli.in_memory.world import deployment
from cli.studies.capacity.accounts import Account, Accounts, AccountsOf
from simulator.aws.dynamodb.changes import Change
from simulator.habits import Habits
from simulator.virtual_time import VirtualClock, VirtualLoop
from topk.domain.crawl.cadence import Bounds
from topk.domain.crawl.load_shedding import Counts, rows_of_day
from topk.domain.crawl.provider import Capabilities
from topk.domain.crawl.timetable import DAY_MINUTES, DAY_SECONDS, Grid
from topk.domain.owner import Owner
from topk.domain.play import Precision
from topk.stores.codecs.chunk_format import decode
from topk.stores.codecs.compacted_chunks import is_derived
from topk.stores.tables.connections import Connections
from topk.stores.tables.timetable import Timetable

SPOTIFY = "spotify"
FIRST_DAY = 20_752
AMPLE_DAYS = 3
SHORT_DAYS = 2
"""The last day of each is compared."""
GRID = Grid(slot_minutes=60)
_AMPLE = 1e6


@dataclass(frozen=True, slots=True)
class Day:
    """Crawls that the timetable started, those that asked the provider, and the plays brought."""

    dispatched: int
    crawled: int
    plays: int
    price: float


@dataclass(frozen=True, slots=True)
class Agreement:
    product: Day
    simulated: Day
    accounts: int


def agreements(*, users: int, heavy: float, granted: float, seed: int) -> tuple[Agreement, ...]:
    """A day with a budget that suffices, and one with `granted` crawls a day and account."""
    clock = VirtualClock(FIRST_DAY * DAY_SECONDS)
    with asyncio.Runner(loop_factory=VirtualLoop) as runner:
        found = scenery(
            users,
            seed,
            deployment(),
            clock,
            runner,
            providers=(SPOTIFY,),
            heavy=heavy,
            habits=Habits.usual(),
        )
        return _Run(found, clock, granted).compared()


class _Run:
    def __init__(self, found: Scenery, clock: VirtualClock, granted: float) -> None:
        self._scenery, self._clock = found, clock
        declared = deployment()
        self._bounds = declared.providers[SPOTIFY].cadence
        settings = {
            SPOTIFY: {
                "cadence": msgspec.to_builtins(self._bounds),
                "budget": {"requests_per_second": 1000, "requests_per_crawl": 1},
            }
        }
        self._plays = 0
        self._service = Service(
            found,
            declared,
            clock,
            settings=settings,
            slot_minutes=GRID.slot_minutes,
            on_change=self._note,
        )
        self._granted = granted
        self._accounts: dict[str, Owner] = {}
        self._crawls: Counter[str] = Counter()
        self._dispatched = 0

    def compared(self) -> tuple[Agreement, ...]:
        ample = FIRST_DAY + AMPLE_DAYS
        short = ample + SHORT_DAYS
        with self._service:
            self._connect()
            self._pass_days(FIRST_DAY, ample - 1)
            enough = self._compared(ample - 1, _AMPLE)
            self._grant(self._granted)
            self._pass_days(ample, short - 1)
            return enough, self._compared(short - 1, self._granted)

    def _compared(self, day: int, granted: float) -> Agreement:
        before = self._given()
        shards = Timetable().shards(GRID.shards)
        slots = DAY_MINUTES // GRID.slot_minutes
        counted = rows_of_day((one.census for one in shards), slots).get(SPOTIFY, {})
        self._dispatched, self._plays = 0, 0
        self._crawls.clear()
        self._pass_days(day, day + 1)
        product = Day(self._dispatched, self._crawls["crawled"], self._plays, self._price())
        return Agreement(product, self._simulated(before, counted, day, granted), len(before))

    def _connect(self) -> None:
        with httpx2.Client(
            transport=BrowserTransport(self._scenery.simulated, self._service.api)
        ) as http:
            for person in self._scenery.simulated.lever("GET", "listeners"):
                owner = Owner(person["tenant"], person["user"])
                account = person["accounts"][SPOTIFY]
                if not connected(self._service.api, http, owner, SPOTIFY, account):
                    raise CommandFailedError(f"{owner.key} could not be connected")
                self._accounts[account] = owner

    def _pass_days(self, first: int, last: int) -> None:
        """From the beginning of day `first` to that of day `last`."""
        begin, end = first * DAY_SECONDS, last * DAY_SECONDS
        self._service.schedule.fire(begin, end)
        for moment in range(begin + DAY_SECONDS // 4, end + 1, DAY_SECONDS // 4):
            self._service.run(moment - 1)
            self._read_logs()

    def _read_logs(self) -> None:
        logs = self._service.cloud.logs
        for line in logs.getvalue().splitlines():
            told = json.loads(line) if line.startswith("{") else {}
            match told.get("message"):
                case "dispatched":
                    self._dispatched += told["crawls"]
                case "crawls":
                    self._crawls.update(result for _, result, *_ in told["crawls"])
        logs.seek(0)
        logs.truncate()

    def _note(self, change: Change) -> None:
        if change.table == "plays" and change.event == "INSERT" and change.after:
            key = change.after["chunk"]["S"]
            if not is_derived(key):
                self._plays += len(decode(change.after["body"]["B"], SPOTIFY))

    def _grant(self, each: float) -> None:
        """A deployment with a smaller budget."""
        providers = json.loads(os.environ["PROVIDERS"])
        crawls = each * len(self._accounts)
        providers[SPOTIFY]["budget"] = {
            "requests_per_second": crawls / DAY_SECONDS,
            "requests_per_crawl": 1,
        }
        os.environ["PROVIDERS"] = json.dumps(providers)
        self._service.lambdas.restart()

    def _price(self) -> float:
        (row,) = [
            row
            for row in self._service.cloud.aws.dynamodb.tables["provider_budgets"].items()
            if row["app"]["S"].startswith(SPOTIFY)
        ]
        return float(row.get("plan_price", {"N": "0"})["N"])

    def _given(self) -> Sequence[Account]:
        world = self._scenery.world
        kept = Connections()
        found = []
        for account, owner in self._accounts.items():
            (connection,) = kept.get_many([(owner, SPOTIFY)])
            plays = world.plays_of(SPOTIFY, account)
            times = sorted(
                one.ended_ms // 1000 for one in plays if one.provider == SPOTIFY and one.counts
            )
            found.append(Account(0, times, False, connection, connection.crawled_through))
        return found

    def _simulated(
        self, given: Sequence[Account], counted: Counts, day: int, granted: float
    ) -> Day:
        of = AccountsOf(
            SPOTIFY,
            Capabilities(50, Precision.END),
            Bounds(self._bounds.most_per_day, self._bounds.least_every_days),
            view_after_seconds=DAY_SECONDS,
            crawls_each=granted,
        )
        accounts = [replace(one) for one in given]
        simulation = Accounts(of, 1, len(given), 0, GRID, day, accounts, counted)
        sample = simulation.run()
        return Day(
            simulation.dispatched,
            sum(one.asks for one in sample.crawled),
            sum(one.brought for one in accounts),
            sample.price,
        )
