"""Measures the crawl function, from its queue event to the checkpoint, including all calls."""

import json
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from statistics import median
from typing import Any
from unittest.mock import patch

from cli.studies.benchmark.days import DAY, FIRST_DAY, NIGHT
from cli.studies.benchmark.invocation import Context
from cli.studies.benchmark.measuring import Sample, cpu_ms, expect, resident_mb
from cli.studies.benchmark.size import Size
from cli.studies.benchmark.world import GRID, TENANT, Spent, World
from functions.crawl import handler
from functions.crawl.handler import lambda_handler
from functions.crawl.wiring import crawling
from simulator.aws.dynamodb.capacity import write_units
from simulator.aws.dynamodb.item_size import item_size
from simulator.stand_in.spotify import ACCESS_PREFIX, PAGE, PER_DAY, REFRESH_PREFIX
from topk.domain.account.connection import Connection, Grant, Status
from topk.domain.crawl.timetable import DAILY
from topk.domain.owner import Owner
from topk.domain.play import plays_of
from topk.stores.dynamodb import rows
from topk.stores.dynamodb.models import ConnectionModel, PlaysModel
from topk.stores.tables.plays import Plays


@contextmanager
def without_clock() -> Iterator[None]:
    """The function uses the later of a message's time and its clock's; here, the message's."""
    parts = replace(crawling(), clock=lambda: 0.0)
    with patch.object(handler, "crawling", lambda: parts):
        yield


@without_clock()
def measure(world: World, size: Size, *, at_once: int) -> dict[str, Any]:
    """Figures of a usual daily crawl (15 new plays of a page of 50), of a first one (all 50 are
    new) and of one that finds nothing new. `usual_write_units` are the median of the usual crawls,
    of the sizes of their rows; `write_units` the mean, as consumed.
    """
    batches = [
        [Owner(TENANT, f"crawled-{batch}-{at}") for at in range(at_once)]
        for batch in range(size.batches + 1)
    ]
    now = FIRST_DAY + NIGHT
    warm_up, measured = batches[0], batches[1:]
    connect([owner for batch in batches for owner in batch], now)
    _crawl(world, [warm_up], now)
    first, first_spent = _crawl(world, measured, now)
    usual: list[float] = []
    usual_spent: list[Spent] = []
    since = now + 1
    for _ in range(size.days):
        now += DAY
        samples, spent = _crawl(world, measured, now)
        usual += samples
        usual_spent.append(spent)
    units = [one for batch in measured for owner in batch for one in _write_units(owner, since)]
    idle, idle_spent = _crawl(world, measured, now + NIGHT)
    crawls = at_once * size.batches
    for owner in measured[0][:2]:
        known = plays_of(Plays(retention_days=35).since(owner, 0))
        expect(f"plays of {owner.key}", len({*known}), PAGE + PER_DAY * size.days)
    return {
        "cpu_ms": Sample.of(usual),
        "first_cpu_ms": Sample.of(first),
        "empty_cpu_ms": Sample.of(idle),
        "resident_mb": resident_mb(),
        "write_units": sum(one.write_units for one in usual_spent) / crawls / size.days,
        "usual_write_units": median(units),
        "first_write_units": first_spent.write_units / crawls,
        "empty_write_units": idle_spent.write_units / crawls,
        "read_units": sum(one.read_units for one in usual_spent) / crawls / size.days,
    }


def _write_units(owner: Owner, since: int) -> Iterator[int]:
    """Write units of each crawl since `since`: those of its chunk and of the connection."""
    [connection] = rows.query(ConnectionModel, owner.key)
    for chunk in rows.query(PlaysModel, owner.key, first=f"{since:010}"):
        yield write_units(item_size(chunk)) + write_units(item_size(connection))


def _crawl(world: World, batches: Sequence[Sequence[Owner]], now: int) -> tuple[list[float], Spent]:
    world.move(now, [owner.user for batch in batches for owner in batch])
    world.spent()
    return [crawl_batch(batch, now) for batch in batches], world.spent()


def crawl_batch(owners: Sequence[Owner], now: int) -> float:
    event = _event(owners, now)
    answers: list[Any] = []
    spent = cpu_ms(lambda: answers.append(_handle(event)), operations=len(owners))
    expect("failed crawls", answers, [{"batchItemFailures": []}])
    return spent


def _handle(event: dict[str, Any]) -> Any:
    return lambda_handler(event, Context("crawl"))


def connect(owners: Iterable[Owner], now: int) -> None:
    ports = crawling().ports
    for owner in owners:
        grant = Grant(ACCESS_PREFIX + "before", REFRESH_PREFIX + owner.user, expires_at=now - DAY)
        ports.connections.put(
            Connection(
                owner=owner,
                provider="spotify",
                sealed_grant=ports.vault.seal(owner, "spotify", grant, now=now),
                status=Status.ACTIVE,
                connected_at=now - DAY,
                status_since=now - DAY,
                expires_at=now - DAY,
                consent_ends_at=now + 180 * DAY,
            )
        )


def _event(owners: Iterable[Owner], now: int) -> dict[str, Any]:
    bodies = [_body(owner, now) for owner in owners]
    return {
        "Records": [
            {
                "messageId": f"059f36b4-87a3-44ab-83d2-{at:012}",
                "receiptHandle": f"fake-receipt-{at}" * 10,
                "body": body,
                "attributes": {
                    "ApproximateReceiveCount": "1",
                    "ApproximateFirstReceiveTimestamp": str(now * 1000),
                },
                "eventSource": "aws:sqs",
                "eventSourceARN": "arn:aws:sqs:us-east-1:000000000000:topk-spotify",
            }
            for at, body in enumerate(bodies)
        ]
    }


def _body(owner: Owner, now: int) -> str:
    """The dispatcher's message for the crawl, due in its slot of the day."""
    [entry] = GRID.entries(owner.key, "spotify", DAILY)
    slot = now - now % DAY + entry.minute * 60
    message = {
        "owner": owner.key,
        "provider": "spotify",
        "at": now,
        "reason": "due",
        "correlation": f"{entry.minute:012x}",
        "slot": slot,
    }
    return json.dumps(message, separators=(",", ":"))
