"""Rebuild an owner's list after new plays."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from topk.domain.account.profile import Profile
from topk.domain.errors import ConflictError, StoreError
from topk.domain.owner import Owner
from topk.domain.toplist.top_list import TopList
from topk.domain.toplist.window import Window
from topk.usecases.lists.build_list import build_list, read_from
from topk.usecases.lists.compact_plays import Arrival, compact_plays
from topk.usecases.lists.interleave import Task, run_single
from topk.usecases.ports import Connections, DeletablePlays, Profiles, TopLists

_TRIES = 3


@dataclass(frozen=True, slots=True)
class Standing:
    """An owner's stored list, its version, and their profile."""

    stored: TopList | None
    version: int
    profile: Profile | None


@dataclass(frozen=True, slots=True)
class ListPorts:
    plays: DeletablePlays
    connections: Connections
    profiles: Profiles
    top_lists: TopLists


def standings(owners: Sequence[Owner], ports: ListPorts) -> Mapping[Owner, Standing]:
    """Stored list and profile of each of `owners`, read in a few batch calls.

    Empty if a batch call fails; each owner is then read alone, so that one failure does not affect
    all.
    """
    try:
        lists, known = ports.top_lists.get_many(owners), ports.profiles.get_many(owners)
    except StoreError:
        return {}
    none: tuple[TopList | None, int] = (None, 0)
    return {owner: Standing(*lists.get(owner, none), known.get(owner)) for owner in owners}


def aggregation(
    owner: Owner,
    ports: ListPorts,
    *,
    now: int,
    oldest: int | None = None,
    standing: Standing | None = None,
    arrival: Arrival | None = None,
) -> Task[bool]:
    """Rebuild the owner's list as of `now`; returns whether it changed.

    `oldest` is the fetch time of the oldest new chunk: deletions are applied to chunks fetched
    since, and if it is before the window, earlier windows are recomputed. `standing` is the stored
    state if it was read for a batch. Plays are compacted after an `arrival`.

    The list is recomputed, so a repeat changes nothing. The version is read before the plays, so
    that a list built from fewer plays cannot replace one built from more. Nothing is built for an
    owner who is being erased or unknown. Raises ConflictError if other writers keep winning.

    Yields while waiting for tables, so that other owners' lists are built meanwhile.
    """
    for attempt in range(_TRIES):
        if standing is None or attempt:
            standing = Standing(*ports.top_lists.get(owner), ports.profiles.get(owner))
        stored, known = standing.stored, standing.profile
        profile = known or Profile()
        if profile.erasing:
            return _leave_nothing(owner, ports)
        if profile.plays_deleted_at and oldest is not None:
            ports.plays.purge(owner, since=oldest)
        window = _window(stored, profile, now)
        late = oldest is not None and oldest < read_from(window)
        history = ports.plays.begin_history(owner, read_from(window))
        connected = ports.connections.begin_of_owner(owner)
        yield
        found = build_list(
            owner,
            window,
            plays=ports.plays,
            history=(heard := history()),
            connected=(accounts := connected()),
            hidden=profile.hidden,
            stored=None if late else stored,
        )
        if arrival:
            compact_plays(
                owner,
                arrival,
                plays=ports.plays,
                history=heard,
                read_since=read_from(window),
                window=window,
            )
        if stored == found or not (known or stored or accounts or found.songs):
            return False
        written = ports.top_lists.begin_put(owner, found, replacing=standing.version)
        yield
        try:
            written()
        except ConflictError:
            continue
        return True
    raise ConflictError("top list")


aggregate = run_single(aggregation)


def _leave_nothing(owner: Owner, ports: ListPorts) -> bool:
    for erase in (ports.plays.erase, ports.top_lists.erase):
        for _ in erase(owner):
            continue
    return False


def _window(stored: TopList | None, profile: Profile, now: int) -> Window:
    """The current window, or that of the stored list if plays arrive after their day."""
    window = Window.current(now, profile.time_zone)
    if stored and stored.time_zone == window.time_zone and stored.as_of > window.as_of:
        return Window.ending(stored.as_of, window.time_zone)
    return window
