"""What the host app's servers say about users: names, portraits and preferred services."""

from dataclasses import asdict
from typing import Annotated

import msgspec
from msgspec import Meta

from functions.account.wiring import accounts
from topk.domain.account.person import Person
from topk.domain.errors import TooLargeError
from topk.domain.limits import MOST_PEOPLE
from topk.runtime.api import GRAPH_WRITE, Answer, Request
from topk.usecases.accounts.tell_people import tell_people


class _Said(msgspec.Struct, forbid_unknown_fields=True):
    user_id: str
    name: str | None = None
    portrait: str | None = None
    service: str | None = None

    @property
    def person(self) -> Person:
        return Person(self.name or "", self.portrait or "", self.service or "")


class _People(msgspec.Struct, forbid_unknown_fields=True):
    people: Annotated[list[_Said], Meta(min_length=1)]


def store_people(request: Request) -> Answer:
    """Returns how many were stored, and those that were refused."""
    tenant = request.server(GRAPH_WRITE)
    people = request.json(_People).people
    if len(people) > MOST_PEOPLE:
        raise TooLargeError("people", f"must contain at most {MOST_PEOPLE}")
    said = [(one.user_id, one.person) for one in people]
    return Answer(body=asdict(tell_people(tenant, said, profiles=accounts().profiles)))
