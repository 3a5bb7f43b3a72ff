"""The ingest function: signed deliveries of a provider that pushes."""

import json
from typing import Any

from cli.studies.benchmark.days import DAY, FIRST_DAY
from cli.studies.benchmark.invocation import Context
from cli.studies.benchmark.measuring import Sample, cpu_ms, expect, resident_mb
from cli.studies.benchmark.read import EVENTS
from cli.studies.benchmark.size import Size
from cli.studies.benchmark.world import TENANT, World
from functions.ingest.handler import SIGNATURE, lambda_handler
from simulator.stand_in.credentials import CREDENTIALS
from simulator.stand_in.songs import Listener
from topk.domain.account.connection import Connection, Status
from topk.domain.owner import Owner
from topk.domain.signature import sign
from topk.stores.tables.connections import Connections
from topk.stores.tables.provider_users import ProviderUsers

PROVIDER = "partner"
LISTENERS, EACH = 20, 5


def measure(world: World, size: Size) -> dict[str, Any]:
    """Figures for one listen, of deliveries of 100 listens of 20 users."""
    now = FIRST_DAY
    users = [f"pushed-{at}" for at in range(LISTENERS)]
    for user in users:
        owner = Owner(TENANT, user)
        ProviderUsers().add(PROVIDER, user, owner)
        Connections().put(_connection(owner, now))
    _deliver(users, now)
    world.spent()
    moments = range(now + DAY, now + DAY + size.pushes * 3600, 3600)
    samples = [_deliver(users, moment) for moment in moments]
    spent = world.spent()
    return {
        "cpu_ms": Sample.of(samples),
        "resident_mb": resident_mb(),
        "write_units": spent.write_units / size.pushes / LISTENERS / EACH,
    }


def _deliver(users: list[str], now: int) -> float:
    listens = [_listen(user, at, song) for user in users for at, song in _heard(user, now)]
    body = json.dumps({"listens": listens})
    event = json.loads((EVENTS.parent / "ingest" / "delivered.json").read_text(encoding="utf-8"))
    event["requestContext"]["timeEpoch"] = now * 1000
    event["headers"][SIGNATURE] = sign(body.encode(), CREDENTIALS["push_secret"], at=now)
    event["body"] = body
    answers: list[Any] = []
    spent = cpu_ms(lambda: answers.append(lambda_handler(event, Context("ingest"))))
    expect("listens taken", json.loads(answers[0]["body"])["accepted"], len(listens))
    return spent / len(listens)


def _heard(user: str, now: int) -> list[Any]:
    return Listener(user, 5 * 24).plays(now - 3600, now)[:EACH]


def _listen(user: str, at: int, song: Any) -> dict[str, Any]:
    return {
        "user_id": user,
        "listened_at": at,
        "track": {
            "id": song.track_id,
            "title": song.title,
            "artists": song.artists,
            "album": song.album,
            "duration_ms": song.seconds * 1000,
            "isrc": song.isrc,
            "url": song.url,
            "image": song.image,
        },
    }


def _connection(owner: Owner, now: int) -> Connection:
    return Connection(
        owner=owner,
        provider=PROVIDER,
        sealed_grant="s" * 700,
        status=Status.ACTIVE,
        connected_at=now - DAY,
        status_since=now - DAY,
    )
