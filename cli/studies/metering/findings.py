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
from simulator.metering.popularity import kept_share
from simulator.metering.push_bill import PushCosts, push_bill
from simulator.metering.read_bill import Kind, per_million
from simulator.metering.unit_costs import UnitCosts, Worked, unit_costs
from simulator.metering.whole_bill import Whole, events_bill, whole

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
    whole: Whole
    per_million: Mapping[Kind, float]
    """Dollars for a million reads of each kind."""

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
            "reads": {kind: asdict(cost) for kind, cost in self.run.reads.items()},
            "reads_of_many_followed": {
                kind: asdict(cost) for kind, cost in self.run.long_reads.items()
            },
            "whole": {
                name: {"usd": round(bill.usd, 2), "charges": [asdict(one) for one in bill.charges]}
                for name, bill in (
                    ("ingest", self.whole.ingest),
                    ("storage", self.whole.storage),
                    ("standing", self.whole.standing),
                    ("reads", self.whole.reads),
                    ("reads_batched", self.whole.batched),
                    ("reads_naive", self.whole.naive_reads),
                )
            },
            "whole_usd_a_day": {
                "alone": round(self.whole.usd, 2),
                "batched": round(self.whole.batched_usd, 2),
            },
            "usd_per_million_reads": {
                kind: round(usd, 3) for kind, usd in self.per_million.items()
            },
            "events_usd_a_day": round(events_bill(self.inputs, self.prices).usd, 2),
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
        whole(
            fed,
            units,
            prices,
            chunk_bytes=chunk_bytes,
            compacted=rows,
            pushes=pushes[BATCHES],
            push_cpu_ms=fed.scrobble_batch_cpu_ms,
            reads=run.reads,
            kept=kept_share(),
        ),
        dict(per_million(run.reads, fed, prices)),
    )


def _push_bills(pushes: Mapping[str, PushCosts], inputs: Inputs, prices: Prices) -> Iterator[Bill]:
    cpu_ms = {SINGLES: inputs.scrobble_cpu_ms, BATCHES: inputs.scrobble_batch_cpu_ms}
    a_day = Scale.of(inputs).crawls * PLAYS_A_CRAWL
    for plays in (MILLION, a_day):
        for name, found in pushes.items():
            shown = f"{plays:,.0f}, {name}"
            yield push_bill(shown, plays, found, cpu_ms[name], inputs, prices)
