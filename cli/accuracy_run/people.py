"""The listeners of the world as users of the service."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from cli.inprocess.service import Tables
from topk.domain.account.profile import Profile
from topk.domain.owner import Owner
from topk.usecases.accounts.follows import follow


@dataclass(frozen=True, slots=True)
class Person:
    """`accounts` maps a provider to the account there; `follower` is shown their list."""

    owner: Owner
    time_zone: str
    accounts: Mapping[str, str]
    follower: Owner


def settle(listeners: Sequence[Mapping[str, Any]], tables: Tables) -> list[Person]:
    """Writes the listeners' time zones and whom they follow to `tables`."""
    followers: dict[Owner, Owner] = {}
    for one in listeners:
        follower = Owner(one["tenant"], one["user"])
        tables.profiles.put(follower, Profile(time_zone=one["time_zone"]))
        for user in one["follows"]:
            followed = Owner(one["tenant"], user)
            follow(follower, followed, follows=tables.follows, profiles=tables.profiles)
            followers.setdefault(followed, follower)
    return [_person(one, followers) for one in listeners]


def _person(listener: Mapping[str, Any], followers: Mapping[Owner, Owner]) -> Person:
    """Whoever has no follower looks at their own list."""
    owner = Owner(listener["tenant"], listener["user"])
    return Person(
        owner=owner,
        time_zone=listener["time_zone"],
        accounts=listener["accounts"],
        follower=followers.get(owner, owner),
    )
