"""The aggregate function, from a batch of its stream to the written lists."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from cli.benchmark.days import DAY, first_day
from cli.benchmark.invocation import Context
from cli.benchmark.listening import PROVIDER, chunks
from cli.benchmark.measuring import Sample, cpu_ms, expect, resident_mb
from cli.benchmark.size import Size
from cli.benchmark.world import TENANT, World
from functions.aggregate.handler import lambda_handler
from topk.domain.connection import Connection, Status
from topk.domain.owner import Owner
from topk.domain.song import _fingerprint
from topk.stores.connections import Connections
from topk.stores.plays import Plays
from topk.stores.profiles import Profiles
from topk.stores.top_lists import TopLists

_RETENTION_DAYS = 35


@dataclass(frozen=True, slots=True)
class Kind:
    """Owners who listen `per_day` times a day. `share` of the usual number of them is measured."""

    per_day: int
    crawls_per_day: int
    share: float


USUAL, MUCH, ALWAYS = Kind(30, 2, 1), Kind(200, 4, 0.25), Kind(3000, 24, 0.05)


def measure(world: World, size: Size, *, kind: Kind) -> dict[str, Any]:
    """Figures of a list whose owner listened since it was made, all else being warm.

    As many other owners were served by the process before. `unknown` is with no title ever seen.
    """
    count = max(1, round(size.owners * kind.share))
    owners = [Owner(TENANT, f"listens-{kind.per_day}-{at}") for at in range(2 * count)]
    warm_up, measured = owners[:count], owners[count:]
    today = first_day()
    move_in(owners, kind, until=today)
    for owner in owners:
        _aggregate([owner], today)
    tomorrow = today + DAY
    _listen(owners, kind, since=today, until=tomorrow)
    for owner in warm_up:
        _aggregate([owner], tomorrow)
    world.spent()
    samples = [_aggregate([owner], tomorrow) for owner in measured]
    spent = world.spent()
    again = [_aggregate([owner], tomorrow) for owner in measured]
    expect("write units of lists that did not change", world.spent().write_units, 0)
    _check(measured[0], kind)
    _listen(measured, kind, since=tomorrow, until=tomorrow + DAY)
    unknown = [_afresh(owner, tomorrow + DAY) for owner in measured]
    return {
        "cpu_ms": Sample.of(samples),
        "unchanged_cpu_ms": Sample.of(again),
        "unknown_cpu_ms": Sample.of(unknown),
        "resident_mb": resident_mb(),
        "write_units": spent.write_units / count,
        "read_units": spent.read_units / count,
    }


def move_in(owners: Sequence[Owner], kind: Kind, *, until: int) -> None:
    """`owners` are connected and have listened for the window that is current at `until`."""
    for owner in owners:
        Profiles().create(owner)
        Connections().put(_connection(owner, until))
    _listen(owners, kind, since=until - 8 * DAY, until=until)


def _listen(owners: Iterable[Owner], kind: Kind, *, since: int, until: int) -> None:
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


def _afresh(owner: Owner, now: int) -> float:
    _fingerprint.cache_clear()
    return _aggregate([owner], now)


def _aggregate(owners: Sequence[Owner], now: int) -> float:
    event = {"Records": [_record(owner, now, at) for at, owner in enumerate(owners)]}
    answers: list[Any] = []
    spent = cpu_ms(lambda: answers.append(lambda_handler(event, Context("aggregate"))))
    expect("failed lists", answers, [{"batchItemFailures": []}])
    return spent / len(owners)


def aggregate(owners: Sequence[Owner], now: int) -> None:
    """Makes the lists of `owners` current at `now`."""
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
