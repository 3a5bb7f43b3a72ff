"""The read function: one list of another user, and a feed."""

import json
from pathlib import Path
from typing import Any

from cli.sandbox.issuer import claims_of, signed
from cli.studies.benchmark.aggregate import USUAL, aggregate, move_in
from cli.studies.benchmark.days import DAY, FIRST_DAY
from cli.studies.benchmark.invocation import Context
from cli.studies.benchmark.listening import chunks
from cli.studies.benchmark.measuring import Sample, cpu_ms, expect, resident_mb
from cli.studies.benchmark.size import Size
from cli.studies.benchmark.world import TENANT, World
from functions.read.handler import lambda_handler
from topk.domain.owner import Owner
from topk.domain.toplist.window import LONGEST_DAYS as YEAR
from topk.domain.toplist.window import Span
from topk.stores.dynamodb.models import FollowModel
from topk.stores.graph.edges import Edges
from topk.stores.tables.plays import Plays
from topk.usecases.lists.compact_plays import EVERY_DAYS

FEED = 25
EVENTS = Path(__file__).resolve().parents[3] / "events" / "read"
VIEWER = Owner(TENANT, "viewer")
_WARM_UP = 20


def measure(world: World, size: Size) -> dict[str, Any]:
    """Figures of reading one list, and of reading the pages of a feed until it holds 25."""
    now = FIRST_DAY
    owners = [Owner(TENANT, f"read-{at:03}") for at in range(FEED)]
    move_in(owners, USUAL, until=now)
    aggregate(owners, now)
    for owner in owners:
        Edges(FollowModel).add(VIEWER, owner)
    one, following = event_of("top", now), event_of("following", now)
    one["pathParameters"] = {"user_id": owners[0].user}
    for _ in range(_WARM_UP):
        read_one(one)
    world.spent()
    reads = [cpu_ms(lambda: read_one(one)) for _ in range(size.reads)]
    spent = world.spent()
    feeds = [cpu_ms(lambda: _feed(following)) for _ in range(max(2, size.reads // 10))]
    _live_a_year(owners[0], until=now)
    windows = {span: _window(one, span, max(2, size.reads // 20), world) for span in Span}
    return {
        "cpu_ms": Sample.of(reads),
        "feed_cpu_ms": Sample.of(feeds[1:]),
        "resident_mb": resident_mb(),
        "read_units": spent.read_units / size.reads,
        "windows": windows,
    }


def _live_a_year(owner: Owner, *, until: int) -> None:
    """Writes the compacted chunks of the year before `until`."""
    store = Plays(retention_days=35)
    for end in range(until - YEAR * DAY, until + 1, EVERY_DAYS * DAY):
        told = chunks(owner, per_day=30, crawls_per_day=2, since=end - EVERY_DAYS * DAY, until=end)
        store.compact(owner, [(one.fetched_at, one.plays) for one in told], through=end)
    store.note_compacted(owner, through=until - DAY)


def _window(event: dict[str, Any], span: Span, reads: int, world: World) -> dict[str, Any]:
    """Figures of reading the artists of one window."""
    event = {**event, "queryStringParameters": {"of": "artists", "window": span}}

    def read() -> None:
        expect("artists of a list", len(_answer(event)["artists"]) > 0, span is not Span.TODAY)

    read()
    world.spent()
    sample = Sample.of(cpu_ms(read) for _ in range(reads))
    return {"cpu_ms": sample, "read_units": world.spent().read_units / reads}


def event_of(name: str, now: int) -> dict[str, Any]:
    event: dict[str, Any] = json.loads((EVENTS / f"{name}.json").read_text(encoding="utf-8"))
    event["requestContext"]["timeEpoch"] = now * 1000
    given = event["headers"]
    claims = claims_of(given["authorization"]) | {"sub": VIEWER.user, "iat": now, "exp": now + 3600}
    given["authorization"] = f"Bearer {signed(claims)}"
    return event


def read_one(event: dict[str, Any]) -> None:
    expect("songs of a list", len(_answer(event)["songs"]), 10)


def _feed(event: dict[str, Any]) -> None:
    lists: list[Any] = []
    cursor: str | None = ""
    while cursor is not None:
        page = _answer({**event, "queryStringParameters": {"cursor": cursor} if cursor else {}})
        lists += page["lists"]
        cursor = page["cursor"]
    expect("lists of a feed", sum(len(one["songs"]) == 10 for one in lists), FEED)


def _answer(event: dict[str, Any]) -> Any:
    answer = lambda_handler(event, Context("read"))
    expect("status of a read", answer["statusCode"], 200)
    return json.loads(answer["body"])
