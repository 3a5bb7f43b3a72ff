"""The listeners of the world as users of the service."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import httpx2

from cli.failure import CommandFailedError
from cli.in_memory.api import Api
from topk.domain.owner import Owner


@dataclass(frozen=True, slots=True)
class Person:
    """`accounts` maps a provider to the account there; `follower` views their list."""

    owner: Owner
    time_zone: str
    accounts: Mapping[str, str]
    follows: Sequence[str]
    follower: Owner


def people(listeners: Sequence[Mapping[str, Any]]) -> list[Person]:
    followers: dict[Owner, Owner] = {}
    for one in listeners:
        for user in one["follows"]:
            followers.setdefault(Owner(one["tenant"], user), Owner(one["tenant"], one["user"]))
    return [_person(one, followers) for one in listeners]


def _person(listener: Mapping[str, Any], followers: Mapping[Owner, Owner]) -> Person:
    """A user without followers views their own list."""
    owner = Owner(listener["tenant"], listener["user"])
    return Person(
        owner=owner,
        time_zone=listener["time_zone"],
        accounts=listener["accounts"],
        follows=listener["follows"],
        follower=followers.get(owner, owner),
    )


def settle(persons: Sequence[Person], api: Api) -> None:
    """Sends all time zones and follow edges to the service. Raises CommandFailedError."""
    for person in persons:
        zone = json.dumps({"time_zone": person.time_zone})
        answer = api.call("account", "PATCH", "/v1/me", person.owner, body=zone)
        _expect(answer, f"time zone of {person.owner.key}")
    for person in persons:
        if person.follows:
            _expect(api.follow(person.owner, person.follows), f"follows of {person.owner.key}")


def _expect(answer: Mapping[str, Any], what: str) -> None:
    if answer["statusCode"] >= httpx2.codes.BAD_REQUEST:
        raise CommandFailedError(f"{what}: {answer['statusCode']}")
