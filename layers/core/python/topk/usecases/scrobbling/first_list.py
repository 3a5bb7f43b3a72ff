"""Build a user's first list with a call of their first player.

Lists are otherwise built from the stream of plays, which gathers them for a minute. Users who have
just set up a player wait for their list.
"""

from collections.abc import Sequence
from contextlib import suppress

from topk.domain.account.personal_token import PersonalToken
from topk.domain.errors import TopkError
from topk.domain.play_rule import PlayReport
from topk.usecases.lists.aggregate import ListPorts, aggregate

NEW_SECONDS = 86_400
"""How long after a token was made its owner may have no list."""


def build_first_list(
    token: PersonalToken, reports: Sequence[PlayReport], ports: ListPorts, *, now: int
) -> None:
    """Build the list of the token's owner from stored `reports` if they have none.

    Calls with older tokens read nothing. A failure is left to the stream, which builds the list
    too.
    """
    if not reports or now - token.created_at >= NEW_SECONDS:
        return
    with suppress(TopkError):
        stored, _ = ports.top_lists.get(token.owner)
        if stored is None:
            oldest = min(one.play.listened_at for one in reports)
            aggregate(token.owner, ports, now=now, oldest=min(oldest, now))
