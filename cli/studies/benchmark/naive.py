"""The naive design, measured in the same way as ours."""

import asyncio
from collections.abc import Sequence
from datetime import UTC, datetime
from functools import partial
from typing import Any

import boto3

from cli.studies.benchmark.days import DAY, FIRST_DAY, NIGHT
from cli.studies.benchmark.measuring import Sample, cpu_ms, expect, resident_mb
from cli.studies.benchmark.size import Size
from cli.studies.benchmark.world import REGION, World
from simulator.naive.crawl import connect, crawl_all
from simulator.naive.dispatch import dispatch
from simulator.naive.tables import Tables, create
from simulator.naive.top_list import top_list
from simulator.stand_in.spotify import PAGE, PER_DAY, REFRESH_PREFIX


def measure(world: World, size: Size, *, at_once: int) -> dict[str, Any]:
    """Its crawl of the same accounts, its list, and its dispatcher."""
    create(boto3.client("dynamodb", region_name=REGION))
    tables = Tables()
    batches = [
        [f"naive-{batch}-{at}" for at in range(at_once)] for batch in range(size.batches + 1)
    ]
    for owner in (owner for batch in batches for owner in batch):
        connect(owner, REFRESH_PREFIX + owner, tables)
    now = FIRST_DAY + NIGHT
    _crawl(world, batches[:1], tables, now, PAGE)
    first, first_units = _crawl(world, batches[1:], tables, now, PAGE)
    usual: list[float] = []
    units: list[float] = []
    for _ in range(size.days):
        now += DAY
        samples, written = _crawl(world, batches[1:], tables, now, PER_DAY)
        usual += samples
        units.append(written)
    return {
        "cpu_ms": Sample.of(usual),
        "first_cpu_ms": Sample.of(first),
        "write_units": sum(units) / len(units),
        "first_write_units": first_units,
        "resident_mb": resident_mb(),
        "list_cpu_ms": _lists(batches[1], tables, now, size),
        "dispatch_cpu_ms": _dispatch(world, tables, size),
    }


def _crawl(
    world: World, batches: Sequence[Sequence[str]], tables: Tables, now: int, plays: int
) -> tuple[list[float], float]:
    """CPU per crawl of each batch, and write units per crawl."""
    world.move(now, [owner for batch in batches for owner in batch])
    world.spent()
    samples = [_batch(world, batch, tables, now, plays) for batch in batches]
    crawls = sum(map(len, batches))
    return samples, world.spent().write_units / crawls


def _batch(world: World, owners: Sequence[str], tables: Tables, now: int, plays: int) -> float:
    found: list[int] = []

    def crawl() -> None:
        moment = datetime.fromtimestamp(now, UTC)
        crawling = crawl_all(
            owners, tables, provider_url=world.url, at_once=len(owners), now=moment
        )
        found.append(asyncio.run(crawling))

    spent = cpu_ms(crawl, operations=len(owners))
    expect("plays crawled", found, [plays * len(owners)])
    return spent


def _lists(owners: Sequence[str], tables: Tables, now: int, size: Size) -> Sample:
    today = datetime.fromtimestamp(now, UTC).date()
    expect("songs of a list", len(top_list(owners[0], tables, today=today)), 10)
    reads = max(2, size.reads // 10)
    asked = (owners[at % len(owners)] for at in range(reads))
    return Sample.of(cpu_ms(partial(top_list, owner, tables, today=today)) for owner in asked)


def _dispatch(world: World, tables: Tables, size: Size) -> Sample:
    sqs = boto3.client("sqs", region_name=REGION)
    with tables.connections.batch_writer() as batch:
        for at in range(size.rows):
            key = {"owner": f"due-{at:07}", "provider": "spotify", "bucket": "0"}
            batch.put_item(Item={**key, "next_crawl_at": "1990", "refresh_token": "r" * 131})

    def tick() -> None:
        sent = dispatch(tables, sqs, queue_url=world.queue("spotify"), now="1999")
        expect("messages sent", sent, size.rows)

    tick()
    return Sample.of(cpu_ms(tick, operations=size.rows) for _ in range(3))
