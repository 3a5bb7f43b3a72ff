"""What a host app says about its users; each is stored or refused by itself."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from topk.domain.account.person import SERVICES, Person
from topk.domain.errors import InvalidRequestError, NotVisibleError
from topk.domain.owner import Owner
from topk.domain.toplist import shown_text
from topk.usecases.ports import Profiles

_WITH_HOST = re.compile(r"https://[^/?#]")


class Refusal(StrEnum):
    """Why nothing was stored of a user."""

    BAD_USER = "bad_user"
    BAD_PORTRAIT = "bad_portrait"
    BAD_SERVICE = "bad_service"
    BEING_ERASED = "being_erased"


@dataclass(frozen=True, slots=True)
class Refused:
    """The refused person at `index` of the call."""

    index: int
    code: Refusal


@dataclass(frozen=True, slots=True)
class Stored:
    """How many were stored, and those that were not."""

    stored: int
    refused: tuple[Refused, ...]


def tell_people(tenant: str, people: Sequence[tuple[str, Person]], *, profiles: Profiles) -> Stored:
    """Store what is said of each user (id) of `tenant`, in place of what was said before.

    Idempotent; of a user who is named twice, the last one counts. A user need not be known. Raises
    StoreError if the whole call has to be repeated, of which a part may have been stored.
    """
    refused = [
        Refused(index, code)
        for index, (user, person) in enumerate(people)
        if (code := _told(tenant, user, person, profiles))
    ]
    return Stored(len(people) - len(refused), tuple(refused))


def _told(tenant: str, user: str, person: Person, profiles: Profiles) -> Refusal | None:
    try:
        owner = Owner.of(tenant, user)
    except InvalidRequestError:
        return Refusal.BAD_USER
    if person.portrait and not _is_portrait(person.portrait):
        return Refusal.BAD_PORTRAIT
    if person.service and person.service not in SERVICES:
        return Refusal.BAD_SERVICE
    name = shown_text.person_name(person.name)
    try:
        profiles.put_person(owner, Person(name, person.portrait, person.service))
    except NotVisibleError:
        return Refusal.BEING_ERASED
    return None


def _is_portrait(address: str) -> bool:
    """Browsers request it, our servers never."""
    return bool(_WITH_HOST.match(address)) and shown_text.address(address) == address
