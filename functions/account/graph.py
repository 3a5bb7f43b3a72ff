"""Bulk changes of the follow graph by the host app's servers."""

from dataclasses import asdict
from typing import Annotated, Literal

import msgspec
from msgspec import Meta

from functions.account.wiring import accounts
from topk.domain.errors import TooLargeError
from topk.domain.limits import MOST_EDGE_CHANGES
from topk.runtime.api import GRAPH_WRITE, Answer, Request
from topk.usecases.accounts.change_edges import Told, change_edges


class _Change(msgspec.Struct, forbid_unknown_fields=True):
    follower: str
    followed: str
    op: Literal["follow", "unfollow"]


class _Changes(msgspec.Struct, forbid_unknown_fields=True):
    changes: Annotated[list[_Change], Meta(min_length=1)]


def tell_edges(request: Request) -> Answer:
    """Returns the numbers of created, removed and unchanged edges, and the rejected changes."""
    tenant = request.server(GRAPH_WRITE)
    changes = request.json(_Changes).changes
    if len(changes) > MOST_EDGE_CHANGES:
        most = MOST_EDGE_CHANGES
        raise TooLargeError("changes", f"must contain at most {most}")
    told = [Told(one.follower, one.followed, one.op == "follow") for one in changes]
    return Answer(body=asdict(change_edges(tenant, told, graph=accounts().graph)))
