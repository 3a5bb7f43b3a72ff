"""Songs that a player pushes one by one within a minute make one list."""

import asyncio
import json
from collections.abc import Iterator
from unittest.mock import patch

import pytest

from cli.in_memory.events import json_body
from cli.in_memory.scenery import scenery
from cli.in_memory.service import Service
from cli.in_memory.world import deployment
from infra_cdk.pipelines.aggregation import WINDOW_SECONDS
from simulator.virtual_time import VirtualClock, VirtualLoop
from topk.domain.owner import Owner
from topk.stores.tables.personal_tokens import PersonalTokens
from topk.stores.tables.plays import Plays
from topk.stores.tables.top_lists import TopLists
from topk.usecases.lists.aggregate import aggregation

BEGIN = 1_793_145_600
OWNER = Owner("harbor", "ada")
YESTERDAY = BEGIN - 40_000


@pytest.fixture
def service() -> Iterator[Service]:
    clock = VirtualClock(BEGIN)
    with asyncio.Runner(loop_factory=VirtualLoop) as runner:
        found = scenery(1, 0, deployment(), clock, runner, providers=("spotify",))
        with Service(found, deployment(), clock) as service:
            for shard in service.cloud.shards:
                shard.gathers = (WINDOW_SECONDS, WINDOW_SECONDS)
            yield service


def _push(service: Service, token: str, number: int) -> None:
    listen = {
        "listened_at": YESTERDAY + 300 * number,
        "track_metadata": {"track_name": f"Song {number}", "artist_name": "The Lanterns"},
    }
    answer = service.api.call(
        "scrobble",
        "POST",
        "/1/submit-listens",
        headers={"authorization": f"Token {token}"},
        body=json.dumps({"listen_type": "single", "payload": [listen]}),
    )
    assert json_body(answer) == {"status": "ok"}


def _pushes(service: Service, *, number: int, apart: float) -> int:
    """How often the list was built from the stream for `number` songs, `apart` seconds apart."""
    built = 0

    def counted(*given: object, **named: object) -> object:
        nonlocal built
        built += 1
        return aggregation(*given, **named)  # type: ignore[arg-type]

    def player() -> None:
        made = service.api.call(
            "scrobble", "POST", "/v1/me/tokens", owner=OWNER, body=json.dumps({"name": "Player"})
        )
        token = json_body(made)["token"]
        for at in range(number):
            _push(service, token, at)
            if not at:
                assert TopLists().get(OWNER)[0], "the first list waits for nothing"
            service.scheduler.pause(apart)

    with patch("functions.aggregate.handler.aggregation", counted):
        service.scheduler.spawn(player)
        service.run(BEGIN + 3600)
    stored, _ = TopLists().get(OWNER)
    assert stored is not None
    assert len(Plays(retention_days=35).since(OWNER, 0)) == number
    assert len(stored.songs) == min(number, 30)
    assert PersonalTokens().of_owner(OWNER)
    return built


def test_songs_of_a_minute_make_one_list(service: Service) -> None:
    assert _pushes(service, number=20, apart=2) == 1


def test_songs_that_are_further_apart_make_a_list_each(service: Service) -> None:
    assert _pushes(service, number=5, apart=WINDOW_SECONDS + 60) == 5
