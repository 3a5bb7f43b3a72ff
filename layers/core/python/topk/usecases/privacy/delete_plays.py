"""Owners delete plays: of a song, or all that a provider told."""

from topk.domain.owner import Owner
from topk.domain.play import plays_of
from topk.domain.privacy.deletion import Deletion, of_song
from topk.usecases.lists.aggregate import aggregate
from topk.usecases.ports import Connections, DeletablePlays, Profiles, TopLists


def delete_song(
    owner: Owner,
    song: str,
    *,
    plays: DeletablePlays,
    connections: Connections,
    profiles: Profiles,
    top_lists: TopLists,
    now: int,
) -> None:
    """Deletes the plays of `song` up to `now` and makes the list anew; repeatable.

    Raises NotVisibleError for an owner who is being erased.
    """
    _delete(
        owner,
        of_song(song, plays_of(plays.since(owner, 0)), now=now),
        plays=plays,
        connections=connections,
        profiles=profiles,
        top_lists=top_lists,
        now=now,
    )


def delete_provider(
    owner: Owner,
    provider: str,
    *,
    plays: DeletablePlays,
    connections: Connections,
    profiles: Profiles,
    top_lists: TopLists,
    now: int,
) -> None:
    """Deletes all plays up to `now` that `provider` told, as `delete_song` does."""
    _delete(
        owner,
        Deletion(now, provider),
        plays=plays,
        connections=connections,
        profiles=profiles,
        top_lists=top_lists,
        now=now,
    )


def _delete(
    owner: Owner,
    deletion: Deletion,
    *,
    plays: DeletablePlays,
    connections: Connections,
    profiles: Profiles,
    top_lists: TopLists,
    now: int,
) -> None:
    """What a crawl writes meanwhile is found here, or by the aggregation that it leads to, which
    reads the note first. The list is made as if all plays had arrived anew: what is deleted is
    taken out of every chunk, and out of what the list tells of the weeks before.
    """
    profiles.note_deletion(owner, now=now)
    plays.mark(owner, deletion)
    aggregate(
        owner,
        plays=plays,
        connections=connections,
        profiles=profiles,
        top_lists=top_lists,
        now=now,
        oldest=0,
    )
