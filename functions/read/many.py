"""Lists of many users in one call, for a page that shows many profiles or a server that renders it.

A host app's server calls with a token of the viewer, which the host app issues.
"""

from typing import Annotated

import msgspec
from msgspec import Meta

from functions.read.parameters import DEFAULT_SONGS, known_service
from functions.read.presentation import list_answer
from functions.read.wiring import reading
from topk.domain.errors import TooLargeError
from topk.domain.limits import MOST_KEPT_SONGS, MOST_LISTS
from topk.domain.owner import Owner
from topk.runtime.api import Answer, Request
from topk.usecases.lists.read_many import read_many


class _Asked(msgspec.Struct, forbid_unknown_fields=True):
    users: Annotated[list[str], Meta(min_length=1)]
    k: Annotated[int, Meta(ge=1, le=MOST_KEPT_SONGS)] = DEFAULT_SONGS
    service: str = ""


def tops(request: Request) -> Answer:
    """The lists that the caller may see, in the order of `users`. Others are left out, as are users
    who do not exist.
    """
    viewer = request.user
    asked = request.json(_Asked)
    if len(asked.users) > MOST_LISTS:
        raise TooLargeError("users", f"must contain at most {MOST_LISTS}")
    service = known_service(asked.service)
    owners = [Owner.of(viewer.tenant, user) for user in dict.fromkeys(asked.users)]
    parts = reading()
    found = read_many(
        viewer,
        owners,
        visible_lists=parts.visible_lists,
        refreshing=parts.refreshing,
        now=request.now,
    )
    return Answer(body={"lists": [list_answer(shown, asked.k, service) for shown in found]})
