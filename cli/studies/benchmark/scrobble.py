"""The scrobble function: plays that a player pushes with a personal token."""

import json
import math
from itertools import count
from typing import Any

from cli.studies.benchmark.days import DAY, FIRST_DAY
from cli.studies.benchmark.invocation import Context
from cli.studies.benchmark.measuring import Sample, cpu_ms, expect, resident_mb
from cli.studies.benchmark.read import EVENTS
from cli.studies.benchmark.size import Size
from cli.studies.benchmark.world import TENANT, World
from functions.scrobble.handler import lambda_handler
from simulator.stand_in.songs import Listener
from topk.domain.account.personal_token import Kind, PersonalToken, hash_of
from topk.domain.chunk import Chunk
from topk.domain.owner import Owner
from topk.stores.codecs.chunk_format import encode
from topk.stores.tables.personal_tokens import PersonalTokens
from topk.stores.tables.plays import Plays

BATCH = 100
"""Listens of a call of a player that was offline."""
_PER_DAY = 100
_APART = 60
"""Seconds between two calls."""
_TOKEN = "fake-token"  # noqa: S105
_USER = "pushing"
_KEYS_BYTES = 80
"""Of a row beside its plays: the names and values of its keys and of its expiry."""


def measure(world: World, size: Size) -> dict[str, Any]:
    """Figures for one listen of calls of BATCH listens, and for calls of one listen."""
    owner = Owner(TENANT, _USER)
    token = PersonalToken(hash_of(_TOKEN), owner, Kind.TOKEN, "bench", created_at=FIRST_DAY)
    PersonalTokens().put(token)
    listens = _listens(FIRST_DAY, BATCH * (size.pushes + 1) + size.pushes)
    now = listens[-1]["listened_at"] + 60
    _push(listens[:BATCH], now)
    world.spent()
    batches = [listens[at : at + BATCH] for at in range(BATCH, BATCH * (size.pushes + 1), BATCH)]
    moments = count(now, _APART)
    samples = [_push(batch, next(moments)) / BATCH for batch in batches]
    many = world.spent()
    singles = [_push([listen], next(moments)) for listen in listens[-size.pushes :]]
    one = world.spent()
    return {
        "cpu_ms": Sample.of(samples),
        "single_cpu_ms": Sample.of(singles),
        "resident_mb": resident_mb(),
        "write_units": many.write_units / size.pushes / BATCH,
        "write_units_per_kb": many.by_table["plays"] / _started_kb(owner),
        "single_write_units": one.write_units / size.pushes,
        "single_read_units": one.read_units / size.pushes,
    }


def _started_kb(owner: Owner) -> int:
    """The started KB of the chunks of whole batches, without the first batch and single plays."""
    chunks = [chunk for chunk in Plays(retention_days=35).chunks(owner) if len(chunk.plays) > 1]
    first = min(chunks, key=lambda chunk: chunk.fetched_at)
    expect("batches stored", sum(len(chunk.plays) for chunk in chunks), BATCH * len(chunks))
    return sum(math.ceil(_row_bytes(chunk) / 1024) for chunk in chunks if chunk != first)


def _row_bytes(chunk: Chunk) -> int:
    return len(encode(chunk.plays)) + _KEYS_BYTES


def _push(listens: list[dict[str, Any]], now: int) -> float:
    """The CPU time of a call in milliseconds."""
    path = EVENTS.parent / "scrobble" / "submit_import.json"
    event = json.loads(path.read_text(encoding="utf-8"))
    event["requestContext"]["timeEpoch"] = now * 1000
    event["headers"]["authorization"] = f"Token {_TOKEN}"
    event["body"] = json.dumps({"listen_type": "import", "payload": listens})
    answers: list[Any] = []
    spent = cpu_ms(lambda: answers.append(lambda_handler(event, Context("scrobble"))))
    expect("answer", json.loads(answers[0]["body"]), {"status": "ok"})
    return spent


def _listens(now: int, number: int) -> list[dict[str, Any]]:
    days = math.ceil(number / _PER_DAY) + 1
    plays = Listener(_USER, _PER_DAY).plays(now, now + days * DAY)
    return [_listen(at, song) for at, song in plays[:number]]


def _listen(at: int, song: Any) -> dict[str, Any]:
    return {
        "listened_at": at,
        "track_metadata": {
            "track_name": song.title,
            "artist_name": song.artists[0],
            "release_name": song.album,
            "additional_info": {
                "duration_ms": song.seconds * 1000,
                "duration_played": song.seconds,
                "isrc": song.isrc,
                "origin_url": song.url,
                "media_player": "fake-player",
                "submission_client": "fake-player",
            },
        },
    }
