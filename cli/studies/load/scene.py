"""Callers of a load run: listeners of a local stack, or callers from a file."""

import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from random import Random
from unittest.mock import patch

import httpx2
import msgspec

from cli.failure import CommandFailedError
from cli.local_stack.stack import LocalStack
from cli.studies.demonstration.days import wait_until
from cli.studies.demonstration.people import People, Person
from infra_cdk import outputs
from simulator.emulator.process import REGION, ROOT_CREDENTIALS
from simulator.load.mix import Caller
from topk.domain.account.profile import Profile
from topk.domain.chunk import Chunk
from topk.domain.owner import Owner
from topk.domain.play import Play, Track
from topk.stores.dynamodb.models import bind
from topk.stores.graph.graph import Graph
from topk.stores.tables.plays import Plays
from topk.stores.tables.profiles import Profiles
from topk.usecases.accounts.change_edges import Told, change_edges

FOLLOWS = 12
"""Users that a listener follows, drawn by popularity."""
_SONGS = 60
_PLAYS = 210
"""Plays of a typical listener in a week."""
_LIST_SECONDS = 300.0
_TABLES = {"plays": "Plays", "profiles": "Profiles", "follows": "Follows"}


def callers_of(path: Path) -> list[Caller]:
    """The callers in a JSON file: a list of {"api", "user", "token", "follows"}, the most popular
    first.

    Raises CommandFailedError if the content is different.
    """
    try:
        return msgspec.json.decode(path.read_bytes(), type=list[Caller])
    except (OSError, msgspec.DecodeError) as error:
        raise CommandFailedError(f"{path}: {error}") from error


def set_up(stack: LocalStack, *, seed: int) -> list[Caller]:
    """Writes plays and follow edges for every listener of `stack`, and waits for all lists.

    The deployed aggregate function builds the lists. The most popular users come first.
    """
    with httpx2.Client(timeout=30, trust_env=False) as http, _tables(stack) as graph:
        people = People(stack, http)
        dice = Random(seed)  # noqa: S311 - not for secrets
        now = int(people.world("GET", "clock")["now"])
        callers = [
            Caller(
                stack.api_urls[person.tenant],
                person.user,
                people.token(person),
                _followed(person, people.everyone, dice),
            )
            for person in people.everyone
        ]
        for person, caller in zip(people.everyone, callers, strict=True):
            _move_in(Owner(person.tenant, person.user), caller.follows, graph, dice, now)
        for person in people.everyone:
            _await_list(people, person)
        return callers


def _followed(person: Person, everyone: Sequence[Person], dice: Random) -> tuple[str, ...]:
    others = [one for one in everyone if one.tenant == person.tenant and one != person]
    fame = [1 / (place + 1) for place, _ in enumerate(others)]
    return tuple(sorted({one.user for one in dice.choices(others, fame, k=FOLLOWS)}))


def _move_in(owner: Owner, follows: Sequence[str], graph: Graph, dice: Random, now: int) -> None:
    Profiles().put(owner, Profile(time_zone="UTC"))
    change_edges(
        owner.tenant, [Told(owner.user, other, follows=True) for other in follows], graph=graph
    )
    midnight = now - now % 86_400
    plays = (
        Play("spotify", _track(dice.randrange(_SONGS)), midnight - dice.randrange(7 * 86_400))
        for _ in range(_PLAYS)
    )
    chunk = Chunk(owner, "spotify", now, f"{dice.getrandbits(48):012x}", tuple(sorted(plays)))
    Plays(retention_days=35).append([chunk])


def _track(number: int) -> Track:
    return Track(
        track_id=f"load{number:018}",
        title=f"Song {number}",
        artists=(f"Singer {number % 20}",),
        album=f"Album {number % 30}",
        duration=200,
        url=f"https://open.spotify.com/track/load{number:018}",
        image=f"https://i.scdn.co/image/load{number:036}",
    )


def _await_list(people: People, person: Person) -> None:
    wait_until(
        lambda: people.expect(person, "GET", "/v1/me/top")["songs"],
        _LIST_SECONDS,
        f"{person.user} has no list",
    )


@contextmanager
def _tables(stack: LocalStack) -> Iterator[Graph]:
    """The follow graph, while the stores use the tables of `stack` as the account's root user."""
    environment = {
        "AWS_ENDPOINT_URL": stack.emulator_url,
        "AWS_ACCESS_KEY_ID": ROOT_CREDENTIALS.key_id,
        "AWS_SECRET_ACCESS_KEY": ROOT_CREDENTIALS.secret,
    }
    with patch.dict(os.environ, environment):
        connection = bind(
            {kind: stack.outputs[outputs.table(name)] for kind, name in _TABLES.items()},
            region=REGION,
        )
        yield Graph(connection)
