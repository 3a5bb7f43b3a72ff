"""Measures the aggregate function, from a stream batch to the written lists."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from statistics import mean
from typing import Any

from cli.studies.benchmark.days import DAY, FIRST_DAY
from cli.studies.benchmark.invocation import Context
from cli.studies.benchmark.listening import PROVIDER, chunks
from cli.studies.benchmark.measuring import Sample, cpu_ms, expect, resident_mb
from cli.studies.benchmark.size import Size
from cli.studies.benchmark.world import TENANT, Spent, World
from functions.aggregate.handler import lambda_handler
from topk.domain.account.connection import Connection, Status
from topk.domain.owner import Owner
from topk.domain.song.identity import forget_identities
from topk.domain.toplist.window import DAYS
from topk.stores.tables.connections import Connections
from topk.stores.tables.plays import Plays
from topk.stores.tables.profiles import Profiles
from topk.stores.tables.top_lists import TopLists

OWNERS_OF_A_BATCH = 16
"""At full scale a shard has less than a full batch within its batching window."""
_RETENTION_DAYS = 35
_MORNING = 6 * 3600
"""Seconds after midnight of the day's first crawl, after which a list is rebuilt."""


@dataclass(frozen=True, slots=True)
class Kind:
    """Owners with `per_day` plays a day; only `share` of the usual number of them is measured."""

    per_day: int
    crawls_per_day: int
    share: float


USUAL, MUCH, ALWAYS = Kind(30, 2, 1), Kind(200, 4, 0.25), Kind(3000, 24, 0.05)


def measure(world: World, size: Size, *, kind: Kind) -> dict[str, Any]:
    """Figures of a list, built once on each of the seven days of a week.

    Owners arrive as in a batch of the stream. `unchanged` is for lists whose plays arrive again,
    `unknown` for titles that the process has not seen before.
    """
    count = max(1, round(size.owners * kind.share))
    owners = [Owner(TENANT, f"listens-{kind.per_day}-{at}") for at in range(count)]
    batches = [owners[at : at + OWNERS_OF_A_BATCH] for at in range(0, count, OWNERS_OF_A_BATCH)]
    day = FIRST_DAY + _MORNING
    move_in(owners, kind, until=day)
    week: list[list[float]] = []
    spent: list[Spent] = []
    for _ in range(2 * DAYS):
        listen(owners, kind, since=day, until=day + DAY)
        day += DAY
        world.spent()
        week.append([_aggregate(batch, day) for batch in batches])
        spent.append(world.spent())
    week, spent = week[DAYS:], spent[DAYS:]
    again = [_aggregate(batch, day) for batch in batches]
    expect("write units of lists that did not change", world.spent().write_units, 0)
    _check(owners[0], kind)
    listen(owners, kind, since=day, until=day + DAY)
    unknown = [_afresh(batch, day + DAY) for batch in batches]
    return {
        # Day by day, so that a disturbance on one day does not affect the figures of the others.
        "cpu_ms": Sample.of(map(mean, zip(*map(sorted, week), strict=True))),
        "by_day_cpu_ms": [min(of_day) for of_day in week],
        "unchanged_cpu_ms": Sample.of(again),
        "unknown_cpu_ms": Sample.of(unknown),
        "resident_mb": resident_mb(),
        "write_units": mean(one.write_units for one in spent) / count,
        "read_units": mean(one.read_units for one in spent) / count,
    }


def move_in(owners: Sequence[Owner], kind: Kind, *, until: int) -> None:
    """Connects `owners`, and writes their plays of the window that is current at `until`."""
    for owner in owners:
        Profiles().create(owner)
        Connections().put(_connection(owner, until))
    listen(owners, kind, since=until - 8 * DAY, until=until)


def listen(owners: Iterable[Owner], kind: Kind, *, since: int, until: int) -> None:
    for owner in owners:
        Plays(retention_days=_RETENTION_DAYS).append(
            chunks(
                owner,
                per_day=kind.per_day,
                crawls_per_day=kind.crawls_per_day,
                since=since,
                until=until,
            )
        )


def _afresh(owners: Sequence[Owner], now: int) -> float:
    forget_identities()
    return _aggregate(owners, now)


def _aggregate(owners: Sequence[Owner], now: int) -> float:
    event = {"Records": [_record(owner, now, at) for at, owner in enumerate(owners)]}
    answers: list[Any] = []
    spent = cpu_ms(lambda: answers.append(lambda_handler(event, Context("aggregate"))))
    expect("failed lists", answers, [{"batchItemFailures": []}])
    return spent / len(owners)


def aggregate(owners: Sequence[Owner], now: int) -> None:
    """Builds the lists of `owners` as of `now`."""
    _aggregate(owners, now)


def _check(owner: Owner, kind: Kind) -> None:
    found, _ = TopLists().get(owner)
    songs = found.songs if found else ()
    expect("songs of a list", len(songs) > 0 and songs[0].listen_count > 1, True)
    expect("plays of a list", sum(s.listen_count for s in songs) <= 7 * kind.per_day, True)


def _record(owner: Owner, now: int, at: int) -> dict[str, Any]:
    return {
        "eventName": "INSERT",
        "eventSource": "aws:dynamodb",
        "dynamodb": {
            "ApproximateCreationDateTime": now,
            "Keys": {
                "owner": {"S": owner.key},
                "chunk": {"S": f"{now:010}#{PROVIDER}#{now:012}"},
            },
            "SequenceNumber": f"{at + 1:021}",
            "StreamViewType": "KEYS_ONLY",
        },
    }


def _connection(owner: Owner, now: int) -> Connection:
    return Connection(
        owner=owner,
        provider=PROVIDER,
        sealed_grant="s" * 700,
        status=Status.ACTIVE,
        connected_at=now - 30 * DAY,
        status_since=now - 30 * DAY,
        crawled_through=now,
        heard_at=now,
        checkpoint="c" * 319,
        version=1,
    )
