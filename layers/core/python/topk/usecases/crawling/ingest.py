"""Store plays that a provider pushes; each listen is accepted or rejected by itself.

Crawls are not affected: pushed plays are crawled too and count once.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import TypeVar

from topk.domain.account.connection import Status
from topk.domain.chunk import pushed
from topk.domain.errors import BadPayloadError
from topk.domain.owner import Owner
from topk.domain.play import Play
from topk.domain.play_rule import PlayReport, PlayRule, standard
from topk.usecases.ports import Connections, Plays, ProviderUsers

AHEAD_SECONDS = 300
"""Tolerance for a provider's clock, as for its signature."""

Listen = TypeVar("Listen")
Owners = Mapping[str, frozenset[Owner]]


class Refusal(StrEnum):
    """Why a listen was rejected."""

    UNREADABLE = "unreadable"
    UNKNOWN_USER = "unknown_user"
    """The user has no connected account that is being crawled; the code reveals no more."""
    FUTURE = "future"
    TOO_OLD = "too_old"
    SKIPPED = "skipped"
    """Played too briefly to count as a play."""


@dataclass(frozen=True, slots=True)
class Rejected:
    """The rejected listen at `index` of the call. `reason` names the field and the error."""

    index: int
    code: Refusal
    reason: str


@dataclass(frozen=True, slots=True)
class Received:
    """Number of accepted listens, including known ones, and the rejected ones."""

    accepted: int
    rejected: tuple[Rejected, ...]


@dataclass(frozen=True, slots=True)
class _Heard:
    index: int
    user: str
    report: PlayReport


@dataclass(frozen=True, slots=True)
class IngestPorts:
    """`retention_days` is how long plays are kept, `play_rule` what counts as a play of a
    tenant's users.
    """

    provider_users: ProviderUsers
    connections: Connections
    plays: Plays
    retention_days: int
    play_rule: Callable[[str], PlayRule] = standard


def ingest(
    listens: Sequence[Listen],
    ports: IngestPorts,
    *,
    provider: str,
    read_user: Callable[[Listen], str],
    read_play: Callable[[Listen], PlayReport],
    now: int,
) -> Received:
    """Store the plays of all acceptable `listens` at `now`. Idempotent.

    `read_user` and `read_play` raise BadPayloadError with a message for the caller. Raises
    StoreError if the whole call has to be repeated.
    """
    heard: list[_Heard] = []
    rejected: list[Rejected] = []
    for index, listen in enumerate(listens):
        try:
            heard.append(_Heard(index, read_user(listen), read_play(listen)))
        except BadPayloadError as error:
            rejected.append(Rejected(index, Refusal.UNREADABLE, str(error)))
    owners = _owners(provider, {one.user for one in heard}, ports)
    taken: dict[Owner, set[Play]] = defaultdict(set)
    for one in heard:
        if refused := _refused(one, owners, ports, now):
            rejected.append(refused)
        else:
            for owner in _counting(one, owners, ports):
                taken[owner].add(one.report.play)
    ports.plays.append([pushed(owner, provider, of_owner) for owner, of_owner in taken.items()])
    in_order = tuple(sorted(rejected, key=lambda one: one.index))
    return Received(len(listens) - len(in_order), in_order)


def _owners(provider: str, users: Iterable[str], ports: IngestPorts) -> Owners:
    """The owners behind each user with an active connection."""
    found = ports.provider_users.owners(provider, sorted(users))
    keys = {(owner, provider) for owners in found.values() for owner in owners}
    connected = ports.connections.get_many(sorted(keys))
    active = {one.owner for one in connected if one.status is Status.ACTIVE}
    return {user: owners & active for user, owners in found.items() if owners & active}


def _counting(heard: _Heard, owners: Owners, ports: IngestPorts) -> list[Owner]:
    """The owners for whose tenant it counts as a play."""
    return [
        owner for owner in owners[heard.user] if ports.play_rule(owner.tenant).accepts(heard.report)
    ]


def _refused(heard: _Heard, owners: Owners, ports: IngestPorts, now: int) -> Rejected | None:
    moment = heard.report.play.listened_at
    if heard.user not in owners:
        return Rejected(heard.index, Refusal.UNKNOWN_USER, "user_id: unknown user")
    if moment > now + AHEAD_SECONDS:
        return Rejected(heard.index, Refusal.FUTURE, "listened_at: in the future")
    if moment < now - ports.retention_days * 86_400:
        kept = f"listened_at: before the {ports.retention_days} days that are kept"
        return Rejected(heard.index, Refusal.TOO_OLD, kept)
    if not _counting(heard, owners, ports):
        return Rejected(heard.index, Refusal.SKIPPED, "played_ms: too short to count as a play")
    return None
