"""Remove one pushed play."""

from collections.abc import Callable

from topk.domain.owner import Owner
from topk.domain.play import Play
from topk.usecases.lists.aggregate import ListPorts, aggregate
from topk.usecases.ports import RemovablePlays
from topk.usecases.scrobbling.submit_plays import SCROBBLER


def remove_play(
    owner: Owner,
    listened_at: int,
    is_meant: Callable[[Play], bool],
    ports: ListPorts,
    *,
    plays: RemovablePlays,
    now: int,
) -> None:
    """Remove the pushed plays at `listened_at` that `is_meant`, and rebuild the list. Idempotent.

    A player that pushes one of them again adds it again, as at ListenBrainz. The list of an owner
    who is being erased is not rebuilt.
    """

    def unwanted(play: Play) -> bool:
        return play.provider == SCROBBLER and play.listened_at == listened_at and is_meant(play)

    if plays.take_out(owner, unwanted, since=listened_at):
        aggregate(owner, ports, now=now, oldest=min(listened_at, now))
