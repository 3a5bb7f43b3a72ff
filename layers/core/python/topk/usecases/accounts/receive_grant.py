"""OAuth callback: store the grant until the user confirms it.

A `state` proves only that someone started the handshake. An attacker could start it and lure
another person to the consent page, whose account would then be read for the attacker's profile. The
browser is therefore redirected to the host app, whose user has to confirm with their own token.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from topk.domain.account.handshake import Handshake, hash_of
from topk.domain.account.pending_connection import CONFIRM_SECONDS, PendingConnection
from topk.domain.crawl.provider import Authorization, Provider
from topk.domain.errors import HandshakeError, ProviderError
from topk.domain.limits import LONGEST_PARAMETER
from topk.usecases.ports import Handshakes, PendingConnections, Vault

_ERRORS = frozenset({"access_denied", "temporarily_unavailable", "server_error"})


@dataclass(frozen=True, slots=True)
class Returned:
    """Where to redirect the browser, with a `confirmation` or an `error` code.

    `reason` is for the log: why the provider gave no grant.
    """

    provider: str
    return_to: str
    confirmation: str = field(default="", repr=False)
    error: str = ""
    reason: str = ""


async def receive_grant(
    name: str,
    answer: Mapping[str, str],
    *,
    tenant: str,
    provider: Callable[[str, str], Provider],
    handshakes: Handshakes,
    pending: PendingConnections,
    vault: Vault,
    new_secret: Callable[[], str],
    now: int,
) -> Returned:
    """Turn the callback parameters of provider `name` into a pending connection.

    `tenant` is the one whose API was called; empty if the deployment does not say. Raises
    HandshakeError if a parameter is too long, or if `state` does not belong to a handshake of this
    provider and tenant. A refusal by the user or the provider stores nothing and is returned in the
    result.
    """
    if any(len(value) > LONGEST_PARAMETER for value in answer.values()):
        raise HandshakeError("a parameter is too long")
    state = answer.get("state", "")
    _check(handshakes.peek(state, now=now), name, tenant)
    handshake = handshakes.take(state, now=now)
    if error := answer.get("error"):
        return _refused(handshake, error if error in _ERRORS else "provider_error")
    authorization = Authorization(state, handshake.code_verifier, handshake.redirect_uri)
    try:
        adapter = provider(handshake.owner.tenant, name)
        grant = await adapter.complete(authorization, answer, now=now)
    except ProviderError as failure:
        reason = f"{type(failure).__name__}: {failure}"
        return _refused(handshake, "exchange_failed", reason)
    confirmation = new_secret()
    pending.put(
        PendingConnection(
            confirmation_hash=hash_of(confirmation),
            owner=handshake.owner,
            provider=name,
            sealed_grant=vault.seal(handshake.owner, name, grant, now=now),
            expires_at=now + CONFIRM_SECONDS,
        )
    )
    return Returned(name, handshake.return_to, confirmation)


def _check(handshake: Handshake, name: str, tenant: str) -> None:
    """Before the handshake is taken: a wrong address does not end it."""
    if handshake.provider != name:
        raise HandshakeError("state was begun for another provider")
    if tenant and handshake.owner.tenant != tenant:
        raise HandshakeError("state was begun at another tenant")


def _refused(handshake: Handshake, error: str, reason: str = "") -> Returned:
    return Returned(handshake.provider, handshake.return_to, error=error, reason=reason)
