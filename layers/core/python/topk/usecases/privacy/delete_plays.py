"""Delete an owner's plays of a song or of a provider."""

from topk.domain.errors import LimitReachedError, NotVisibleError
from topk.domain.limits import MOST_DELETED_SONGS
from topk.domain.owner import Owner
from topk.domain.play import plays_of
from topk.domain.play_log import standing
from topk.domain.privacy.deletion import Deletion, Deletions, of_song
from topk.domain.toplist.corrections import Corrections
from topk.usecases.accounts.update_profile import read_profile
from topk.usecases.lists.aggregate import ListPorts, aggregate


def delete_song(
    owner: Owner,
    song: str,
    ports: ListPorts,
    *,
    now: int,
) -> None:
    """Delete the plays of `song` up to `now` and rebuild the list. Idempotent.

    A repeat writes no second deletion. Raises NotVisibleError for a song that was never played and
    for an owner who is being erased, LimitReachedError where MOST_DELETED_SONGS are deleted.
    """
    read_profile(owner, profiles=ports.profiles)
    played = [*plays_of(ports.plays.all(owner))]
    earlier = ports.plays.deletions(owner)
    deletion: Deletion | None = None
    grouped = Corrections(standing(ports.plays.corrections(owner))).songs
    if any(song in ids for ids, _ in grouped({play.track for play in played})):
        if sum(not one.provider for one in earlier) >= MOST_DELETED_SONGS:
            raise LimitReachedError("song_id", MOST_DELETED_SONGS)
        deletion = of_song(song, played, now=now, grouped=grouped)
    elif not Deletions(earlier).name(song):
        raise NotVisibleError("song")
    _delete(
        owner,
        deletion,
        earlier,
        ports,
        now=now,
    )


def delete_provider(
    owner: Owner,
    provider: str,
    ports: ListPorts,
    *,
    now: int,
) -> None:
    """Delete all plays of `provider` up to `now`, as `delete_song` does."""
    _delete(
        owner,
        Deletion(now, provider),
        ports.plays.deletions(owner),
        ports,
        now=now,
    )


def _delete(
    owner: Owner,
    deletion: Deletion | None,
    earlier: list[Deletion],
    ports: ListPorts,
    *,
    now: int,
) -> None:
    """Plays that a crawl writes concurrently are removed here or by the following aggregation,
    which reads the deletion first. The list is rebuilt as if all plays were new: deleted plays are
    removed from every chunk and from earlier rankings. None repeats only this part.

    The new deletion replaces the `earlier` ones that it covers.
    """
    if deletion:
        ports.profiles.note_deletion(owner, now=now)
        ports.plays.mark(owner, deletion)
        ports.plays.unmark(owner, [one for one in earlier if _replaces(deletion, one)])
    aggregate(
        owner,
        ports,
        now=now,
        oldest=0,
    )


def _replaces(deletion: Deletion, earlier: Deletion) -> bool:
    return deletion != earlier and deletion.supersedes(earlier)
