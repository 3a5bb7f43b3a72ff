"""Export of all data of a user."""

from collections.abc import Iterator
from dataclasses import dataclass

from topk.domain.account.connection import Connection
from topk.domain.account.following import FollowRequest
from topk.domain.account.handshake import Handshake
from topk.domain.account.person import Person
from topk.domain.account.personal_token import PersonalToken
from topk.domain.account.profile import Profile
from topk.domain.chunk import Chunk
from topk.domain.crawl.timetable import Entry, Grid
from topk.domain.errors import ConflictError, TooSoonError
from topk.domain.imports.history_import import HistoryImport
from topk.domain.owner import Owner
from topk.domain.play_log import Corrected
from topk.domain.privacy.deletion import Deletion
from topk.domain.song.marks import SongMark
from topk.domain.toplist.top_list import TopList
from topk.usecases.accounts.update_profile import read_profile
from topk.usecases.ports import (
    BegunHandshakes,
    Connections,
    KeptEdges,
    KeptFollows,
    KeptImports,
    KeptPlays,
    KeptRequests,
    KeptTokens,
    Profiles,
    ProviderUsers,
    StandingEntries,
    TopLists,
)

EVERY_SECONDS = 300
"""Minimum time between two exports of a user."""


@dataclass(frozen=True, slots=True)
class Connected:
    """A connection, the user's ids at a provider that pushes, and its scheduled crawls."""

    connection: Connection
    accounts: list[str]
    crawls: list[Entry]


@dataclass(frozen=True, slots=True)
class Held:
    """Long parts are iterators that read page by page."""

    owner: Owner
    profile: Profile
    person: Person
    connected: list[Connected]
    handshakes: list[Handshake]
    tokens: list[PersonalToken]
    imports: list[HistoryImport]
    top_list: TopList | None
    deletions: list[Deletion]
    corrections: list[Corrected]
    hidden: list[SongMark]
    following: Iterator[tuple[Owner, int | None]]
    """Each with when both agreed on it (epoch seconds); None if the host app set it."""
    followers: Iterator[Owner]
    requests_sent: list[FollowRequest]
    requests_received: Iterator[Owner]
    blocks: Iterator[Owner]
    chunks: Iterator[Chunk]


@dataclass(frozen=True, slots=True)
class ExportPorts:
    profiles: Profiles
    connections: Connections
    provider_users: ProviderUsers
    timetable: StandingEntries
    grid: Grid
    handshakes: BegunHandshakes
    tokens: KeptTokens
    imports: KeptImports
    top_lists: TopLists
    plays: KeptPlays
    follows: KeptFollows
    requests: KeptRequests
    blocks: KeptEdges


def export(owner: Owner, ports: ExportPorts, *, now: int) -> Held:
    """Read everything stored about the owner, without grants.

    Raises NotVisibleError for an owner who is being erased, and TooSoonError within EVERY_SECONDS
    of the last export.
    """
    profile = read_profile(owner, profiles=ports.profiles)
    _not_too_soon(owner, profile, ports.profiles, now)
    return Held(
        owner=owner,
        profile=profile,
        person=ports.profiles.person(owner),
        connected=[
            Connected(
                one,
                ports.provider_users.accounts(owner, one.provider),
                ports.timetable.standing(ports.grid.every_entry(owner.key, one.provider)),
            )
            for one in ports.connections.of_owner(owner)
        ],
        handshakes=ports.handshakes.of_owner(owner),
        tokens=ports.tokens.of_owner(owner),
        imports=ports.imports.of_owner(owner, now=now),
        top_list=ports.top_lists.get(owner)[0],
        deletions=ports.plays.deletions(owner),
        corrections=ports.plays.corrections(owner),
        hidden=ports.plays.hidden(owner),
        following=ports.follows.agreements(owner),
        followers=ports.follows.pointing_at(owner),
        requests_sent=ports.requests.sent(owner, now=now),
        requests_received=ports.requests.pointing_at(owner),
        blocks=ports.blocks.all_of(owner),
        chunks=iter(ports.plays.chunks(owner)),
    )


def _not_too_soon(owner: Owner, profile: Profile, profiles: Profiles, now: int) -> None:
    wait = profile.exported_at + EVERY_SECONDS - now
    if wait > 0:
        raise TooSoonError(wait)
    try:
        profiles.note_export(owner, now=now, not_since=now - EVERY_SECONDS)
    except ConflictError as error:
        raise TooSoonError(EVERY_SECONDS) from error
