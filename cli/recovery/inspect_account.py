"""Reads the data of an owner, and explains their list. For operators."""

from dataclasses import dataclass

from cli.recovery.play_audit import Reckoned, reckon
from topk.domain.account.connection import Connection
from topk.domain.account.profile import Profile
from topk.domain.chunk import Chunk
from topk.domain.owner import Owner
from topk.domain.toplist.ranking import AROUND_SECONDS
from topk.domain.toplist.top_list import TopList
from topk.domain.toplist.window import Window
from topk.usecases.ports import Chunks, Connections, Profiles, TopLists


@dataclass(frozen=True, slots=True)
class Inspected:
    """`window` is the list's; the current one if there is no list."""

    profile: Profile | None
    connections: list[Connection]
    chunks: list[Chunk]
    found: TopList | None
    window: Window
    reckoned: list[Reckoned]

    def __bool__(self) -> bool:
        return bool(self.profile or self.connections or self.chunks or self.found)


def inspect_owner(
    owner: Owner,
    *,
    profiles: Profiles,
    connections: Connections,
    chunks: Chunks,
    top_lists: TopLists,
    now: int,
) -> Inspected:
    """Reads only. Grants stay sealed."""
    profile = profiles.get(owner)
    found, _ = top_lists.get(owner)
    window = (
        Window.ending(found.as_of, found.time_zone)
        if found
        else Window.current(now, profile.time_zone if profile else "UTC")
    )
    fetched = list(chunks.chunks(owner))
    reports = [
        play
        for chunk in fetched
        if chunk.fetched_at >= window.start - AROUND_SECONDS
        for play in chunk.plays
    ]
    return Inspected(
        profile,
        connections.of_owner(owner),
        fetched,
        found,
        window,
        reckon(reports, window),
    )
