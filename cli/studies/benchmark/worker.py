"""The process of one benchmark: `python -m cli.studies.benchmark.worker crawl-50 URL OUT`.

A separate process keeps the memory figures separate and all caches cold.
"""

import os
import sys
from pathlib import Path
from typing import Any

import msgspec

from cli.studies.benchmark.measuring import WrongAnswerError
from cli.studies.benchmark.size import FULL, QUICK, Size
from cli.studies.benchmark.world import REGION, World, environment


def _crawl(world: World, size: Size, at_once: int) -> Any:
    from cli.studies.benchmark.crawl import measure

    return measure(world, size, at_once=at_once)


def _aggregate(world: World, size: Size, per_day: int) -> Any:
    from cli.studies.benchmark import aggregate

    kinds = {kind.per_day: kind for kind in (aggregate.USUAL, aggregate.MUCH, aggregate.ALWAYS)}
    return aggregate.measure(world, size, kind=kinds[per_day])


def _read(world: World, size: Size, _: int) -> Any:
    from cli.studies.benchmark.read import measure

    return measure(world, size)


def _dispatch(world: World, size: Size, _: int) -> Any:
    from cli.studies.benchmark.dispatch import measure

    return measure(world, size)


def _ingest(world: World, size: Size, _: int) -> Any:
    from cli.studies.benchmark.ingest import measure

    return measure(world, size)


def _scrobble(world: World, size: Size, _: int) -> Any:
    from cli.studies.benchmark.scrobble import measure

    return measure(world, size)


def _naive(world: World, size: Size, at_once: int) -> Any:
    from cli.studies.benchmark.naive import measure

    return measure(world, size, at_once=at_once)


def _waiting(world: World, size: Size, _: int) -> Any:
    from cli.studies.benchmark.waiting import measure

    return measure(world, size)


MEASURES = {
    "crawl": _crawl,
    "aggregate": _aggregate,
    "read": _read,
    "dispatch": _dispatch,
    "ingest": _ingest,
    "scrobble": _scrobble,
    "naive": _naive,
    "waiting": _waiting,
}


def main(name: str, url: str, out: str, quick: str = "") -> None:
    kind, _, argument = name.partition("-")
    os.environ.update(environment(url))
    world = World(url)
    world.reset()
    if kind != "naive":
        _deploy()
    found = MEASURES[kind](world, QUICK if quick else FULL, int(argument or 0))
    Path(out).write_bytes(msgspec.json.encode(found))


def _deploy() -> None:
    from cli.studies.benchmark.tables import create, tables
    from topk.runtime.aws import client

    os.environ.update(tables())
    create(client("dynamodb", REGION))


if __name__ == "__main__":
    try:
        main(*sys.argv[1:])
    except WrongAnswerError as error:
        sys.exit(f"{sys.argv[1]}: {error}")
