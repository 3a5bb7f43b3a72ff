"""Correct a list: set songs apart, merge them, disown plays, and undo each."""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from topk.domain.errors import (
    ConflictError,
    InvalidRequestError,
    LimitReachedError,
    NotVisibleError,
)
from topk.domain.limits import (
    MOST_CORRECTIONS,
    MOST_HIDDEN_SONGS,
    MOST_SONG_IDS,
    MOST_SPELLINGS,
)
from topk.domain.owner import Owner
from topk.domain.play import Play, Track, plays_of
from topk.domain.play_log import Corrected, Undone, standing
from topk.domain.privacy.hidden import Hidden
from topk.domain.song.display import shown
from topk.domain.song.marks import SongMark, mark_of, marked, spelling_of
from topk.domain.toplist import shown_text
from topk.domain.toplist.corrections import Correction, Corrections, Kind
from topk.usecases.accounts.update_profile import read_profile
from topk.usecases.lists.aggregate import ListPorts, aggregate
from topk.usecases.ports import DeletablePlays


@dataclass(frozen=True, slots=True)
class SpellingOfSong:
    """How providers write a song, unchanged, so that two spellings look different.

    `reports` is the number of stored plays that say so.
    """

    spelling_id: str
    title: str
    singers: tuple[str, ...]
    providers: tuple[str, ...]
    reports: int


@dataclass(frozen=True, slots=True)
class CorrectedSong:
    """A song's title and artists, as they were spelt when it was corrected."""

    song_ids: tuple[str, ...]
    title: str
    singers: tuple[str, ...]


class _Library:
    """All stored plays of an owner, by song, under their corrections."""

    def __init__(self, owner: Owner, plays: DeletablePlays) -> None:
        self.rows: Sequence[Corrected] = plays.corrections(owner)
        self.corrections = standing(self.rows)
        rules = Corrections(self.corrections)
        reports: dict[Track, list[Play]] = defaultdict(list)
        for play in plays_of(rules.kept(plays.all(owner))):
            reports[play.track].append(play)
        self.reports: Mapping[Track, Sequence[Play]] = reports
        self.songs = rules.songs(reports)
        self._where = {name: song for song in self.songs for name in song[0]}

    def song(self, name: str) -> tuple[tuple[str, ...], list[Track]]:
        """Raises NotVisibleError for a song that was never played."""
        if (found := self._where.get(name)) is None:
            raise NotVisibleError("song")
        return found

    def others(self, tracks: Collection[Track]) -> list[Track]:
        known = set(tracks)
        return [track for track in self.reports if track not in known]


def spellings(owner: Owner, song: str, *, ports: ListPorts) -> list[SpellingOfSong]:
    """The spellings of `song`, the most frequent first, at most MOST_SPELLINGS.

    Raises NotVisibleError for a song that was never played and for an owner who is being erased.
    """
    read_profile(owner, profiles=ports.profiles)
    library = _Library(owner, ports.plays)
    _, tracks = library.song(song)
    found = [_spelling(name, of, library) for name, of in _by_spelling(tracks).items()]
    return sorted(found, key=lambda one: (-one.reports, one.spelling_id))[:MOST_SPELLINGS]


def split(
    owner: Owner, song: str, chosen: Collection[str], *, ports: ListPorts, now: int
) -> Correction:
    """The spellings `chosen` of `song` are a song of their own.

    Raises InvalidRequestError unless they are some of the song's spellings and not all, and as
    `merge` does.
    """

    def made(library: _Library) -> Correction:
        _, tracks = library.song(song)
        by_spelling = _by_spelling(tracks)
        if not chosen or not set(chosen) < by_spelling.keys():
            raise InvalidRequestError("spellings", "must be some of the song's, not all")
        apart = [track for name in chosen for track in by_spelling[name]]
        return Correction(now, Kind.SPLIT, (mark_of(apart, library.others(apart)),))

    return _correct(owner, made, ports=ports, now=now)


def merge(owner: Owner, one: str, other: str, *, ports: ListPorts, now: int) -> Correction:
    """The songs `one` and `other` are one.

    Raises InvalidRequestError if they already are, NotVisibleError for a song that was never
    played and for an owner who is being erased, and LimitReachedError at MOST_CORRECTIONS.
    """

    def made(library: _Library) -> Correction:
        songs = [library.song(name) for name in (one, other)]
        if songs[0] == songs[1]:
            raise InvalidRequestError("song_ids", "are one song already")
        return Correction(now, Kind.MERGE, tuple(marked(*song) for song in songs))

    return _correct(owner, made, ports=ports, now=now)


def disown(
    owner: Owner,
    *,
    since: int,
    until: int,
    provider: str = "",
    song: str = "",
    ports: ListPorts,
    now: int,
) -> Correction:
    """Plays that start from `since` to before `until` were not the owner's; of `provider` and of
    `song` alone, where they are named.

    Raises InvalidRequestError unless `since` is before `until` and `until` is not in the future,
    and as `merge` does.
    """
    if not 0 <= since < until:
        raise InvalidRequestError("until", "must be after since")
    if until > now:
        raise InvalidRequestError("until", "must not be in the future")

    def made(library: _Library) -> Correction:
        songs: tuple[SongMark, ...] = ()
        if song:
            _, tracks = library.song(song)
            songs = (mark_of(tracks, library.others(tracks)),)
        return Correction(now, Kind.NOT_ME, songs, since, until, provider)

    return _correct(owner, made, ports=ports, now=now)


def undo(owner: Owner, correction_id: str, *, ports: ListPorts, now: int) -> None:
    """Take a correction back. Idempotent. Raises NotVisibleError for an owner being erased."""
    read_profile(owner, profiles=ports.profiles)
    library = _Library(owner, ports.plays)
    gone = [one for one in library.corrections if one.correction_id == correction_id]
    if gone:
        left = [one for one in library.corrections if one not in gone]
        if gone[0].kind is Kind.SPLIT:
            _stay_hidden(owner, library, left, ports)
        rows = [one for one in library.rows if one.correction_id == correction_id]
        moment = max(now, *(one.made_at + 1 for one in rows))
        ports.plays.correct(owner, Undone(moment, correction_id), replacing=rows)
        _rebuild(owner, ports, now)


def read_corrections(owner: Owner, *, ports: ListPorts) -> list[Correction]:
    """In the order in which they were made. Raises NotVisibleError for an owner being erased."""
    read_profile(owner, profiles=ports.profiles)
    return standing(ports.plays.corrections(owner))


def corrected_songs(correction: Correction) -> list[CorrectedSong]:
    """The songs that `correction` is about."""
    found = []
    for mark in correction.songs:
        name = next(iter((*mark.names, *mark.spellings)), None)
        title, singers = shown(Track("", *name)) if name else ("", ())
        ids = mark.ids[:MOST_SONG_IDS]
        found.append(CorrectedSong(ids, shown_text.title(title), shown_text.names(singers)))
    return found


def _correct(
    owner: Owner, made: Callable[[_Library], Correction], *, ports: ListPorts, now: int
) -> Correction:
    """Write a correction and rebuild the list. A repeat moves it behind all others."""
    read_profile(owner, profiles=ports.profiles)
    library = _Library(owner, ports.plays)
    correction = made(library)
    rows = [one for one in library.rows if one.correction_id == correction.correction_id]
    if not rows and len({one.correction_id for one in library.rows}) >= MOST_CORRECTIONS:
        raise LimitReachedError("corrections", MOST_CORRECTIONS)
    last = max((one.made_at for one in library.rows), default=0)
    correction = replace(correction, made_at=max(now, last + 1))
    if correction.kind is Kind.SPLIT:
        _stay_hidden(owner, library, [*library.corrections, correction], ports)
    ports.plays.correct(owner, correction, replacing=rows)
    _rebuild(owner, ports, now)
    return correction


def _stay_hidden(
    owner: Owner, library: _Library, left: Iterable[Correction], ports: ListPorts
) -> None:
    """What belongs to a hidden song stays hidden under the ids that `left` gives it."""
    hidden = read_profile(owner, profiles=ports.profiles).hidden.songs
    if not hidden:
        return
    tracks = {track for ids, of in library.songs if not hidden.isdisjoint(ids) for track in of}
    new = frozenset(
        ids[0]
        for ids, of in Corrections(left).songs(library.reports)
        if hidden.isdisjoint(ids) and not tracks.isdisjoint(of)
    )
    if new:
        try:
            ports.profiles.hide(owner, Hidden(new))
        except ConflictError as error:
            raise LimitReachedError("hidden", MOST_HIDDEN_SONGS) from error


def _rebuild(owner: Owner, ports: ListPorts, now: int) -> None:
    """As if all plays were new, so that earlier rankings follow."""
    aggregate(owner, ports, now=now, oldest=0)


def _by_spelling(tracks: Iterable[Track]) -> dict[str, list[Track]]:
    found: dict[str, list[Track]] = defaultdict(list)
    for track in tracks:
        found[spelling_of(track).spelling_id].append(track)
    return found


def _spelling(name: str, tracks: Sequence[Track], library: _Library) -> SpellingOfSong:
    reports = [report for track in tracks for report in library.reports[track]]
    title, artists = spelling_of(tracks[0])
    return SpellingOfSong(
        name,
        shown_text.title(title),
        shown_text.names(artists),
        tuple(sorted({report.provider for report in reports})),
        len(reports),
    )
