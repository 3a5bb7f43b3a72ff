"""An owner's hidden songs and providers, with titles."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from topk.domain.owner import Owner
from topk.domain.play import Play, plays_of
from topk.domain.song.display import shown
from topk.domain.song.identity import song_id
from topk.domain.song.marks import SongMark
from topk.domain.toplist import shown_text
from topk.usecases.accounts.update_profile import read_profile
from topk.usecases.ports import HidingPlays, Profiles, TopLists


@dataclass(frozen=True, slots=True)
class HiddenNames:
    """`songs` by id with title and singers; None if no stored play contains them any more."""

    songs: Mapping[str, tuple[str, tuple[str, ...]] | None]
    providers: tuple[str, ...]


def read_hidden(
    owner: Owner, *, profiles: Profiles, top_lists: TopLists, plays: HidingPlays
) -> HiddenNames:
    """Titles are taken from the owner's list or any stored play.

    Raises NotVisibleError for an owner who is being erased.
    """
    hidden = read_profile(owner, profiles=profiles).hidden
    if not hidden:
        return HiddenNames({}, ())
    found, _ = top_lists.get(owner)
    told = {
        name: (song.title, song.singers)
        for song in (found.songs if found else ())
        for name in song.ids
    }
    if not hidden.songs <= told.keys():
        told = _titles(plays_of(plays.all(owner))) | told
    shown_ids = hidden.songs - _former(plays.hidden(owner), hidden.songs)
    return HiddenNames(
        {name: told.get(name) for name in sorted(shown_ids)}, tuple(sorted(hidden.providers))
    )


def _former(marks: Iterable[SongMark], known: frozenset[str]) -> frozenset[str]:
    """Ids of an earlier rule, where those of today's are known too."""
    found = frozenset[str]()
    for mark in marks:
        today = mark.current() - frozenset(mark.ids)
        if today and today <= known:
            found |= frozenset(mark.ids)
    return found


def _titles(plays: Iterable[Play]) -> dict[str, tuple[str, tuple[str, ...]]]:
    found = {}
    for play in sorted(plays):
        title, singers = shown(play.track)
        found[song_id(play.track)] = shown_text.title(title), shown_text.names(singers)
    return found
