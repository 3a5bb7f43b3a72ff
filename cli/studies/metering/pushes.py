"""A metered week of a listener whose players push every play, song by song or later in batches."""

import json
from collections.abc import Callable, Sequence

from cli.failure import CommandFailedError
from cli.in_memory.events import json_body
from cli.studies.metering.run import BEGIN, DAY
from cli.studies.metering.service import MeteredService, Tally, metered_service
from infra_cdk.pipelines.aggregation import WINDOW_SECONDS
from simulator.metering.push_bill import PushCosts
from simulator.metering.unit_costs import AGGREGATE, LISTS
from topk.domain.owner import Owner

SCROBBLE = "scrobble"
A_DAY = 15
"""Plays of a listener, as in the bill of crawls."""
BATCH = 100
DAYS = 8
"""The last one is metered: the list is then made of a whole week."""
_SONGS = 60
_APART = DAY // A_DAY
_OWNER = Owner("harbor", "pushing")
_STEPS = ("Push song by song", "Push in batches")


def steps() -> Sequence[str]:
    return _STEPS


def measure_singles(seed: int) -> PushCosts:
    """Of one play that is pushed when it was played."""
    with metered_service(users=2, seed=seed, begin=BEGIN) as metered:
        token = _token(metered)

        def player() -> None:
            for day in range(DAYS):
                if day == DAYS - 1:
                    _begin(metered)
                for number in range(A_DAY):
                    at = BEGIN + day * DAY + number * _APART
                    _push(metered, token, [at])
                    metered.service.scheduler.pause(_APART)

        return _played(metered, player, A_DAY)


def measure_batches(seed: int) -> PushCosts:
    """Of one play of those that are pushed BATCH at a time."""
    batches = DAYS * A_DAY // BATCH + 1
    with metered_service(users=2, seed=seed, begin=BEGIN) as metered:
        token = _token(metered)

        def player() -> None:
            metered.service.scheduler.pause(DAYS * DAY)
            _begin(metered)
            for number in range(batches):
                first = BEGIN + number * BATCH * _APART // batches
                _push(metered, token, [first + play * _APART // batches for play in range(BATCH)])
                metered.service.scheduler.pause(2 * WINDOW_SECONDS)

        return _played(metered, player, batches * BATCH)


def _played(metered: MeteredService, player: Callable[[], None], plays: int) -> PushCosts:
    for shard in metered.service.cloud.shards:
        shard.gathers = (WINDOW_SECONDS, WINDOW_SECONDS)
    metered.service.scheduler.spawn(player)
    metered.service.run(BEGIN + (DAYS + 1) * DAY)
    used, tally = metered.meter.used, metered.tally
    of_push = [one for line, one in used.items() if line.function == SCROBBLE]
    of_lists = [(line, one) for line, one in used.items() if line.function == AGGREGATE]
    return PushCosts(
        calls=tally.invocations[SCROBBLE] / plays,
        write=sum(one.write for one in of_push) / plays,
        read=sum(one.read for one in of_push) / plays,
        lists=tally.invocations[AGGREGATE] / plays,
        list_write=sum(one.write for line, one in of_lists if line.resource == LISTS) / plays,
        list_read=sum(one.read for _, one in of_lists) / plays,
        chunk_bytes=tally.chunk_bytes["scrobbler"] / plays,
        log_bytes=(tally.log_bytes[SCROBBLE] + tally.log_bytes[AGGREGATE]) / plays,
    )


def _begin(metered: MeteredService) -> None:
    metered.meter.used.clear()
    metered.tally = Tally()


def _token(metered: MeteredService) -> str:
    body = json.dumps({"name": "Player"})
    made = metered.call(SCROBBLE, "POST", "/v1/me/tokens", _OWNER, body=body)
    return str(made["token"])


def _push(metered: MeteredService, token: str, moments: Sequence[int]) -> None:
    listens = [
        {
            "listened_at": at,
            "track_metadata": {
                "track_name": f"Song {at % _SONGS}",
                "artist_name": "The Lanterns",
                "release_name": "Harbour Lights",
                "additional_info": {"duration_ms": 221_500, "duration_played": 221},
            },
        }
        for at in moments
    ]
    kind = "single" if len(listens) == 1 else "import"
    answer = metered.service.api.call(
        SCROBBLE,
        "POST",
        "/1/submit-listens",
        headers={"authorization": f"Token {token}"},
        body=json.dumps({"listen_type": kind, "payload": listens}),
    )
    if json_body(answer) != {"status": "ok"}:
        raise CommandFailedError(f"a push was answered with {answer['body']}")
