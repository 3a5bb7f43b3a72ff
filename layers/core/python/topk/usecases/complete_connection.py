"""The browser comes back from the provider: the account is connected and crawled at once."""

from collections.abc import Mapping
from dataclasses import dataclass

from topk.domain.connection import Connection, Grant, Status
from topk.domain.crawl_job import CrawlJob
from topk.domain.errors import HandshakeError, ProviderError
from topk.domain.handshake import Handshake
from topk.domain.provider import Authorization, Provider
from topk.domain.timetable import Cadence, Grid
from topk.usecases.ports import (
    Connections,
    CrawlQueues,
    Handshakes,
    Profiles,
    ProviderUsers,
    Timetable,
    Vault,
)
from topk.usecases.recognise import forget, recognise
from topk.usecases.standing_crawls import StandingCrawls

_ERRORS = frozenset({"access_denied", "temporarily_unavailable", "server_error"})


@dataclass(frozen=True, slots=True)
class Completed:
    """Where the browser goes, and the error code to tell there; empty when all went well.

    `reason` is for the log: what the provider did instead of giving a grant.
    """

    provider: str
    return_to: str
    error: str = ""
    reason: str = ""


async def complete_connection(
    provider: Provider,
    answer: Mapping[str, str],
    *,
    handshakes: Handshakes,
    connections: Connections,
    profiles: Profiles,
    provider_users: ProviderUsers,
    timetable: Timetable,
    queues: CrawlQueues,
    vault: Vault,
    grid: Grid,
    cadence: Cadence,
    correlation: str,
    now: int,
) -> Completed:
    """Turns the parameters of the callback into a connection.

    Raises HandshakeError where `state` is not one that was begun for this provider. A refusal by
    the user or the provider stores nothing and is told in the result. Everything is written before
    the first crawl is queued. A connection made anew goes on counting versions, so that a crawl of
    the old one that is still under way cannot move the checkpoint of the new.
    """
    state = answer.get("state", "")
    handshake = handshakes.take(state, now=now)
    if handshake.provider != provider.name:
        raise HandshakeError("state was begun for another provider")
    if error := answer.get("error"):
        return _refused(handshake, error if error in _ERRORS else "provider_error")
    authorization = Authorization(state, handshake.code_verifier, handshake.redirect_uri)
    try:
        grant = await provider.complete(authorization, answer, now=now)
    except ProviderError as failure:
        reason = f"{type(failure).__name__}: {failure}"
        return _refused(handshake, "exchange_failed", reason)
    owner = handshake.owner
    profiles.create(owner)
    for before in connections.get_many([(owner, provider.name)]):
        forget(before, provider_users=provider_users, vault=vault)
    recognise(owner, provider, grant, provider_users=provider_users)
    standing = StandingCrawls(connections, timetable, grid)
    standing.put(_connection(handshake, grant, vault, cadence, now))
    queues.send([CrawlJob(owner, provider.name, now, "connect", correlation)])
    return Completed(provider.name, handshake.return_to)


def _refused(handshake: Handshake, error: str, reason: str = "") -> Completed:
    return Completed(handshake.provider, handshake.return_to, error, reason)


def _connection(
    handshake: Handshake, grant: Grant, vault: Vault, cadence: Cadence, now: int
) -> Connection:
    return Connection(
        owner=handshake.owner,
        provider=handshake.provider,
        sealed_grant=vault.seal(handshake.owner, handshake.provider, grant, now=now),
        status=Status.ACTIVE,
        status_since=now,
        connected_at=now,
        expires_at=grant.expires_at,
        consent_ends_at=grant.consent_ends_at,
        cadence=cadence,
    )
