"""Reads the data of an owner, and explains their list. For operators."""

from dataclasses import dataclass
from typing import Protocol

from cli.recovery.play_audit import AuditedPlay, audit
from topk.domain.account.connection import Connection
from topk.domain.account.profile import Profile
from topk.domain.chunk import Chunk
from topk.domain.owner import Owner
from topk.domain.toplist.top_list import TopList
from topk.domain.toplist.window import Window
from topk.usecases.lists.build_list import read_from
from topk.usecases.ports import Connections, KeptPlays, Plays, Profiles, TopLists


@dataclass(frozen=True, slots=True)
class Inspected:
    """`window` is the list's; the current one if there is no list."""

    profile: Profile | None
    connections: list[Connection]
    chunks: list[Chunk]
    found: TopList | None
    window: Window
    audited: list[AuditedPlay]

    def __bool__(self) -> bool:
        return bool(self.profile or self.connections or self.chunks or self.found)


class InspectedPlays(KeptPlays, Plays, Protocol):
    """The chunks as they are stored, and the history that lists are made of."""


def inspect_owner(
    owner: Owner,
    *,
    profiles: Profiles,
    connections: Connections,
    plays: InspectedPlays,
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
    fetched = list(plays.chunks(owner))
    connected = connections.of_owner(owner)
    since = read_from(window)
    return Inspected(
        profile,
        connected,
        fetched,
        found,
        window,
        audit(
            [play for chunk in fetched if chunk.fetched_at >= since for play in chunk.plays],
            window,
            history=plays.begin_history(owner, since)(),
            connected=[one.provider for one in connected],
        ),
    )
