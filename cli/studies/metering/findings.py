"""The results of a metered run, for people and for other commands."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from functools import partial
from typing import Any

from cli.studies.metering.compaction import compaction
from cli.studies.metering.run import Run
from simulator.capacity.inputs import Inputs
from simulator.capacity.prices import Prices
from simulator.capacity.report.source_design import dollars_a_day
from simulator.metering.bill import (
    PLAYS_A_CRAWL,
    Bill,
    Compacted,
    Scale,
    measured,
    naive,
    ours,
)
from simulator.metering.heat import Heat, heat
from simulator.metering.push_bill import PushCosts, push_bill
from simulator.metering.unit_costs import UnitCosts, Worked, unit_costs

SINGLES, BATCHES = "one a call", "100 a call"
MILLION = 1_000_000
NAIVE_ITEM_BYTES = 600
"""A play with its titles, addresses and keys, uncompressed, and DynamoDB's 100 bytes."""


@dataclass(frozen=True, slots=True)
class Findings:
    """`source_usd` is the cost of a day of the source design; bills are for a day with
    `inputs.users`. `pushes` are the consumption of a pushed play, in calls of one and of many, and
    `push_bills` those of a million plays and of a day's.
    """

    run: Run
    units: UnitCosts
    inputs: Inputs
    prices: Prices
    bills: Sequence[Bill]
    source_usd: float
    compacted: Compacted
    heat: Mapping[str, Heat]
    pushes: Mapping[str, PushCosts]
    push_bills: Sequence[Bill]

    def figures(self) -> dict[str, Any]:
        return self.units.figures() | {
            "run": {
                "listeners": self.run.users,
                "connections": self.run.connections,
                "days": self.run.days,
            },
            "compaction": self.compacted.figures(),
            "users": self.inputs.users,
            "prices": {"dated": self.prices.dated, "region": self.prices.region},
            "usd_a_day": {bill.name: round(bill.usd, 2) for bill in self.bills}
            | {"source": round(self.source_usd, 2)},
            "charges": {
                bill.name: [asdict(charge) for charge in bill.charges] for bill in self.bills
            },
            "requests": [
                line._asdict() | asdict(used) for line, used in sorted(self.run.used.items())
            ],
            "push": {name: asdict(one) for name, one in self.pushes.items()},
            "usd_of_pushes": {bill.name: round(bill.usd, 2) for bill in self.push_bills},
            "heat": {table: asdict(one) for table, one in self.heat.items()},
        }


def findings(run: Run, inputs: Inputs, prices: Prices, pushes: Mapping[str, PushCosts]) -> Findings:
    tally = run.tally
    worked = Worked(
        due=tally.due,
        deliveries=tally.deliveries,
        chunks=tally.chunks,
        plays=tally.plays,
        log_bytes=tally.log_bytes,
        invocations=tally.invocations,
    )
    units = unit_costs(run.used, worked)
    fed = measured(inputs, units)
    chunk_bytes = sum(tally.chunk_bytes.values()) / max(1, sum(tally.chunks.values()))
    rows = compaction()
    bill = partial(ours, fed, units, prices, chunk_bytes=chunk_bytes, compacted=rows)
    return Findings(
        run,
        units,
        fed,
        prices,
        [
            bill(provisioned=True),
            bill(provisioned=False),
            naive(fed, prices, item_bytes=NAIVE_ITEM_BYTES),
        ],
        dollars_a_day(prices) * fed.users / 50_000_000,
        rows,
        heat(run.heat),
        pushes,
        [*_push_bills(pushes, fed, prices)],
    )


def _push_bills(pushes: Mapping[str, PushCosts], inputs: Inputs, prices: Prices) -> Iterator[Bill]:
    cpu_ms = {SINGLES: inputs.scrobble_cpu_ms, BATCHES: inputs.scrobble_batch_cpu_ms}
    a_day = Scale.of(inputs).crawls * PLAYS_A_CRAWL
    for plays in (MILLION, a_day):
        for name, found in pushes.items():
            shown = f"{plays:,.0f}, {name}"
            yield push_bill(shown, plays, found, cpu_ms[name], inputs, prices)
