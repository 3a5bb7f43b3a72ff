"""Delete an owner's plays of a song or of a provider."""

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
    """Delete the plays of `song` up to `now` and rebuild the list. Idempotent.

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
    """Delete all plays of `provider` up to `now`, as `delete_song` does."""
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
    """Plays that a crawl writes concurrently are removed here or by the following aggregation,
    which reads the deletion first. The list is rebuilt as if all plays were new: deleted plays are
    removed from every chunk and from earlier rankings.
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
